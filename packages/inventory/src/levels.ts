import type { View } from "@omni/core"

import { lapsedBy } from "./lapses.ts"
import { stockId } from "./lines.ts"
import { Stock, type StockKey } from "./model.ts"
import type { Allowance, Seller, StockRules } from "./rules.ts"

/** What both an operation and a query can read with. */
export type Reader = Pick<View, "get" | "getMany" | "now">

/** The stock of one article at one location, state by state. */
export interface StockLevel extends StockKey {
  /** What can be sold, promised or not. */
  readonly onHand: number
  /** Kept by holds whose time is not up. */
  readonly reserved: number
  /** Kept for placed orders. */
  readonly allocated: number
  /** Never sold. */
  readonly safetyStock: number
  /** `onHand - reserved - allocated - safetyStock`; below zero when more is promised than there is. */
  readonly available: number
  readonly damaged: number
  readonly qualityControl: number
  /** On its way here from another location. */
  readonly inTransit: number
  /** Announced by purchases and transfers. */
  readonly incoming: number
}

/** A stock row as it is at an instant: what is reserved by then. */
export const levelOf = (stock: Stock, now: number): StockLevel => {
  const { sku, location, onHand, allocated = 0, damaged = 0, qualityControl = 0, inTransit = 0, incoming = 0 } = stock
  const reserved = stock.reserved - lapsedBy(stock.lapses, now)
  const safetyStock = stock.rules?.safetyStock ?? 0
  const available = onHand - reserved - allocated - safetyStock
  return { sku, location, onHand, reserved, allocated, safetyStock, available, damaged, qualityControl, inTransit, incoming }
}

/** What is available of a stock at an instant. */
export const availableOf = (stock: Stock, now: number): number =>
  stock.onHand - stock.reserved + lapsedBy(stock.lapses, now) - (stock.allocated ?? 0) - (stock.rules?.safetyStock ?? 0)

/** The stocks of these keys, in their order; nothing is on hand where nothing ever was. */
export const readLevels = (reader: Reader, keys: ReadonlyArray<StockKey>): ReadonlyArray<StockLevel> =>
  reader.getMany(Stock, keys.map(stockId)).map((stock, i) => levelOf(stock ?? none(keys[i]!), reader.now))

/** The stock of an article where it never was. */
export const none = ({ sku, location }: StockKey): Stock => ({ sku, location, onHand: 0, reserved: 0 })

/** How many more may be promised than there are. */
export const creditOf = (rules: StockRules | undefined, now: number): number => {
  if (rules === undefined) return 0
  const credit = rules.preorder !== undefined && now < rules.preorder.availableAt ? rules.preorder.limit : (rules.backorder ?? 0)
  return credit === "unlimited" ? Infinity : credit
}

/** What a seller may not see of a stock. */
export const allowanceOf = (rules: StockRules | undefined, seller: Seller): Allowance => ({
  ...seller,
  ...rules?.channels?.[seller.channel]
})

/** What of `available` a seller sees, before its cap; without a seller all of it. */
export const seenBy = (available: number, rules: StockRules | undefined, seller: Seller | undefined): number => {
  if (seller === undefined || available <= 0) return available
  const kept = rules?.keep === undefined || rules.keep.channels.includes(seller.channel) ? 0 : rules.keep.quantity
  return Math.max(0, available - (allowanceOf(rules, seller).buffer ?? 0) - kept)
}

/** How many can be promised of a stock now: what is seen, and what may be promised beyond. Never below zero. */
export const promisableOf = (stock: Stock, now: number, seller?: Seller): number => {
  const available = availableOf(stock, now)
  const { rules } = stock
  if (rules === undefined && seller === undefined) return Math.max(0, available)
  const credit = seller?.backorder === false ? 0 : creditOf(rules, now)
  const most = seller === undefined ? Infinity : (allowanceOf(rules, seller).atMost ?? Infinity)
  return Math.max(0, Math.min(most, seenBy(available, rules, seller) + credit))
}
