import type { Tx, View } from "@omni/core"

import { InsufficientStock, type Shortage } from "./errors.ts"
import { stockId } from "./lines.ts"
import { Movements, Placements, Stock, type StockKey, type StockLine, StockMoved, StockOversold } from "./model.ts"

/** What both an operation and a query can read with. */
export type Reader = Pick<View, "get" | "getMany">

/** The stock of one article at one location, with what is free of it. */
export interface StockLevel extends Stock {
  /** `onHand - reserved`; below zero when oversold. */
  readonly free: number
}

/** By how much one stock changes. */
export interface StockChange extends StockKey {
  readonly onHand?: number
  readonly reserved?: number
}

/** Why what is on hand changes. */
export interface Cause {
  readonly reason: string
  readonly reference?: string
}

/** A stock row with what is free of it. */
export const levelOf = (stock: Stock): StockLevel => ({ ...stock, free: stock.onHand - stock.reserved })

/** The stocks of these keys, in their order; nothing is on hand where nothing ever was. */
export const readLevels = (reader: Reader, keys: ReadonlyArray<StockKey>): ReadonlyArray<StockLevel> =>
  reader.getMany(Stock, keys.map(stockId)).map((stock, i) => levelOf(stock ?? none(keys[i]!)))

/** What these lines, one for each stock, ask for beyond what is free; empty when all can be had. */
const shortagesOf = (tx: Tx, lines: ReadonlyArray<StockLine>): ReadonlyArray<Shortage> =>
  readLevels(tx, lines).flatMap(({ sku, location, free }, i) => {
    const requested = lines[i]!.quantity
    return free < requested ? [{ sku, location, requested, free: Math.max(0, free) }] : []
  })

/** The refusal that these lines meet, if they ask for more than is free. */
export const insufficient = (tx: Tx, lines: ReadonlyArray<StockLine>): InsufficientStock | undefined => {
  const shortages = shortagesOf(tx, lines)
  return shortages.length === 0 ? undefined : InsufficientStock.of(shortages)
}

/**
 * The one place where stock changes, each key at most once in a call. Whatever changes what is on hand is written to the ledger, so
 * that the movements of a stock always sum to it; where more is promised than there is, `StockOversold` says so.
 */
export const changeStock = (tx: Tx, changes: ReadonlyArray<StockChange>, cause: Cause): ReadonlyArray<StockLevel> => {
  const before = tx.getMany(Stock, changes.map(stockId))
  place(
    tx,
    changes.filter((_, i) => before[i] === undefined)
  )
  return changes.map((change, i) => changeOne(tx, before[i] ?? none(change), change, cause))
}

const changeOne = (tx: Tx, before: Stock, { onHand = 0, reserved = 0 }: StockChange, cause: Cause): StockLevel => {
  const stock = { ...before, onHand: before.onHand + onHand, reserved: before.reserved + reserved }
  tx.put(Stock, stockId(stock), stock)
  if (onHand !== 0) {
    const movement = { sku: stock.sku, location: stock.location, quantity: onHand, onHand: stock.onHand, ...cause }
    tx.put(Movements, tx.newId("mov"), { ...movement, at: tx.now })
    tx.emit(StockMoved, stock.sku, { ...movement, reserved: stock.reserved })
  }
  const level = levelOf(stock)
  if (level.free < 0 && level.free < levelOf(before).free) tx.emit(StockOversold, stock.sku, stock)
  return level
}

/** Notes where articles are kept for the first time, so that they can be found by key. */
const place = (tx: Tx, fresh: ReadonlyArray<StockKey>): void => {
  if (fresh.length === 0) return
  const bySku = Map.groupBy(fresh, ({ sku }) => sku)
  const skus = [...bySku.keys()]
  tx.getMany(Placements, skus).forEach((row, i) => {
    const added = bySku.get(skus[i]!)!.map(({ location }) => location)
    tx.put(Placements, skus[i]!, { locations: [...(row?.locations ?? []), ...added] })
  })
}

const none = ({ sku, location }: StockKey): Stock => ({ sku, location, onHand: 0, reserved: 0 })
