import { fail, Id, Instant, type InvalidInput, operation, type Tx, Unit } from "@omni/core"
import * as z from "zod"

import { changeStock, moving, type StockChange } from "./change.ts"
import { invalidInput, type Problem, StaleCount } from "./errors.ts"
import { moveGoods } from "./goods.ts"
import { changesSince, movedAtOf } from "./journal.ts"
import { levelOf, type StockLevel } from "./levels.ts"
import { LotLine, stockId } from "./lines.ts"
import { type Lot, Lots } from "./lots-model.ts"
import { LocationId, Sku, Stock, type StockKey } from "./model.ts"
import { resolve } from "./resolve.ts"

const MOST = 1_000_000_000

/** So many were counted of a stock; nothing, too. */
export const CountLine = z.object({
  sku: Sku,
  location: LocationId,
  quantity: z.int().min(0).max(MOST),
  unit: Unit.exactOptional(),
  /** When it was counted, if not when the call says. */
  countedAt: Instant.exactOptional(),
  /** What the one who counted believed to be on hand: where it was not, the count is refused. */
  believed: z.int().exactOptional(),
  /** Of which lots, where the article is tracked by lot. */
  lots: z.array(LotLine).max(100).exactOptional()
})
export type CountLine = z.infer<typeof CountLine>

/** What became of a count: it was as expected; what is on hand was corrected by `variance`; or a later count had been there before. */
export type CountOutcome = "matched" | "corrected" | "superseded"

/** A line of a count, and what it has led to. */
export interface Counted extends StockKey {
  readonly counted: number
  readonly countedAt: number
  /** What was on hand when it was counted, as far as it is known today. */
  readonly expected: number
  /** `counted - expected`. */
  readonly variance: number
  readonly outcome: CountOutcome
  /** The stock after it. */
  readonly level: StockLevel
}

/**
 * Takes absolute counts, from a till, an ERP or a shelf, as of the moment when they were counted (`countedAt`, now unless told): what has
 * moved since is kept, so an old count never undoes a later sale; and what is recorded later, but happened before, does not change what
 * was counted. One that is older than the last count changes nothing. It has happened, so it is never refused for want of anything.
 *
 * Errors: `StaleCount` where what was `believed` was not so; `InvalidInput` for a count in the future, a stock that is named twice, a kit,
 * an unknown article, a wrong unit, lots that do not add up, and a tracked article that has moved since it was counted.
 */
export const count = operation(
  "inventory.count",
  {
    input: z.object({
      lines: z.array(CountLine).min(1).max(1000),
      countedAt: Instant.exactOptional(),
      reason: Id.exactOptional(),
      reference: Id.exactOptional()
    }),
    fact: true
  },
  function* (tx, { lines, countedAt = tx.now, reason = "counted", ...cause }) {
    const dated = lines.map((line) => ({ ...line, countedAt: line.countedAt ?? countedAt }))
    return yield* takeCounts(tx, "inventory.count", dated, { reason, ...cause })
  }
)

type Dated = CountLine & { readonly countedAt: number }

/** Counts as they are taken over, of whatever they were part of. */
export function* takeCounts(
  tx: Tx,
  name: string,
  lines: ReadonlyArray<Dated>,
  cause: { readonly reason: string; readonly reference?: string; readonly quiet?: boolean }
): Generator<InvalidInput | StaleCount, ReadonlyArray<Counted>, unknown> {
  const looked = yield* lookAt(tx, name, lines)
  const stale = looked.find(({ line, expected }) => line.believed !== undefined && line.believed !== expected)
  if (stale !== undefined) {
    const { sku, location, believed } = stale.line
    return yield* fail(StaleCount.of({ sku, location, believed: believed!, onHand: stale.expected }))
  }
  for (const { line, stock, outcome } of looked)
    if (stock.rules?.tracking === "lot" && outcome !== "superseded") yield* correctLots(tx, name, line, stock, cause)
  const plain = looked.filter(({ stock, outcome }) => stock.rules?.tracking === undefined && outcome !== "superseded")
  for (const at of new Set(plain.map(({ line }) => line.countedAt))) {
    const same = plain.filter(({ line }) => line.countedAt === at)
    changeStock(
      tx,
      same.map(({ line, variance }) => correction(line, variance)),
      { ...cause, at }
    )
  }
  const after = tx.getMany(Stock, lines.map(stockId))
  return looked.map(({ line, stock, expected, variance, outcome }, i) => {
    const { sku, location, quantity: counted, countedAt } = line
    return { sku, location, counted, countedAt, expected, variance, outcome, level: levelOf(after[i] ?? stock, tx.now) }
  })
}

/** What was on hand when it was counted, and what follows. */
export function* lookAt(tx: Tx, name: string, lines: ReadonlyArray<Dated>) {
  const { lines: asked, stocks } = yield* resolve(
    tx,
    name,
    lines.map(({ sku, location, quantity, unit }) => ({ sku, location, quantity, ...(unit === undefined ? {} : { unit }) }))
  )
  const problems = problemsOf(tx, lines, stocks)
  if (asked.length < lines.length) problems.push({ path: "lines", message: "a stock is named twice: count each once" })
  for (const { sku, parts } of asked)
    if (parts !== undefined) problems.push({ path: "lines", message: `${sku} is a kit: count its components` })
  if (problems.length > 0) return yield* fail(invalidInput(name, problems))
  const since = changesSince(
    tx,
    lines.map((line, i) => ({ stock: stocks[i]!, since: line.countedAt }))
  )
  return lines.map((line, i) => {
    const stock = stocks[i]!
    const expected = stock.onHand - since[i]!
    const variance = line.quantity - expected
    const isOld = stock.countedAt !== undefined && line.countedAt < stock.countedAt
    const outcome: CountOutcome = isOld ? "superseded" : variance === 0 ? "matched" : "corrected"
    return { line, stock, expected, variance, outcome }
  })
}

const problemsOf = (tx: Tx, lines: ReadonlyArray<Dated>, stocks: ReadonlyArray<Stock>): Array<Problem> =>
  lines.flatMap((line, i) => {
    const { sku, countedAt, lots, quantity } = line
    const problem = (field: string, message: string): Problem => ({ path: `lines.${i}.${field}`, message })
    if (countedAt > tx.now) return [problem("countedAt", `${sku} cannot have been counted in the future (now is ${tx.now})`)]
    const stock = stocks[i]
    const tracking = stock?.rules?.tracking
    if (tracking === "serial") return [problem("sku", `${sku} is tracked piece by piece: correct it with adjust, which names them`)]
    if (tracking === undefined) return lots === undefined ? [] : [problem("lots", `${sku} is not tracked by lot`)]
    const summed = (lots ?? []).reduce((sum, lot) => sum + lot.quantity, 0)
    if (summed !== quantity) return [problem("lots", `name ${summed} of ${sku}, and ${quantity} were counted`)]
    if (stock !== undefined && (movedAtOf(stock) ?? countedAt) > countedAt)
      return [problem("countedAt", `${sku} is tracked by lot and has moved since it was counted: count it again`)]
    return []
  })

const correction = ({ sku, location, countedAt }: Dated, variance: number): StockChange => {
  if (variance === 0) return { sku, location, countedAt }
  const line = { sku, location, quantity: Math.abs(variance) }
  return { ...(variance > 0 ? moving(line, "adjustment", "on-hand") : moving(line, "on-hand", "adjustment")), countedAt }
}

/** Each lot is corrected by itself: one may have too many where another has too few. */
function* correctLots(tx: Tx, name: string, line: Dated, stock: Stock, cause: { readonly reason: string; readonly reference?: string }) {
  const { sku, location, countedAt, lots = [] } = line
  const there = tx.get(Lots, stockId(line))?.lots.filter(({ state }) => state === "on-hand") ?? []
  const counted = new Map<string, LotLine>()
  for (const lot of lots) counted.set(lot.lot, { ...lot, quantity: lot.quantity + (counted.get(lot.lot)?.quantity ?? 0) })
  const more = [...counted.values()].flatMap((lot) =>
    over(
      lot,
      there.find((one) => one.lot === lot.lot)
    )
  )
  const less = there.flatMap((lot) => over({ lot: lot.lot, quantity: lot.quantity }, counted.get(lot.lot)))
  const need = (named: ReadonlyArray<LotLine>) => ({
    needs: named.length === 0 ? [] : [{ sku, location, quantity: named.reduce((sum, lot) => sum + lot.quantity, 0), lots: named }],
    stocks: [stock]
  })
  yield* moveGoods(tx, name, need(less), "on-hand", "adjustment", { ...cause, at: countedAt })
  yield* moveGoods(tx, name, need(more), "adjustment", "on-hand", { ...cause, at: countedAt })
  changeStock(tx, [{ sku, location, countedAt }], cause)
}

const over = (lot: LotLine, other: Pick<Lot, "quantity"> | undefined): ReadonlyArray<LotLine> => {
  const quantity = lot.quantity - (other?.quantity ?? 0)
  return quantity > 0 ? [{ ...lot, quantity }] : []
}
