import { type ChannelKind, DeliveryFailed } from "@omni/core"

import { AddressRejected, type ChannelDriver, type Outgoing } from "./driver.ts"
import { payloadProblems } from "./payload.ts"
import { type SmsSegments, smsSegments } from "./sms.ts"

/** A message that a recorder took. */
export interface RecordedMessage extends Outgoing {
  readonly key: string
  readonly providerId: string
  /** What it costs, when it is an SMS. */
  readonly sms?: SmsSegments
}

/** A driver that delivers nowhere and keeps what it got. */
export interface Recorder extends ChannelDriver {
  /** What it took, in order; each key once. */
  readonly messages: ReadonlyArray<RecordedMessage>
  clear(): void
}

/**
 * A driver for tests and demos: it checks the payload as providers of the kind would and keeps it. It refuses what does not fit with
 * `DeliveryFailed` (`AddressRejected` for the address), and takes a key once.
 */
export const recorder = (kind: ChannelKind): Recorder => {
  const taken = new Map<string, RecordedMessage>()
  return {
    specVersion: 1,
    kind,
    capabilities: { idempotent: true },
    get messages() {
      return [...taken.values()]
    },
    clear: () => taken.clear(),
    send: async (message, { key, signal }) => {
      signal.throwIfAborted()
      const known = taken.get(key)
      if (known !== undefined) return { providerId: known.providerId }
      const [problem] = payloadProblems(message)
      if (problem?.field === "address") throw new AddressRejected(`The ${kind} address is refused: ${problem.problem}.`)
      if (problem !== undefined)
        throw new DeliveryFailed(`The ${problem.field} of the ${kind} message is refused: ${problem.problem}.`, { retry: false })
      const providerId = `${kind}-${taken.size + 1}`
      taken.set(key, { ...message, key, providerId, ...(kind === "sms" ? { sms: smsSegments(message.content.text) } : {}) })
      return { providerId }
    }
  }
}
