import { fail, type InvalidInput, refuse, type Tx, type Unit } from "@omni/core"

import { Articles, SETTINGS, Settings } from "./articles-model.ts"
import { invalidInput, type Problem } from "./errors.ts"
import { partsOf } from "./kits.ts"
import { none } from "./levels.ts"
import { type GoodsLine, type Need, stockId, totalPerStock } from "./lines.ts"
import { Locations } from "./locations-model.ts"
import { type Component, Stock, type StockKey } from "./model.ts"
import { rulesOf } from "./policy.ts"

/** The most of one stock that a call may be about. */
const MOST = 1_000_000_000

/** A line as it was asked for, once for each article and location; `parts` is what one of a kit is made of. */
export interface Asked extends Need {
  readonly parts?: Array<Component>
}

/** What lines are about: what was asked for, and what that needs of which stock, kits taken apart. */
export interface Resolved {
  readonly lines: ReadonlyArray<Asked>
  readonly needs: ReadonlyArray<Need>
  /** The stocks of the needs; one that was never there with what its article declares. */
  readonly stocks: ReadonlyArray<Stock>
}

/**
 * Finds out what lines are about. Where every stock is there and is no kit, nothing is read but the stocks. Errors: `InvalidInput` for
 * what only the stock can tell: a wrong unit, too much in all, an article or a location that is not declared where they have to be.
 */
export function* resolve(tx: Tx, operation: string, lines: ReadonlyArray<GoodsLine>): Generator<InvalidInput, Resolved, unknown> {
  const totals = totalsOf(lines)
  const stocks = tx.getMany(Stock, totals.map(stockId))
  const isSimple =
    stocks.every((stock) => stock !== undefined && stock.rules?.kit === undefined) && lines.every(isPlain) && totals.every(isCountable)
  if (isSimple) return { lines: totals, needs: totals, stocks: stocks as ReadonlyArray<Stock> }
  const unknown = totals.filter((_, i) => stocks[i] === undefined)
  tx.prefetch(
    Articles,
    totals.map(({ sku }) => sku)
  )
  const isKit = (i: number): boolean => stocks[i] === undefined || stocks[i].rules?.kit !== undefined
  if (unknown.length > 0) tx.prefetch(Settings, [SETTINGS])
  const kits = partsOf(
    tx,
    totals.filter((_, i) => isKit(i)).map(({ sku }) => sku)
  )
  const asked = totals.map((line): Asked => {
    const parts = kits.get(line.sku)
    return parts === undefined ? line : { ...line, parts: [...parts] }
  })
  const needs = namedIn(totalPerStock(asked.flatMap(needsOf)), lines)
  const known = tx.getMany(Stock, needs.map(stockId))
  const articles = tx.getMany(
    Articles,
    [...needs, ...asked].map(({ sku }) => sku)
  )
  const found = needs.map((need, i): Stock => {
    const rules = rulesOf(articles[i])
    return known[i] ?? (rules === undefined ? none(need) : { ...none(need), rules })
  })
  const units = new Map(asked.map(({ sku }, i) => [sku, articles[needs.length + i]?.unit]))
  const problems = [
    ...undeclared(tx, lines, unknown),
    ...lines.flatMap(({ sku, unit }, i) => (unit === undefined ? [] : wrongUnit(`lines.${i}.unit`, sku, unit, units.get(sku))))
  ]
  const uncountable = needs.filter((need) => !isCountable(need))
  if (uncountable.length > 0) return yield* fail(invalidInput(operation, uncountable.map(tooMany)))
  if (problems.length > 0) yield* refuse(tx, needs[0]!.sku, invalidInput(operation, problems))
  return { lines: asked, needs, stocks: found }
}

/** Whether a line asks for nothing that has to be looked up. */
const isPlain = ({ unit, parts }: GoodsLine): boolean => unit === undefined && parts === undefined

const isCountable = ({ quantity }: Need): boolean => Math.abs(quantity) <= MOST

const tooMany = ({ sku, quantity }: Need): Problem => ({
  path: "lines",
  message: `${quantity} of ${sku} in all: at most ${MOST} can be in one call`
})

const totalsOf = (lines: ReadonlyArray<GoodsLine>): ReadonlyArray<Need> => {
  const isSimple = lines.every(({ lots, serials, unit, parts }) => (lots ?? serials ?? unit ?? parts) === undefined)
  if (isSimple) return totalPerStock(lines)
  return namedIn(totalPerStock(lines.map(({ sku, location, quantity }) => ({ sku, location, quantity }))), lines)
}

/** The needs with the lots and serial numbers that lines name: their own, and those of their parts. */
export const namedIn = (needs: ReadonlyArray<Need>, lines: ReadonlyArray<GoodsLine>): ReadonlyArray<Need> => {
  const isPlain = lines.every(({ lots, serials, parts }) => (lots ?? serials ?? parts) === undefined)
  if (isPlain) return needs
  const parts = lines.flatMap(({ location, parts: own = [] }) => own.map((part) => ({ ...part, location })))
  const named = Map.groupBy<string, StockKey & Named>([...lines, ...parts], stockId)
  return needs.map((need) => withNamed(need, named.get(stockId(need)) ?? []))
}

type Named = Pick<GoodsLine, "lots" | "serials">

const withNamed = (total: Need, named: ReadonlyArray<Named>): Need => {
  const lots = named.flatMap((line) => line.lots ?? [])
  const serials = named.flatMap((line) => line.serials ?? [])
  return { ...total, ...(lots.length === 0 ? {} : { lots }), ...(serials.length === 0 ? {} : { serials }) }
}

/** What a line needs: itself, or the components of so many kits. */
const needsOf = ({ parts, ...line }: Asked): ReadonlyArray<Need> =>
  parts === undefined ? [line] : parts.map(({ sku, quantity }) => ({ sku, location: line.location, quantity: quantity * line.quantity }))

const wrongUnit = (path: string, sku: string, named: Unit, declared: Unit = { code: "piece", precision: 0 }): ReadonlyArray<Problem> => {
  if (named.code === declared.code && named.precision === declared.precision) return []
  const written = (unit: Unit) => `${unit.code} with ${unit.precision} decimals`
  return [{ path, message: `${sku} is counted in ${written(declared)}, not in ${written(named)}` }]
}

function undeclared(tx: Tx, lines: ReadonlyArray<GoodsLine>, unknown: ReadonlyArray<Need>): ReadonlyArray<Problem> {
  const { skus = "any", locations = "any" } = unknown.length === 0 ? {} : (tx.get(Settings, SETTINGS) ?? {})
  const path = (need: Need, field: "sku" | "location") => `lines.${lines.findIndex((line) => line[field] === need[field])}.${field}`
  const articles =
    skus === "any"
      ? []
      : tx.getMany(
          Articles,
          unknown.map(({ sku }) => sku)
        )
  const places =
    locations === "any"
      ? []
      : tx.getMany(
          Locations,
          unknown.map(({ location }) => location)
        )
  return [
    ...articles.flatMap((row, i) =>
      row === undefined ? [{ path: path(unknown[i]!, "sku"), message: `there is no article "${unknown[i]!.sku}"` }] : []
    ),
    ...places.flatMap((row, i) =>
      row === undefined ? [{ path: path(unknown[i]!, "location"), message: `there is no location "${unknown[i]!.location}"` }] : []
    )
  ]
}
