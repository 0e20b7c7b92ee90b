import type { Links } from "./links.ts"
import type { ItemRow, PopularRow, Rhythm } from "./model.ts"
import type { Settings } from "./settings.ts"
import type { Steps } from "./steps.ts"
import type { Table } from "./table.ts"

/** All that rows are cut from. */
export interface Learnt {
  readonly table: Table
  readonly links: Links
  /** By item: what an expectation of the past is multiplied by to be one of the next order. */
  readonly outlook: Float64Array
  /** By item: its sales that repeats are judged by. */
  readonly sales: Float64Array
  readonly settings: Settings
}

/** Four digits are kept: more would fill rows and say nothing. */
const short = (value: number): number => Number(value.toPrecision(4))

/** Buyers that are taken to come back as those of the average item do, before an item's own are believed. */
const AGAIN_PRIOR = 20

/** By item: the share of its buyers that bought it again, drawn towards that of all items. */
export const againOf = ({ buyers, returned }: Table): Float64Array => {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
  // One more who came back, of two more who bought: where nobody has yet, all is not hopeless.
  const usual = (sum(returned) + 1) / (sum(buyers) + 2)
  return buyers.map((count, item) => (returned[item]! + AGAIN_PRIOR * usual) / (count + AGAIN_PRIOR))
}

/**
 * Of some items, those of the largest values over 0, largest first; of the same, the one that comes first. They are put
 * in among those kept so far, for most are not, and sorting them all takes longer than the rest of learning.
 */
const largest = (values: Float64Array, items: Iterable<number>, limit: number): ReadonlyArray<number> => {
  const kept: Array<number> = []
  const isBefore = (left: number, right: number): boolean =>
    values[left]! > values[right]! || (values[left] === values[right] && left < right)
  for (const item of items) {
    const last = kept[limit - 1]
    if (!(values[item]! > 0) || limit <= 0 || (last !== undefined && !isBefore(item, last))) continue
    let [low, high] = [0, kept.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(kept[middle]!, item)) low = middle + 1
      else high = middle
    }
    kept.splice(low, 0, item)
    if (kept.length > limit) kept.pop()
  }
  return kept
}

/** By item: the orders that have it. */
function* ordersByItem({ items, orders }: Table): Steps<ReadonlyArray<ReadonlyArray<Int32Array>>> {
  const lists = items.map((): Array<Int32Array> => [])
  for (const order of orders) {
    for (const item of order) lists[item]!.push(order)
    yield
  }
  return lists
}

export function* itemRows(
  { links, outlook, sales, settings, table }: Learnt,
  rhythms: ReadonlyMap<string, Rhythm>
): Steps<ReadonlyArray<ItemRow>> {
  const again = againOf(table)
  const lists = yield* ordersByItem(table)
  const weights = new Float64Array(table.items.length)
  const counts = new Int32Array(table.items.length)
  const rowOf = (item: string, number: number): ItemRow => {
    const linked = links.write(number, weights)
    for (const other of linked) weights[other]! *= outlook[other]!
    for (const order of lists[number]!) for (const other of order) counts[other]!++
    const nearest = largest(weights, linked, settings.neighbours)
    const rhythm = rhythms.get(item)
    const row = {
      item,
      of: table.ordered[number]!,
      items: nearest.map((other) => table.items[other]!),
      weights: nearest.map((other) => short(weights[other]!)),
      together: nearest.map((other) => counts[other]!),
      recent: short(sales[number]!),
      again: short(again[number]!),
      ...(rhythm === undefined ? {} : { rhythm })
    }
    // Only what was written is cleared: the columns are as long as the catalogue.
    for (const other of linked) weights[other] = 0
    for (const order of lists[number]!) for (const other of order) counts[other] = 0
    return row
  }
  const rows: Array<ItemRow> = []
  for (const [number, item] of table.items.entries()) {
    rows.push(rowOf(item, number))
    yield
  }
  return rows
}

/** By segment: how many persons it has, and by item how much they want it. */
function* wantedBySegment({ items, persons }: Table): Steps<ReadonlyMap<string, { size: number; sums: Float64Array }>> {
  const segments = new Map([["", { size: 0, sums: new Float64Array(items.length) }]])
  for (const { items: numbers, segment, strengths } of persons) {
    for (const name of segment ? ["", segment] : [""]) {
      const found = segments.get(name) ?? { size: 0, sums: new Float64Array(items.length) }
      segments.set(name, found)
      found.size++
      numbers.forEach((item, at) => (found.sums[item]! += strengths[at]!))
    }
    yield
  }
  return segments
}

/**
 * What is left of each item's expected share for somebody whose history says nothing: as much as makes expectation and
 * share agree on average. It is fitted to the rows as they are, so that it makes up for neighbours that were cut off.
 */
function* basesOf(
  rows: ReadonlyArray<ItemRow>,
  means: Float64Array,
  expected: Float64Array,
  numbers: ReadonlyMap<string, number>
): Steps<Float64Array> {
  const bases = expected.slice()
  for (const [number, { items, weights }] of rows.entries()) {
    items.forEach((item, at) => (bases[numbers.get(item) ?? 0]! -= means[number]! * weights[at]!))
    yield
  }
  return bases
}

export function* popularRows({ outlook, sales, settings, table }: Learnt, rows: ReadonlyArray<ItemRow>): Steps<ReadonlyArray<PopularRow>> {
  const again = againOf(table)
  const numbers = new Map(table.items.map((item, number) => [item, number]))
  const popular: Array<PopularRow> = []
  for (const [segment, { size, sums }] of yield* wantedBySegment(table)) {
    const means = sums.map((sum) => sum / Math.max(1, size))
    const expected = means.map((mean, item) => mean * outlook[item]!)
    const bases = yield* basesOf(rows, means, expected, numbers)
    const most = largest(expected, expected.keys(), settings.popular)
    popular.push({
      segment,
      items: most.map((item) => table.items[item]!),
      weights: most.map((item) => short(expected[item]!)),
      bases: most.map((item) => short(bases[item]!)),
      recent: most.map((item) => short(sales[item]!)),
      again: most.map((item) => short(again[item]!))
    })
  }
  return popular
}
