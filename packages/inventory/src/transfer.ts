import { fail, Id, Instant, operation, refuse } from "@omni/core"
import * as z from "zod"

import type { StockChange } from "./change.ts"
import { invalidInput } from "./errors.ts"
import { Incoming } from "./inbound-model.ts"
import { announce } from "./inbound.ts"
import { accountOf } from "./ledger.ts"
import { GoodsLine, stockId } from "./lines.ts"
import { Lots } from "./lots-model.ts"
import { track } from "./lots.ts"
import { LocationId, Placements } from "./model.ts"
import { resolve } from "./resolve.ts"
import { insufficient, notThere } from "./shortage.ts"

/**
 * Sends goods from one location to another: they leave the shelf there and are in transit here until they are received or given up. Only
 * what is available is sent. Of a kit, its components are.
 *
 * Errors: `InsufficientStock`; `InvalidInput` as of `receive`, and when both locations are one.
 */
export const sendTransfer = operation(
  "inventory.sendTransfer",
  {
    input: z.object({
      from: LocationId,
      to: LocationId,
      lines: z
        .array(GoodsLine.omit({ location: true }))
        .min(1)
        .max(1000),
      expectedAt: Instant,
      reference: Id.exactOptional()
    }),
    fact: true
  },
  function* (tx, { from, to, lines, expectedAt, ...about }) {
    const name = "inventory.sendTransfer"
    if (from === to) return yield* fail(invalidInput(name, [{ path: "to", message: `the goods are at "${to}" already` }]))
    const { needs, stocks } = yield* resolve(
      tx,
      name,
      lines.map((line) => ({ ...line, location: from }))
    )
    const there = needs.map(({ sku, quantity }) => ({ sku, quantity, location: to }))
    // Everything else that the transfer is about is known by now: it comes with the stocks that are read next.
    tx.prefetch(Incoming, there.map(stockId))
    tx.prefetch(
      Placements,
      needs.map(({ sku }) => sku)
    )
    if (stocks.some(({ rules }) => rules?.tracking === "lot")) tx.prefetch(Lots, [...needs, ...there].map(stockId))
    yield* resolve(tx, name, there)
    const short = insufficient(tx, needs, stocks) ?? notThere(needs, stocks)
    if (short !== undefined) yield* refuse(tx, short.shortages[0]!.sku, short)
    const accounts = { from: accountOf("on-hand", from), to: accountOf("in-transit", to) }
    const parts = yield* track(
      tx,
      name,
      needs.map((need, i) => ({ need, stock: stocks[i]!, ...accounts }))
    )
    const changes = needs.flatMap(({ sku, quantity }, i): ReadonlyArray<StockChange> => {
      const lots = parts[i]
      const move = { ...accounts, quantity, ...(lots === undefined ? {} : { lots }) }
      return [
        { sku, location: from, onHand: -quantity, move },
        { sku, location: to, inTransit: quantity }
      ]
    })
    const row = {
      ...about,
      id: tx.newId("inb"),
      kind: "transfer" as const,
      from,
      status: "open" as const,
      lines: needs.map(({ sku, quantity }) => ({ sku, location: to, quantity, received: 0, missing: 0, expectedAt })),
      expectedAt,
      announcedAt: tx.now
    }
    return announce(tx, row, changes)
  }
)
