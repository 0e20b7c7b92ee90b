import { days, type Duration, fail, Id, minutes, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import { HoldClosed, HoldNotFound, NotHeld } from "./errors.ts"
import { changeStock, insufficient } from "./levels.ts"
import { stockId, totalPerStock } from "./lines.ts"
import { type Hold, type HoldLine, Holds, StockCommitted, StockHeld, type StockLine, StockLines, StockReleased } from "./model.ts"

/** How long stock is held unless the caller says: a quarter of an hour. */
export const HOLD_TTL: Duration = minutes(15)

/** How long to hold: so many milliseconds from now, a hundred years at most, or `"none"`: until it is committed or released. */
export const HoldTtl = z.union([z.int().positive().max(days(36_500)), z.literal("none")])
export type HoldTtl = z.infer<typeof HoldTtl>

/** Ends a hold whose time is up. Run by the timer that `hold` sets. */
export const expireHold = operation("inventory.expireHold", z.object({ hold: Id }), function* (tx, input) {
  const found = tx.get(Holds, input.hold)
  if (found?.status !== "held" || found.expiresAt === undefined || found.expiresAt > tx.now) return
  release(tx, found, "expired", openLines(found))
})

/**
 * Promises stock: all lines or none, and never more than is free. The stock stays on hand and is reserved until the hold is
 * committed or released or its time is up. Lines of the same article and location count together.
 *
 * Errors: `InsufficientStock`, which names every line that is short. Inside the replay of a fact it is recorded, and held all the same.
 */
export const hold = operation(
  "inventory.hold",
  z.object({ lines: StockLines, ttl: HoldTtl.exactOptional(), reference: Id.exactOptional() }),
  function* (tx, input) {
    const { lines: asked, ttl, ...about } = input
    const lines = totalPerStock(asked)
    const short = insufficient(tx, lines)
    if (short !== undefined) yield* refuse(tx, short.shortages[0]!.sku, short)
    changeStock(tx, reserving(lines, 1), { reason: "held" })
    const id = tx.newId("hold")
    const held = lines.map((line) => ({ ...line, held: line.quantity, committed: 0 }))
    const row: Hold = { ...about, id, status: "held", lines: held, heldAt: tx.now, ...expiryOf(tx, ttl) }
    tx.put(Holds, id, row)
    if (row.expiresAt !== undefined) schedule(tx, id, row.expiresAt)
    tx.emit(StockHeld, id, { ...about, hold: id, lines, ...(row.expiresAt === undefined ? {} : { expiresAt: row.expiresAt }) })
    return row
  }
)

/** Gives an open hold another time to live, from now. Errors: `HoldNotFound`, `HoldClosed`. */
export const extendHold = operation("inventory.extendHold", z.object({ hold: Id, ttl: HoldTtl }), function* (tx, input) {
  const { expiresAt: before, ...found } = yield* openHold(tx, input.hold)
  const row: Hold = { ...found, ...expiryOf(tx, input.ttl) }
  if (row.expiresAt !== undefined) schedule(tx, row.id, row.expiresAt)
  else if (before !== undefined) tx.cancel(timerOf(row.id))
  return tx.put(Holds, row.id, row)
})

/**
 * Takes what is held off the shelf: all of it, or the lines named. What is left of the hold is then released, or kept with
 * `rest: "keep"`. A hold whose time is up cannot be committed, whether or not its timer has run.
 *
 * Errors: `HoldNotFound`, `HoldClosed`, `NotHeld`.
 */
export const commitHold = operation(
  "inventory.commitHold",
  z.object({
    hold: Id,
    lines: StockLines.exactOptional(),
    rest: z.enum(["release", "keep"]).exactOptional(),
    /** Of the movement: "sold" unless told. */
    reason: Id.exactOptional(),
    /** Of the movement: that of the hold unless told. */
    reference: Id.exactOptional()
  }),
  function* (tx, { hold: id, lines, rest = "release", reason = "sold", reference }) {
    const found = yield* openHold(tx, id)
    const taken = yield* heldOf(found, lines)
    const about = referenceOf(reference ?? found.reference)
    changeStock(
      tx,
      taken.map((line) => ({ ...line, onHand: -line.quantity, reserved: -line.quantity })),
      { reason, ...about }
    )
    const after = update(tx, found, taken, "committed")
    tx.emit(StockCommitted, id, { ...about, hold: id, lines: taken })
    return rest === "keep" || after.status !== "held" ? after : release(tx, after, "released", openLines(after))
  }
)

/**
 * Gives back what is held: all of it, or the lines named. Releasing all of a hold that was released or has expired changes nothing.
 * Errors: `HoldNotFound`, `HoldClosed` when it was committed, `NotHeld`.
 */
export const releaseHold = operation(
  "inventory.releaseHold",
  z.object({ hold: Id, lines: StockLines.exactOptional() }),
  function* (tx, { hold: id, lines }) {
    const found = tx.get(Holds, id)
    if (found === undefined) return yield* fail(HoldNotFound.of(id))
    if (found.status === "committed") return yield* fail(HoldClosed.of(id, found.status))
    if (found.status !== "held") return lines === undefined ? found : yield* fail(HoldClosed.of(id, found.status))
    return release(tx, found, "released", yield* heldOf(found, lines))
  }
)

/** The hold if something can still be done with it. Its time may be up before its timer has run. */
function* openHold(tx: Tx, id: string): Generator<HoldNotFound | HoldClosed, Hold, unknown> {
  const found = tx.get(Holds, id)
  if (found === undefined) return yield* fail(HoldNotFound.of(id))
  if (found.status !== "held") return yield* fail(HoldClosed.of(id, found.status))
  if (found.expiresAt !== undefined && found.expiresAt <= tx.now) return yield* fail(HoldClosed.of(id, "expired"))
  return found
}

/** The lines named, summed, if the hold keeps so much; all that it keeps when none are named. */
function* heldOf(found: Hold, lines: ReadonlyArray<StockLine> | undefined): Generator<NotHeld, ReadonlyArray<StockLine>, unknown> {
  if (lines === undefined) return openLines(found)
  const named = totalPerStock(lines)
  const kept = new Map(found.lines.map((line) => [stockId(line), line.held]))
  for (const { sku, location, quantity } of named) {
    const held = kept.get(stockId({ sku, location })) ?? 0
    if (held < quantity) return yield* fail(NotHeld.of({ hold: found.id, sku, location, requested: quantity, held }))
  }
  return named
}

const release = (tx: Tx, found: Hold, cause: "released" | "expired", lines: ReadonlyArray<StockLine>): Hold => {
  changeStock(tx, reserving(lines, -1), { reason: cause })
  tx.emit(StockReleased, found.id, { hold: found.id, lines: [...lines], cause, ...referenceOf(found.reference) })
  return update(tx, found, lines, cause)
}

/** Takes lines out of a hold; when nothing is left in it, it has ended. */
const update = (tx: Tx, found: Hold, lines: ReadonlyArray<StockLine>, as: "committed" | "released" | "expired"): Hold => {
  const gone = new Map(lines.map((line) => [stockId(line), line.quantity]))
  const rest = found.lines.map((line): HoldLine => {
    const quantity = gone.get(stockId(line)) ?? 0
    return { ...line, held: line.held - quantity, committed: line.committed + (as === "committed" ? quantity : 0) }
  })
  const open = rest.some((line) => line.held > 0)
  const sold = rest.some((line) => line.committed > 0)
  if (!open && found.expiresAt !== undefined) tx.cancel(timerOf(found.id))
  return tx.put(Holds, found.id, { ...found, lines: rest, status: open ? "held" : sold ? "committed" : as })
}

const openLines = (found: Hold): Array<StockLine> =>
  found.lines.filter((line) => line.held > 0).map(({ sku, location, held }) => ({ sku, location, quantity: held }))

const reserving = (lines: ReadonlyArray<StockLine>, sign: 1 | -1) => lines.map((line) => ({ ...line, reserved: sign * line.quantity }))

const expiryOf = (tx: Tx, ttl: HoldTtl = HOLD_TTL) => (ttl === "none" ? {} : { expiresAt: tx.now + ttl })

const schedule = (tx: Tx, id: string, at: number): string => tx.schedule(at, expireHold, { hold: id }, { key: timerOf(id), subject: id })

const timerOf = (id: string): string => `inventory.hold ${id}`

const referenceOf = (reference: string | undefined) => (reference === undefined ? {} : { reference })
