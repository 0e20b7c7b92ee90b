import { Id, operation, refuse } from "@omni/core"
import * as z from "zod"

import { InsufficientStock } from "./errors.ts"
import { changeStock, insufficient, readLevels } from "./levels.ts"
import { totalPerStock } from "./lines.ts"
import { StockLine, StockLines } from "./model.ts"

const Cause = { reason: Id.exactOptional(), reference: Id.exactOptional() }

/**
 * Puts goods on the shelf: a delivery, a return, the opening stock of an import (as of its time). It has happened, so it is never
 * refused. `reason` is "received" unless told. Answers the stock after it, one level for each article and location.
 */
export const receive = operation(
  "inventory.receive",
  { input: z.object({ lines: StockLines, ...Cause }), fact: true },
  function* (tx, { lines, ...cause }) {
    return changeStock(
      tx,
      totalPerStock(lines).map((line) => ({ ...line, onHand: line.quantity })),
      { reason: "received", ...cause }
    )
  }
)

/**
 * Corrects what is on hand by so many pieces, up or down, for a reason: "damaged", "found", "counted". What is promised may be among
 * what is lost: then `StockOversold` says so. Errors: `InsufficientStock` when less is there than is taken away.
 */
export const adjust = operation(
  "inventory.adjust",
  {
    input: z.object({
      lines: z
        .array(StockLine.extend({ quantity: z.int().min(-1_000_000_000).max(1_000_000_000) }))
        .min(1)
        .max(1000),
      reason: Id,
      reference: Id.exactOptional()
    }),
    fact: true
  },
  function* (tx, { lines, ...cause }) {
    const totals = totalPerStock(lines)
    const missing = readLevels(tx, totals).flatMap(({ sku, location, onHand }, i) =>
      onHand + totals[i]!.quantity < Math.min(0, onHand)
        ? [{ sku, location, requested: -totals[i]!.quantity, free: Math.max(0, onHand) }]
        : []
    )
    if (missing.length > 0) yield* refuse(tx, missing[0]!.sku, InsufficientStock.of(missing))
    return changeStock(
      tx,
      totals.map((line) => ({ ...line, onHand: line.quantity })),
      cause
    )
  }
)

/**
 * Goods that leave at once, without a hold: a sale at the till. It takes only what is free. A sale that has happened is never refused
 * on replay: the discrepancy is recorded, and what is on hand goes below zero until somebody settles it.
 *
 * Errors: `InsufficientStock`.
 */
export const sell = operation(
  "inventory.sell",
  { input: z.object({ lines: StockLines, ...Cause }), fact: true },
  function* (tx, { lines, ...cause }) {
    const totals = totalPerStock(lines)
    const short = insufficient(tx, totals)
    if (short !== undefined) yield* refuse(tx, short.shortages[0]!.sku, short)
    return changeStock(
      tx,
      totals.map((line) => ({ ...line, onHand: -line.quantity })),
      { reason: "sold", ...cause }
    )
  }
)
