import { Id, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import { invalidInput, InsufficientStock } from "./errors.ts"
import { moveGoods } from "./goods.ts"
import { readLevels } from "./levels.ts"
import { GoodsLine, GoodsLines, type Need } from "./lines.ts"
import { Recalls } from "./lots-model.ts"
import type { Stock } from "./model.ts"
import { resolve, type Resolved } from "./resolve.ts"
import { foreseeChannel, insufficient, notThere, undeclaredChannel } from "./shortage.ts"

const Cause = { reason: Id.exactOptional(), reference: Id.exactOptional() }

/** A state in which goods lie at a location. */
const Shelf = z.enum(["on-hand", "damaged", "quality-control"])

/**
 * Puts goods on the shelf: a delivery, a return (`from: "customer"`), the opening stock of an import (as of its time); or, by `state`,
 * sets them apart at once. It has happened, so it is never refused for want of anything. Of a kit, its components come in. `reason` is
 * "received" unless told. Answers the stock after it, one level for each article and location.
 *
 * Errors: `InvalidInput` for an unknown article, a wrong unit, lots and serial numbers that do not add up.
 */
export const receive = operation(
  "inventory.receive",
  {
    input: z.object({ lines: GoodsLines, from: z.enum(["supplier", "customer"]).exactOptional(), state: Shelf.exactOptional(), ...Cause }),
    fact: true
  },
  function* (tx, { lines, from = "supplier", state = "on-hand", ...cause }) {
    const resolved = yield* resolve(tx, "inventory.receive", lines)
    const { fine, recalled } = apart(tx, resolved)
    const levels = yield* moveGoods(tx, "inventory.receive", fine, from, state, { reason: "received", ...cause })
    if (recalled.needs.length === 0) return levels
    yield* moveGoods(tx, "inventory.receive", recalled, from, "quality-control", { ...cause, reason: "recalled" })
    return readLevels(tx, resolved.needs)
  }
)

/** What comes in of lots that were called back is parted from the rest. */
export const apart = (tx: Tx, { needs, stocks }: Pick<Resolved, "needs" | "stocks">) => {
  const lots = needs.flatMap(({ sku, lots: named = [] }) => named.map(({ lot }) => recallId(sku, lot)))
  const recalls = lots.length === 0 ? [] : tx.getMany(Recalls, lots)
  if (recalls.every((row) => row === undefined)) return { fine: { needs, stocks }, recalled: { needs: [], stocks: [] } }
  const called = new Set(lots.filter((_, i) => recalls[i] !== undefined))
  const isRecalled = (sku: string, lot: string): boolean => called.has(recallId(sku, lot))
  const split = (wanted: boolean): { needs: Array<Need>; stocks: Array<Stock> } => {
    const kept = needs.flatMap((need, i) => {
      if (need.lots === undefined) return wanted ? [] : [{ need, stock: stocks[i]! }]
      const named = need.lots.filter(({ lot }) => isRecalled(need.sku, lot) === wanted)
      const quantity = named.reduce((sum, lot) => sum + lot.quantity, 0)
      return quantity === 0 ? [] : [{ need: { ...need, lots: named, quantity }, stock: stocks[i]! }]
    })
    return { needs: kept.map(({ need }) => need), stocks: kept.map(({ stock }) => stock) }
  }
  return { fine: split(false), recalled: split(true) }
}

/** The id of the recall of a lot. */
export const recallId = (sku: string, lot: string): string => JSON.stringify([sku, lot])

/**
 * Corrects what is on hand by so many, up or down, for a reason: "damaged", "found", "counted". What is promised may be among what is
 * lost: then `StockOversold` says so. Errors: `InsufficientStock` when less is there than is taken away, `InvalidInput` as of `receive`.
 */
export const adjust = operation(
  "inventory.adjust",
  {
    input: z.object({
      lines: z
        .array(GoodsLine.extend({ quantity: z.int().min(-1_000_000_000).max(1_000_000_000) }))
        .min(1)
        .max(1000),
      reason: Id,
      reference: Id.exactOptional()
    }),
    fact: true
  },
  function* (tx, { lines, ...cause }) {
    const { needs, stocks } = yield* resolve(tx, "inventory.adjust", lines)
    const missing = needs.flatMap(({ sku, location, quantity }, i) => {
      const { onHand } = stocks[i]!
      if (onHand + quantity >= Math.min(0, onHand)) return []
      const code = onHand > 0 ? ("insufficient" as const) : ("out-of-stock" as const)
      return [{ sku, location, requested: -quantity, available: Math.max(0, onHand), code }]
    })
    if (missing.length > 0) yield* refuse(tx, missing[0]!.sku, InsufficientStock.of(missing))
    const part = (sign: 1 | -1) => {
      const kept = needs.flatMap((need, i) =>
        sign * need.quantity > 0 ? [{ need: { ...need, quantity: sign * need.quantity }, stock: stocks[i]! }] : []
      )
      return { needs: kept.map(({ need }) => need), stocks: kept.map(({ stock }) => stock) }
    }
    yield* moveGoods(tx, "inventory.adjust", part(-1), "on-hand", "adjustment", cause)
    yield* moveGoods(tx, "inventory.adjust", part(1), "adjustment", "on-hand", cause)
    return readLevels(tx, needs)
  }
)

/**
 * Goods that leave at once, without a hold: a sale at the till. It takes only what is available, and on a `channel` what that may see. A
 * sale that has happened is never refused on replay: the discrepancy is recorded, and what is on hand goes below zero until somebody
 * settles it. Errors: `InsufficientStock`, `InvalidInput` as of `receive`.
 */
export const sell = operation(
  "inventory.sell",
  { input: z.object({ lines: GoodsLines, channel: Id.exactOptional(), ...Cause }), fact: true },
  function* (tx, { lines, channel, ...cause }) {
    foreseeChannel(tx, channel, lines)
    const { needs, stocks } = yield* resolve(tx, "inventory.sell", lines)
    const wrong = undeclaredChannel(tx, channel)
    if (wrong.length > 0) yield* refuse(tx, channel!, invalidInput("inventory.sell", wrong))
    const short = insufficient(tx, needs, stocks, channel) ?? notThere(needs, stocks)
    if (short !== undefined) yield* refuse(tx, short.shortages[0]!.sku, short)
    return yield* moveGoods(tx, "inventory.sell", { needs, stocks }, "on-hand", "customer", { reason: "sold", ...cause })
  }
)

const FIELD = { "on-hand": "onHand", damaged: "damaged", "quality-control": "qualityControl" } as const

/**
 * Moves goods at their location from one state to another: what broke, what was looked at and is fine, what is thrown away
 * (`to: "write-off"`) or goes back (`to: "supplier"`). What is promised may be among it: then `StockOversold` says so.
 *
 * Errors: `InsufficientStock` when less is in that state, `InvalidInput` as of `receive`.
 */
export const moveStock = operation(
  "inventory.moveStock",
  {
    input: z.object({
      lines: GoodsLines,
      from: Shelf,
      to: z.enum([...Shelf.options, "write-off", "supplier"]),
      reason: Id,
      reference: Id.exactOptional()
    }),
    fact: true
  },
  function* (tx, { lines, from, to, ...cause }) {
    const resolved = yield* resolve(tx, "inventory.moveStock", lines)
    if (from === to) return readLevels(tx, resolved.needs)
    const missing = resolved.needs.flatMap(({ sku, location, quantity }, i) => {
      const there = Math.max(0, resolved.stocks[i]![FIELD[from]] ?? 0)
      const code = there > 0 ? ("insufficient" as const) : ("out-of-stock" as const)
      return quantity <= there ? [] : [{ sku, location, requested: quantity, available: there, code }]
    })
    if (missing.length > 0) yield* refuse(tx, missing[0]!.sku, InsufficientStock.of(missing))
    return yield* moveGoods(tx, "inventory.moveStock", resolved, from, to, cause)
  }
)
