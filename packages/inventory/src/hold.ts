import { days, type Duration, fail, Id, type InvalidInput, minutes, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import { changeStock } from "./change.ts"
import { invalidInput } from "./errors.ts"
import { expireHold, factsOf } from "./expire.ts"
import { keptOf, promising, timerOf } from "./held.ts"
import { type Need, totalPerStock } from "./lines.ts"
import { type Hold, type HoldLine, Holds, StockHeld, StockLines } from "./model.ts"
import { type Asked, resolve } from "./resolve.ts"
import { foreseeChannel, insufficient, undeclaredChannel } from "./shortage.ts"

/** How long stock is held unless the caller says: a quarter of an hour. */
export const HOLD_TTL: Duration = minutes(15)

/** How long to hold: so many milliseconds from now, a hundred years at most, or `"none"`: until it is committed or released. */
export const HoldTtl = z.union([z.int().positive().max(days(36_500)), z.literal("none")])
export type HoldTtl = z.infer<typeof HoldTtl>

/**
 * Promises stock: all lines or none, and never more than is available, or may be backordered. The stock stays on hand and is reserved
 * until the hold is committed or released or its time is up; `for: "order"` allocates it, with no time limit. Lines of the same article
 * and location count together; a kit reserves its components. `channel` takes no more than that channel may see. With an `id` of the
 * caller's own, a second call with the same lines answers the hold that the first one made.
 *
 * Errors: `InsufficientStock`, which names every line that is short; inside the replay of a fact it is recorded, and held all the same.
 * `InvalidInput` for an unknown article or a wrong unit, and for an `id` that keeps something else.
 */
export const hold = operation(
  "inventory.hold",
  z.object({
    lines: StockLines,
    ttl: HoldTtl.exactOptional(),
    reference: Id.exactOptional(),
    channel: Id.exactOptional(),
    for: z.literal("order").exactOptional(),
    id: Id.exactOptional()
  }),
  function* (tx, input) {
    const { lines: asked, ttl = input.for === "order" ? "none" : HOLD_TTL, id: own, ...about } = input
    if (input.for === "order" && ttl !== "none")
      return yield* fail(invalidInput("inventory.hold", [{ path: "ttl", message: "What is held for an order has no time limit" }]))
    foreseeChannel(tx, input.channel, asked)
    const known = own === undefined ? undefined : tx.get(Holds, own)
    if (known !== undefined) return yield* same(known, asked)
    const { lines, needs, stocks } = yield* resolve(tx, "inventory.hold", asked)
    const wrong = undeclaredChannel(tx, input.channel)
    if (wrong.length > 0) yield* refuse(tx, input.channel!, invalidInput("inventory.hold", wrong))
    const short = insufficient(tx, needs, stocks, input.channel)
    if (short !== undefined) yield* refuse(tx, short.shortages[0]!.sku, short)
    const expiry = ttl === "none" ? undefined : tx.now + ttl
    changeStock(tx, promising(needs, 1, input.for, expiry), { reason: "held" })
    const id = own ?? tx.newId("hold")
    const row: Hold = { ...about, id, status: "held", lines: lines.map(lineOf), heldAt: tx.now, ...expiryOf(expiry) }
    tx.put(Holds, id, row)
    if (expiry !== undefined) schedule(tx, id, expiry)
    const kept = lines === needs ? lines : lines.map((line) => keptOf(line, line.quantity))
    tx.emit(StockHeld, id, { ...factsOf(row, kept), ...expiryOf(expiry) })
    return row
  }
)

/** The hold that was made before, if it was made of the same lines. */
function* same(known: Hold, asked: ReadonlyArray<Need>): Generator<InvalidInput, Hold, unknown> {
  const text = (lines: ReadonlyArray<Need>) => JSON.stringify(lines.map(({ sku, location, quantity }) => [sku, location, quantity]))
  if (text(known.lines) === text(totalPerStock(asked))) return known
  return yield* fail(
    invalidInput("inventory.hold", [
      { path: "id", message: `"${known.id}" is a hold of other lines. Choose another id, or release that one` }
    ])
  )
}

const lineOf = ({ sku, location, quantity, parts }: Asked): HoldLine =>
  parts === undefined
    ? { sku, location, quantity, held: quantity, committed: 0 }
    : { sku, location, quantity, held: quantity, committed: 0, parts: [...parts] }

/** When a hold ends, as its row has it. */
export const expiryOf = (expiry: number | undefined) => (expiry === undefined ? {} : { expiresAt: expiry })

/** Sets the timer that ends a hold; one that was set before is replaced. */
export const schedule = (tx: Tx, id: string, at: number): string =>
  tx.schedule(at, expireHold, { hold: id }, { key: timerOf(id), subject: id })
