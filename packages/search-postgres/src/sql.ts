import { isOpen, type SearchRange, type SearchRequest } from "@omni/catalog/search"

import { storable } from "./database.ts"
import type { Numbers } from "./lookup.ts"

/** What a statement is given beside its text. */
export class Parameters {
  readonly values: Array<unknown> = []

  /** Its place. */
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** Rows of a table that have `facets, places, prices, measures, numbers`: of the offers of a product, or of all that it has. */
export interface Offered {
  /** What one costs: the least of what it has in the first row of places that it has any in. */
  readonly cost: string
  /** 0 where every condition is met; the place of the one that is not; -1 where more are not. */
  readonly which: string
}

export const offeredIn = (table: string, request: SearchRequest, numbers: Numbers, parameters: Parameters): Offered => {
  const { placeOf, valueOf, measureOf } = numbers
  const rows = request.prices
    .map((row) => row.flatMap((place) => placeOf(place) ?? []))
    .filter((row) => row.length > 0)
    .map((row) => `least(${row.map((place) => `${table}.prices[array_position(${table}.places, ${place})]`).join(", ")})`)
  const cost = rows.length === 0 ? "null::float8" : `coalesce(${rows.join(", ")})`
  const tests = [
    ...Object.entries(request.values).map(
      ([facet, wanted]) => `${table}.facets && ${parameters.add(wanted.flatMap((value) => valueOf(facet, value) ?? []))}::integer[]`
    ),
    ...Object.entries(request.ranges).map(([facet, range]) => measuredSql(table, measureOf(facet), range, parameters)),
    ...(isOpen(request.price) ? [] : [`coalesce(${withinSql(`(${cost})`, request.price, parameters)}, false)`])
  ]
  return { cost, which: whichFails(tests) }
}

/** Each test is looked at once. */
const whichFails = (tests: ReadonlyArray<string>): string =>
  tests.reduceRight((rest, test, at) => {
    const later = tests.slice(at + 1)
    return `case when ${test} then ${rest} else ${later.length === 0 ? at + 1 : `case when ${later.join(" and ")} then ${at + 1} else -1 end`} end`
  }, "0")

export const withinSql = (number: string, { from, to }: SearchRange, parameters: Parameters): string =>
  [
    ...(from === undefined && to === undefined ? [`${number} is not null`] : []),
    ...(from === undefined ? [] : [`${number} >= ${parameters.add(from)}::float8`]),
    ...(to === undefined ? [] : [`${number} <= ${parameters.add(to)}::float8`])
  ].join(" and ")

/** Whether one of the numbers of a facet is within a range. */
export const measuredSql = (table: string, measure: number | undefined, range: SearchRange, parameters: Parameters): string =>
  measure === undefined
    ? "false"
    : `exists (select from unnest(${table}.measures, ${table}.numbers) m (facet, number) where m.facet = ${measure} and ${withinSql("m.number", range, parameters)})`

/** The conditions of a question, by the facet that is counted without them; the price goes under `undefined`. */
export const conditionsOf = ({ values, ranges, price }: SearchRequest): ReadonlyArray<string | undefined> => [
  ...Object.keys(values),
  ...Object.keys(ranges),
  ...(isOpen(price) ? [] : [undefined])
]

/** The place of the condition that something is counted without; 0 where there is none. */
export const ownOf = (request: SearchRequest, facet: string | undefined): number => conditionsOf(request).indexOf(facet) + 1

/** Whether a column has one of some numbers. */
export const isOneOf = (column: string, numbers: ReadonlyArray<number>, parameters: Parameters): string =>
  numbers.length === 1 ? `${column} = ${parameters.add(numbers[0])}::integer` : `${column} = any (${parameters.add(numbers)}::integer[])`

/** Whether an entry is shown on the question's channel at its moment, to whoever asks. */
export const shownSql = ({ shown }: Numbers, request: SearchRequest, parameters: Parameters): string => {
  const browse = request.text === ""
  const isOn = ({ channel, browse: browsed }: { readonly channel: string; readonly browse: boolean }) =>
    channel === storable(request.channel) && (browsed || !browse)
  const ever = shown.filter(({ on }) => on.some((one) => isOn(one) && !one.dated)).map(({ number }) => number)
  const bySlot = new Map<number, Array<number>>()
  for (const { number, on } of shown) {
    for (const [slot, one] of on.entries()) if (isOn(one) && one.dated) bySlot.set(slot, [...(bySlot.get(slot) ?? []), number])
  }
  const now = bySlot.size === 0 ? "" : parameters.add(request.now)
  const all = [
    ...(ever.length === 0 ? [] : [isOneOf("e.shown", ever, parameters)]),
    ...[...bySlot].map(
      ([slot, kinds]) =>
        `${isOneOf("e.shown", kinds, parameters)} and e.dates[${slot * 2 + 1}] <= ${now}::float8 and ${now}::float8 < e.dates[${slot * 2 + 2}]`
    )
  ]
  return all.length === 0 ? "false" : `(${all.join(" or ")})`
}
