import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { changeStock, type StockChange } from "./change.ts"
import { invalidInput } from "./errors.ts"
import { moveGoods } from "./goods.ts"
import { type Inbound, InboundClosed, type InboundLine, InboundReceived, Inbounds, Incoming } from "./inbound-model.ts"
import { expectNow, factsOf, openInbound, openOf } from "./inbound.ts"
import { accountOf } from "./ledger.ts"
import { none } from "./levels.ts"
import { GoodsLines, type Need, stockId } from "./lines.ts"
import { Lots } from "./lots-model.ts"
import { track } from "./lots.ts"
import { Stock } from "./model.ts"
import { apart } from "./move.ts"
import { resolve } from "./resolve.ts"

/**
 * Takes in what has come of an inbound: all that is still open, or the lines named, onto the shelf or into another `state`. More may come
 * than was announced; of a transfer, what was never sent is found goods. When nothing is open any more the inbound is closed.
 *
 * Errors: `NotFound`, `AlreadyClosed`, `InvalidInput` as of `receive` and for a line that is not announced.
 */
export const receiveInbound = operation(
  "inventory.receiveInbound",
  {
    input: z.object({
      inbound: Id,
      lines: GoodsLines.exactOptional(),
      state: z.enum(["on-hand", "damaged", "quality-control"]).exactOptional()
    }),
    fact: true
  },
  function* (tx, { inbound: id, lines, state = "on-hand" }) {
    const name = "inventory.receiveInbound"
    const found = yield* openInbound(tx, id)
    foresee(tx, found)
    const open = found.lines.flatMap((line) =>
      openOf(line) === 0 ? [] : [{ sku: line.sku, location: line.location, quantity: openOf(line) }]
    )
    const { needs, stocks } = yield* resolve(tx, name, lines ?? open)
    const strange = needs.filter((need) => lineOf(found, need) === undefined)
    if (strange.length > 0)
      return yield* fail(
        invalidInput(
          name,
          strange.map(({ sku, location }) => ({ path: "lines", message: `${sku} at ${location} is not announced by "${id}"` }))
        )
      )
    const cause = { reason: "received", reference: found.reference ?? id }
    const expected = (need: Need) => Math.min(need.quantity, openOf(lineOf(found, need)!))
    const come = pick(needs, stocks, (need) => (expected(need) > 0 ? { ...need, quantity: expected(need) } : undefined))
    const over = pick(needs, stocks, (need) =>
      expected(need) < need.quantity ? { ...need, quantity: need.quantity - expected(need) } : undefined
    )
    if (over.needs.some(({ lots, serials }) => (lots ?? serials) !== undefined) && come.needs.length > 0 && found.kind === "transfer")
      return yield* fail(
        invalidInput(name, [
          { path: "lines", message: "more has come than was sent; receive what was sent first, and what was found with receive" }
        ])
      )
    if (found.kind === "transfer") {
      yield* moveGoods(tx, name, come, "in-transit", state, cause)
      if (over.needs.length > 0) yield* moveGoods(tx, name, over, "adjustment", state, { ...cause, reason: "found" })
    } else {
      const { fine, recalled } = apart(tx, { needs, stocks })
      yield* moveGoods(tx, name, fine, "supplier", state, cause)
      if (recalled.needs.length > 0) yield* moveGoods(tx, name, recalled, "supplier", "quality-control", { ...cause, reason: "recalled" })
    }
    changeStock(
      tx,
      come.needs.map(({ sku, location, quantity }) => ({ sku, location, incoming: -quantity })),
      cause
    )
    const got = new Map(needs.map((need) => [stockId(need), need.quantity]))
    const after = found.lines.map((line) => ({ ...line, received: line.received + (got.get(stockId(line)) ?? 0) }))
    expectNow(
      tx,
      id,
      after.filter((line) => got.has(stockId(line))).map((line) => ({ ...line, quantity: openOf(line) }))
    )
    tx.emit(InboundReceived, id, { ...factsOf(found), lines: needs.map(({ sku, location, quantity }) => ({ sku, location, quantity })) })
    const row = { ...found, lines: after }
    return after.some((line) => openOf(line) > 0) ? tx.put(Inbounds, id, row) : closed(tx, row)
  }
)

/**
 * Says that no more will come of an inbound. What is still in transit of a transfer is written off, or with `rest: "returned"` back on
 * the shelf that it was sent from. `InboundClosed` says what did not come as announced. Errors: `NotFound`, `AlreadyClosed`,
 * `InvalidInput` when serial numbers are in transit and are not named by `lines`.
 */
export const closeInbound = operation(
  "inventory.closeInbound",
  {
    input: z.object({
      inbound: Id,
      rest: z.enum(["lost", "returned"]).exactOptional(),
      reason: Id.exactOptional(),
      /** Names serial numbers, where they are tracked. */
      lines: GoodsLines.exactOptional()
    }),
    fact: true
  },
  function* (tx, { inbound: id, rest = "lost", reason = rest, lines = [] }) {
    const found = yield* openInbound(tx, id)
    foresee(tx, found)
    const open = found.lines.filter((line) => openOf(line) > 0)
    const needs = open.map(({ sku, location, ...line }): Need => {
      const serials = lines.filter((one) => one.sku === sku && one.location === location).flatMap((one) => one.serials ?? [])
      return { sku, location, quantity: openOf({ sku, location, ...line }), ...(serials.length === 0 ? {} : { serials }) }
    })
    if (found.kind === "purchase")
      changeStock(
        tx,
        needs.map(({ sku, location, quantity }) => ({ sku, location, incoming: -quantity })),
        { reason }
      )
    else {
      const stocks = tx.getMany(Stock, needs.map(stockId)).map((stock, i) => stock ?? none(needs[i]!))
      const to = rest === "lost" ? "write-off" : accountOf("on-hand", found.from!)
      const passages = needs.map((need, i) => ({ need, stock: stocks[i]!, from: accountOf("in-transit", need.location), to }))
      const parts = yield* track(tx, "inventory.closeInbound", passages)
      const changes = needs.flatMap(({ sku, location, quantity }, i): ReadonlyArray<StockChange> => {
        const lots = parts[i]
        const move = { from: passages[i]!.from, to, quantity, ...(lots === undefined ? {} : { lots }) }
        const less = { sku, location, inTransit: -quantity, incoming: -quantity }
        return rest === "lost" ? [{ ...less, move }] : [less, { sku, location: found.from!, onHand: quantity, move }]
      })
      changeStock(tx, changes, { reason, reference: found.reference ?? id })
    }
    expectNow(
      tx,
      id,
      open.map((line) => ({ ...line, quantity: 0 }))
    )
    return closed(tx, { ...found, lines: found.lines.map((line) => ({ ...line, missing: line.missing + openOf(line) })) })
  }
)

/** What an inbound is about is loaded together: its stocks where they come to and came from, their lots, and what they expect. */
const foresee = (tx: Tx, { lines, from }: Inbound): void => {
  const here = lines.map(stockId)
  const there = from === undefined ? [] : lines.map(({ sku }) => stockId({ sku, location: from }))
  tx.prefetch(Stock, [...here, ...there])
  tx.prefetch(Lots, [...here, ...there])
  tx.prefetch(Incoming, here)
}

const closed = (tx: Tx, inbound: Inbound): Inbound => {
  const discrepancies = inbound.lines.flatMap(({ sku, location, quantity, received }) =>
    received === quantity ? [] : [{ sku, location, quantity: received - quantity }]
  )
  tx.emit(InboundClosed, inbound.id, { ...factsOf(inbound), discrepancies })
  return tx.put(Inbounds, inbound.id, { ...inbound, status: "closed" })
}

const lineOf = ({ lines }: Inbound, need: Need): InboundLine | undefined =>
  lines.find(({ sku, location }) => sku === need.sku && location === need.location)

const pick = (needs: ReadonlyArray<Need>, stocks: ReadonlyArray<Stock>, of: (need: Need) => Need | undefined) => {
  const kept = needs.flatMap((need, i) => {
    const found = of(need)
    return found === undefined ? [] : [{ need: found, stock: stocks[i]! }]
  })
  return { needs: kept.map(({ need }) => need), stocks: kept.map(({ stock }) => stock) }
}
