import { setTimeout as pause } from "node:timers/promises"

import { JetStreamApiError } from "@nats-io/jetstream"
import { TransportUnavailable } from "@omni/core"

/** Between tries (ms): short at first, and never the same for those who failed together. */
export const pauseAfter = (failures: number): Promise<void> => pause(Math.min(500, 5 * 2 ** failures) * (0.5 + Math.random() / 2))

/** The server itself refuses for a reason that another try does not change; while it elects a leader it answers 503, or nothing. */
const isRefused = (error: unknown): boolean => error instanceof JetStreamApiError && error.status !== 503

/** Does what changes nothing when it is done twice, until there is an answer or `patience` (ms) is over. */
export const patiently = async <A>(patience: number, work: () => Promise<A>): Promise<A> => {
  const deadline = Date.now() + patience
  for (let failures = 0; ; failures++) {
    try {
      return await work()
    } catch (cause) {
      if (isRefused(cause)) throw cause
      if (Date.now() > deadline) throw new TransportUnavailable({ cause, message: `JetStream did not answer: ${String(cause)}` })
      await pauseAfter(failures)
    }
  }
}
