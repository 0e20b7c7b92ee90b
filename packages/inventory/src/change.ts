import type { Tx } from "@omni/core"

import { Articles } from "./articles-model.ts"
import { journalled } from "./journal.ts"
import { withLapse, withoutLapse } from "./lapses.ts"
import {
  type Account,
  accountOf,
  Movements,
  type Outside,
  StockBack,
  StockLow,
  StockMoved,
  StockOut,
  StockOversold,
  type StockState
} from "./ledger.ts"
import { availableOf, creditOf, none } from "./levels.ts"
import { stockId } from "./lines.ts"
import { Placements, Stock, type StockKey } from "./model.ts"
import { rulesOf } from "./policy.ts"
import type { StockRules } from "./rules.ts"

/** What goes from one account to another; a part of it may be of a lot. */
export interface Move {
  readonly from: Account
  readonly to: Account
  readonly quantity: number
  readonly lots?: ReadonlyArray<{ readonly lot: string; readonly quantity: number }>
}

/** By how much one stock changes. */
export interface StockChange extends StockKey {
  readonly onHand?: number
  readonly damaged?: number
  readonly qualityControl?: number
  readonly inTransit?: number
  readonly incoming?: number
  readonly allocated?: number
  readonly reserved?: number
  /** At which instants more, or less, of what is reserved lapses. */
  readonly lapses?: ReadonlyArray<readonly [at: number, quantity: number]>
  readonly move?: Move
  /** It has been counted: as of then it is what it is. */
  readonly countedAt?: number
  /** What is declared of it from now on; null when nothing is. */
  readonly rules?: StockRules | null
}

/** Why what is on hand changes; `at` when it is noted later than it happened. */
export interface Cause {
  readonly reason: string
  readonly reference?: string
  readonly at?: number
  /** Nothing is told of what is available again: an import's opening stock is no news to anybody. */
  readonly quiet?: boolean
}

type Quantities = Partial<Record<"onHand" | "damaged" | "qualityControl" | "inTransit", number>>

const FIELD = { "on-hand": "onHand", damaged: "damaged", "quality-control": "qualityControl", "in-transit": "inTransit" } as const

/** The change of a stock from which, or to which, goods go at one location. */
export const moving = (
  line: StockKey & { readonly quantity: number },
  from: StockState | Outside,
  to: StockState | Outside,
  lots?: Move["lots"]
): StockChange => {
  const { sku, location, quantity } = line
  const change: Quantities = {}
  if (isState(from)) change[FIELD[from]] = -quantity
  if (isState(to)) change[FIELD[to]] = (change[FIELD[to]] ?? 0) + quantity
  const account = (place: StockState | Outside): Account => (isState(place) ? accountOf(place, location) : place)
  return { sku, location, ...change, move: { from: account(from), to: account(to), quantity, ...(lots === undefined ? {} : { lots }) } }
}

const isState = (place: StockState | Outside): place is StockState => place in FIELD

/**
 * The one place where stock changes, each key at most once in a call. Whatever moves is written to the ledger, so that the movements
 * of a stock always sum to it; where more is promised than there is, `StockOversold` says so. Answers the rows as they are then.
 */
export const changeStock = (tx: Tx, changes: ReadonlyArray<StockChange>, cause: Cause): ReadonlyArray<Stock> => {
  const ids = changes.map(stockId)
  const before = tx.getMany(Stock, ids)
  const fresh = before.includes(undefined)
    ? place(
        tx,
        changes.filter((_, i) => before[i] === undefined)
      )
    : undefined
  return changes.map((change, i) => {
    const stock = before[i]
    if (stock !== undefined) return changeOne(tx, ids[i]!, stock, change, cause)
    const rules = fresh!.get(change.sku)
    return changeOne(tx, ids[i]!, rules === undefined ? none(change) : { ...none(change), rules }, change, cause)
  })
}

const changeOne = (tx: Tx, id: string, before: Stock, change: StockChange, cause: Cause): Stock => {
  const { move, onHand = 0 } = change
  let stock = changed(before, change)
  if (onHand !== 0) {
    const at = cause.at ?? tx.now
    stock = journalled(tx, stock, at, onHand)
    if (move !== undefined) record(tx, stock, move, { ...cause, at })
    if (before.countedAt !== undefined && at < before.countedAt) stock = asCounted(tx, stock, -onHand, cause)
  } else if (move !== undefined) record(tx, stock, move, { ...cause, at: cause.at ?? tx.now })
  tx.put(Stock, id, stock)
  tell(tx, before, stock, cause.quiet === true)
  return stock
}

/** What happened before the last count has been seen by that count: it changes what was there before, and not what is there now. */
const asCounted = (tx: Tx, stock: Stock, onHand: number, cause: Cause): Stock => {
  const { sku, location, countedAt } = stock
  const line = { sku, location, quantity: Math.abs(onHand) }
  const { move } = onHand > 0 ? moving(line, "adjustment", "on-hand") : moving(line, "on-hand", "adjustment")
  const counted = journalled(tx, { ...stock, onHand: stock.onHand + onHand }, countedAt!, onHand)
  record(tx, counted, move!, { ...cause, reason: "counted since", at: countedAt! })
  return counted
}

const STATES = ["damaged", "qualityControl", "inTransit", "incoming", "allocated"] as const

/** The row with a change, as one new row: this is what a hold costs. */
const changed = (before: Stock, change: StockChange): Stock => {
  const stock = { ...before }
  if (change.onHand !== undefined) stock.onHand += change.onHand
  if (change.reserved !== undefined) stock.reserved += change.reserved
  for (const state of STATES) {
    const by = change[state]
    if (by === undefined) continue
    const now = (stock[state] ?? 0) + by
    if (now === 0) delete stock[state]
    else stock[state] = now
  }
  if (change.lapses !== undefined) {
    let { lapses } = stock
    for (const [at, by] of change.lapses) lapses = by > 0 ? withLapse(lapses, at, by) : withoutLapse(lapses, at, -by)
    if (lapses === undefined) delete stock.lapses
    else stock.lapses = lapses
  }
  if (change.countedAt !== undefined) stock.countedAt = change.countedAt
  if (change.rules === null) delete stock.rules
  else if (change.rules !== undefined) stock.rules = change.rules
  return stock
}

const record = (
  tx: Tx,
  stock: Stock,
  { from, to, quantity, lots }: Move,
  { reason, reference, at }: Cause & { readonly at: number }
): void => {
  const about = {
    sku: stock.sku,
    location: stock.location,
    from,
    to,
    onHand: stock.onHand,
    reason,
    ...(reference === undefined ? {} : { reference })
  }
  const promises = { reserved: stock.reserved, ...(stock.allocated === undefined ? {} : { allocated: stock.allocated }) }
  for (const part of lots ?? [{ quantity }]) {
    const movement = { ...about, ...part }
    tx.put(Movements, tx.newId("mov"), { ...movement, at })
    tx.emit(StockMoved, stock.sku, { ...movement, ...promises })
  }
}

/** Says what has been crossed. What has lapsed counts as kept until it is released, so that its release is told too. */
const tell = (tx: Tx, before: Stock, stock: Stock, quiet: boolean): void => {
  const now = recorded(stock)
  const was = recorded(before)
  if (now === was) return
  const { sku, location, onHand, reserved, allocated, rules } = stock
  if (now < was && now < 0 && isOversold(stock, tx.now))
    tx.emit(StockOversold, sku, { sku, location, onHand, reserved, ...(allocated === undefined ? {} : { allocated }) })
  if (was > 0 && now <= 0) tx.emit(StockOut, sku, { sku, location, available: now })
  if (was <= 0 && now > 0 && !quiet) tx.emit(StockBack, sku, { sku, location, available: now })
  const reorderPoint = rules?.reorderPoint
  if (reorderPoint !== undefined && was > reorderPoint && now <= reorderPoint)
    tx.emit(StockLow, sku, { sku, location, available: now, reorderPoint })
}

/** More is promised than there is, and than may be. */
const isOversold = (stock: Stock, now: number): boolean =>
  availableOf(stock, now) + (stock.rules?.safetyStock ?? 0) < -creditOf(stock.rules, now)

/** What is available if nothing has lapsed. */
const recorded = ({ onHand, reserved, allocated = 0, rules }: Stock): number => onHand - reserved - allocated - (rules?.safetyStock ?? 0)

/** Notes where articles are kept for the first time, so that they can be found by key; answers what is declared of them. */
const place = (tx: Tx, keys: ReadonlyArray<StockKey>): ReadonlyMap<string, Stock["rules"]> => {
  const bySku = Map.groupBy(keys, ({ sku }) => sku)
  const skus = [...bySku.keys()]
  tx.prefetch(Articles, skus)
  tx.getMany(Placements, skus).forEach((row, i) => {
    const added = bySku.get(skus[i]!)!.map(({ location }) => location)
    tx.put(Placements, skus[i]!, { locations: [...(row?.locations ?? []), ...added] })
  })
  return new Map(tx.getMany(Articles, skus).map((article, i) => [skus[i]!, article === undefined ? undefined : rulesOf(article)]))
}
