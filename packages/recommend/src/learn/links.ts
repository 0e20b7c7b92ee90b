import { entry, negateInverse, type Symmetric, symmetric } from "./inverse.ts"
import { sorted, type Steps } from "./steps.ts"
import type { Person, Table } from "./table.ts"

/** How much interest in one item tells of another, by number of item. */
export interface Links {
  /** The most wanted items, whose links are worked out all at once. */
  readonly dense: ReadonlyArray<number>
  /** The mean interest of a person in each item. */
  readonly means: Float64Array
  /** Writes the links from an item into a row of zeros, and gives the items that it wrote to; the link to itself is 0. */
  readonly write: (item: number, row: Float64Array) => ReadonlyArray<number>
}

/** The items by how much they are wanted, most first. */
function* mostWanted(means: Float64Array, limit: number): Steps<ReadonlyArray<number>> {
  const all = yield* sorted([...means.keys()], (left, right) => means[right]! - means[left]! || left - right)
  return all.slice(0, limit)
}

function* meansOf({ items, persons }: Table): Steps<Float64Array> {
  const means = new Float64Array(items.length)
  for (const { items: numbers, strengths } of persons) {
    numbers.forEach((item, at) => (means[item]! += strengths[at]!))
    yield
  }
  return means.map((sum) => sum / Math.max(1, persons.length))
}

/** The Gram matrix of interests around their means. Law: with a ridge on its diagonal it is positive definite. */
function* gramOf({ persons }: Table, places: Int32Array, chosen: ReadonlyArray<number>, means: Float64Array): Steps<Symmetric> {
  const gram = symmetric(chosen.length)
  const { stride, values } = gram
  const addRow = ({ items, strengths }: Person, dense: ReadonlyArray<number>, left: number): void => {
    const row = places[items[left]!]!
    for (const right of dense) {
      const column = places[items[right]!]!
      if (column <= row) values[row * stride + column]! += strengths[left]! * strengths[right]!
    }
  }
  for (const person of persons) {
    const dense = Array.from(person.items.keys()).filter((at) => places[person.items[at]!]! >= 0)
    for (const left of dense) {
      addRow(person, dense, left)
      yield
    }
  }
  const centreRow = (item: number, row: number): void => {
    for (let column = 0; column <= row; column++) {
      values[row * stride + column]! -= persons.length * means[item]! * means[chosen[column]!]!
    }
  }
  for (const [row, item] of chosen.entries()) {
    centreRow(item, row)
    yield
  }
  return gram
}

type PersonsByItem = ReadonlyArray<ReadonlyArray<readonly [person: number, strength: number]>>

/** By item: the persons interested in it, and their strength. */
function* personsByItem({ items, persons }: Table): Steps<PersonsByItem> {
  const lists = items.map((): Array<readonly [number, number]> => [])
  for (const [person, { items: numbers, strengths }] of persons.entries()) {
    numbers.forEach((item, at) => lists[item]!.push([person, strengths[at]!]))
    yield
  }
  return lists
}

/**
 * The item-to-item regression of Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data" (EASE), around the
 * means: with P the inverse of the ridged Gram matrix, the link from j to i is -P_ji / P_ii. Around the means, because
 * then what little is known falls back on popularity instead of on nothing. Items beyond the `dense` most wanted have the first
 * order of the same, G_ji / (G_jj + ridge), which is close where little is known.
 */
export function* linksOf(table: Table, { dense, ridge }: { readonly dense: number; readonly ridge: number }): Steps<Links> {
  const linksWith = yield* linksBy(table, dense)
  return yield* linksWith(ridge)
}

/** The same by ridge, for more than one of them. */
export function* linksBy(table: Table, most: number): Steps<(ridge: number) => Steps<Links>> {
  const means = yield* meansOf(table)
  const dense = yield* mostWanted(means, most)
  const places = new Int32Array(table.items.length).fill(-1)
  dense.forEach((item, place) => (places[item] = place))
  const gram = yield* gramOf(table, places, dense, means)
  const lists = yield* personsByItem(table)
  return function* (ridge) {
    const inverse = { ...gram, values: gram.values.slice() }
    dense.forEach((_, place) => (inverse.values[place * inverse.stride + place]! += ridge))
    yield* negateInverse(inverse)
    return { dense, means, write: writing({ table, means, dense, places, lists, inverse, ridge }) }
  }
}

/** What links are written from. */
interface Regression {
  readonly table: Table
  readonly means: Float64Array
  readonly dense: ReadonlyArray<number>
  readonly places: Int32Array
  readonly lists: PersonsByItem
  readonly inverse: Symmetric
  readonly ridge: number
}

const writing = ({ dense: chosen, inverse, lists, means, places, ridge, table }: Regression): Links["write"] => {
  const own = chosen.map((_, place) => -entry(inverse, place, place))
  const writeDense = (place: number, row: Float64Array): ReadonlyArray<number> => {
    chosen.forEach((other, i) => (row[other] = i === place ? 0 : entry(inverse, place, i) / own[i]!))
    return chosen
  }
  const writeFirstOrder = (item: number, row: Float64Array): ReadonlyArray<number> => {
    const written: Array<number> = []
    let norm = ridge
    for (const [number, strength] of lists[item]!) {
      norm += strength * strength
      const { items, strengths } = table.persons[number]!
      items.forEach((other, at) => {
        if (row[other] === 0) written.push(other)
        row[other]! += strength * strengths[at]!
      })
    }
    for (const other of written) row[other] = (row[other]! - table.persons.length * means[item]! * means[other]!) / norm
    row[item] = 0
    return written
  }
  return (item, row) => (places[item]! >= 0 ? writeDense(places[item]!, row) : writeFirstOrder(item, row))
}
