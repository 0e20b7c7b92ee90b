import {
  ChannelKind,
  type DeliveryEnd,
  DeliveryFailed,
  Erased,
  type Handler,
  handler,
  operation,
  reactor,
  topic,
  type Topic,
  type Tx
} from "@omni/core"
import * as z from "zod"

import { AddressRejected, type ChannelDriver, Outgoing } from "./driver.ts"
import { advance, end } from "./log.ts"
import { MessageFailed, Messages, MessageSent } from "./model.ts"
import { endingAll } from "./open.ts"
import { overall } from "./reason.ts"
import type { Settings } from "./settings.ts"
import { suppressAddress } from "./suppress.ts"

const topicOf = (kind: ChannelKind): Topic<Outgoing> => topic(`channels.${kind}`, Outgoing, { personal: (payload) => payload.customer })

/** A topic for each kind, because drivers differ in what may be done about an unknown outcome. */
const topics: ReadonlyMap<ChannelKind, Topic<Outgoing>> = new Map(ChannelKind.options.map((kind) => [kind, topicOf(kind)]))

/** Puts a message into the commit, for the driver of its kind. */
export const enqueue = (tx: Tx, outgoing: Outgoing): void => {
  const of = topics.get(outgoing.kind)
  if (of !== undefined) tx.send(of, outgoing)
}

const Answer = z.union([z.object({ providerId: z.string() }), z.object({ rejected: z.string() })])

const Ended: z.ZodType<DeliveryEnd<Outgoing>, DeliveryEnd<Outgoing>> = z.object({
  id: z.string(),
  payload: Outgoing,
  attempt: z.number(),
  answer: z.unknown().optional(),
  error: z.string().exactOptional()
})

/** Records that the provider has taken a message, or has refused its address for good. */
export const delivered = operation("channels.delivered", Ended, function* (tx, { answer, payload }) {
  const told = Answer.parse(answer)
  if ("rejected" in told) {
    fails(tx, payload, told.rejected, true)
    suppressAddress(tx, { ...payload, scope: "all", reason: "bounced" })
    return
  }
  const row = advance(tx, payload.message, "sent", { providerId: told.providerId })
  if (row === undefined) return
  tx.emit(MessageSent, row.customer, { ...end(payload.message, row), providerId: told.providerId })
})

/** Records that a message was given up. */
export const failed = operation("channels.failed", Ended, function* (tx, { error, payload }) {
  fails(tx, payload, error ?? "", false)
})

const fails = (tx: Tx, { message }: Outgoing, error: string, rejected: boolean): void => {
  const row = advance(tx, message, "failed", { error })
  if (row !== undefined) tx.emit(MessageFailed, row.customer, { ...end(message, row), rejected, error })
}

/** A handler for every kind that has a driver. */
export const handlersOf = ({ drivers, unknown }: Settings): ReadonlyArray<Handler> =>
  [...topics].flatMap(([kind, of]) => {
    const driver = drivers[kind]
    return driver === undefined ? [] : [handlerOf(of, driver, unknown)]
  })

const handlerOf = (of: Topic<Outgoing>, driver: ChannelDriver, unknown: Settings["unknown"]): Handler =>
  handler(
    of,
    async ({ id, payload, signal }): Promise<z.infer<typeof Answer>> => {
      try {
        const { providerId } = await driver.send(payload, { key: id, signal })
        return { providerId }
      } catch (error) {
        if (error instanceof AddressRejected) return { rejected: error.message }
        if (error instanceof DeliveryFailed) throw error
        throw new Error(`Nobody knows whether it went out: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    },
    {
      idempotent: driver.capabilities.idempotent,
      unknown,
      ...(driver.capabilities.timeout === undefined ? {} : { timeout: driver.capabilities.timeout }),
      delivered,
      failed
    }
  )

const { endAll, rest } = endingAll((tx, messages) => {
  const rows = tx.getMany(Messages, messages)
  messages.forEach((message, i) => {
    const row = rows[i]
    if (row === undefined) return
    const reasons = [overall("erased", {}, "The customer was erased before it went out.")]
    advance(tx, message, row.status === "queued" ? "failed" : "skipped", { reasons: [...row.reasons, ...reasons] })
  })
})

/** Ends what is still open of somebody who was erased: what it said is gone, and it will never go out. What are many go on in `endOpen`. */
export const forgetting = reactor("channels.forget", [Erased], function* (tx, { data: { subject } }) {
  endAll(tx, subject)
})
export const endOpen = rest
