import { fail, Id, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import { changeStock } from "./change.ts"
import { HoldClosed, HoldNotFound } from "./errors.ts"
import { expireHold, factsOf } from "./expire.ts"
import { keptOf, neededBy, openHold, openLines, promise, promising, timerOf } from "./held.ts"
import { expiryOf, HOLD_TTL, HoldTtl, schedule } from "./hold.ts"
import { stockId } from "./lines.ts"
import { type Hold, type HoldLine, Holds, Stock, StockAllocated, StockHeld } from "./model.ts"
import { insufficient } from "./shortage.ts"

/** Gives an open hold another time to live, from now; an allocation has none, and stays as it is. Errors: `HoldNotFound`, `HoldClosed`. */
export const extendHold = operation("inventory.extendHold", z.object({ hold: Id, ttl: HoldTtl }), function* (tx, input) {
  const found = yield* openHold(tx, input.hold)
  return relive(tx, found, input.ttl === "none" ? undefined : tx.now + input.ttl, found.for)
})

/**
 * Makes an open hold an allocation: it belongs to a placed order from now on, counts as allocated and has no time limit. One that is an
 * allocation already stays as it is. Errors: `HoldNotFound`, `HoldClosed`.
 */
export const allocateHold = operation(
  "inventory.allocateHold",
  z.object({ hold: Id, reference: Id.exactOptional() }),
  function* (tx, { hold: id, reference }) {
    const found = yield* openHold(tx, id)
    if (found.for === "order") return found
    const row = relive(tx, reference === undefined ? found : { ...found, reference }, undefined, "order")
    tx.emit(StockAllocated, id, factsOf(row, openLines(row)))
    return row
  }
)

/**
 * Holds once more, under its id, what a hold kept when its time was up, where all of it can still be promised. One that is still open is
 * extended. Errors: `HoldNotFound`, `HoldClosed` for what was committed or released, `InsufficientStock`.
 */
export const rehold = operation(
  "inventory.rehold",
  z.object({ hold: Id, ttl: HoldTtl.exactOptional() }),
  function* (tx, { hold: id, ttl = HOLD_TTL }) {
    const found = tx.get(Holds, id)
    if (found === undefined) return yield* fail(HoldNotFound.of(id))
    const expiry = ttl === "none" ? undefined : tx.now + ttl
    if (found.status === "held" && (found.expiresAt === undefined || found.expiresAt > tx.now)) return relive(tx, found, expiry, found.for)
    yield* expireHold(tx, { hold: id })
    const { expiresAt: _, ...ended } = tx.get(Holds, id)!
    const lapsed = ended.lines.flatMap((line) => (line.lapsed === undefined ? [] : [keptOf(line, line.lapsed)]))
    if (lapsed.length === 0) return yield* fail(HoldClosed.of(id, ended.status as "committed" | "released"))
    const needs = neededBy(lapsed)
    const stocks = tx.getMany(Stock, needs.map(stockId)).map((stock) => stock!)
    const short = insufficient(tx, needs, stocks, ended.channel)
    if (short !== undefined) yield* refuse(tx, short.shortages[0]!.sku, short)
    changeStock(tx, promising(needs, 1, ended.for, expiry), { reason: "held" })
    const lines = ended.lines.map(({ lapsed: kept = 0, ...line }): HoldLine => ({ ...line, held: kept }))
    const row: Hold = { ...ended, lines, status: "held", ...expiryOf(expiry) }
    if (expiry !== undefined) schedule(tx, id, expiry)
    tx.emit(StockHeld, id, { ...factsOf(row, lapsed), ...expiryOf(expiry) })
    return tx.put(Holds, id, row)
  }
)

/** The hold with another time to live, or another purpose; what it keeps stays the same. */
const relive = (tx: Tx, found: Hold, wanted: number | undefined, purpose: Hold["for"]): Hold => {
  const expiry = purpose === "order" ? undefined : wanted
  const { expiresAt: before, for: _, ...rest } = found
  const changes = neededBy(openLines(found)).map(({ sku, location, quantity }) => {
    const { reserved: less = 0, lapses: gone = [], ...was } = promise(-quantity, found.for, before)
    const { reserved: more = 0, lapses: come = [], ...is } = promise(quantity, purpose, expiry)
    const allocated = (was.allocated ?? 0) + (is.allocated ?? 0)
    return { sku, location, reserved: less + more, lapses: [...gone, ...come], ...(allocated === 0 ? {} : { allocated }) }
  })
  changeStock(tx, changes, { reason: "held" })
  if (expiry !== undefined) schedule(tx, found.id, expiry)
  else if (before !== undefined) tx.cancel(timerOf(found.id))
  return tx.put(Holds, found.id, { ...rest, ...expiryOf(expiry), ...(purpose === undefined ? {} : { for: purpose }) })
}
