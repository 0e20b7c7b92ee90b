import type { Score } from "./objective.ts"
import type { Demand, Option, Problem } from "./problem.ts"

/** What a location gives of each row that it gives anything of, never more than is needed. */
export interface Column {
  readonly rows: Int32Array
  readonly gives: Float64Array
  /** The rows, as bits. */
  readonly bits: Int32Array
}

/**
 * What a choice of locations has to give for as much to be served as can be, as well as it can be by the rules that come before the
 * first to count parcels: `forced` locations are part of every such choice; the rows are what is left to choose.
 *
 * A relaxation where demands want the same stock: each is taken as if it were alone.
 */
export interface Cover {
  /** Where in a score the first rule is that counts parcels; that of the tie-break when none does. */
  readonly level: number
  /** Whether covering the rows at the least price is all that the rules up to `level` ask for, so that branching proves something. */
  readonly whole: boolean
  /** What opening a location costs by that rule. */
  readonly price: Float64Array
  readonly forced: Uint8Array
  /** How much of each demand, a row, the locations of choice have to cover together. */
  readonly needs: Float64Array
  /** By location; of forced ones, nothing. */
  readonly columns: ReadonlyArray<Column>
  /** By row: the locations that give any of it. */
  readonly givers: ReadonlyArray<Int32Array>
  /** What is taken, and from where there is a choice, of each demand. */
  readonly faces: ReadonlyArray<Face>
}

/** The cover that a problem asks for. */
export const coverOf = (problem: Problem): Cover => {
  const { parcel, locations, free, contended } = problem
  const counting = parcel[0]!.findIndex((_, k) => parcel.some((score) => score[k] !== 0))
  const level = counting === -1 ? problem.width - 1 : counting
  const price = Float64Array.from(parcel, (score) => (counting === -1 ? 1 : score[level]!))
  const forced = new Uint8Array(locations.length)
  // With few parcels it may be impossible to serve as well as the rules before would have it: then all is left to choose.
  const limited = Number.isFinite(problem.maxParcels)
  const rules = limited ? 0 : level
  const demands = [...free, ...contended.flat()]
  const whole =
    !limited &&
    counting !== -1 &&
    contended.length === 0 &&
    price.every((one) => one > 0) &&
    demands.every(({ options }) => options.every(({ cost }) => cost[level] === 0))
  const faces = [
    ...free.map((demand) => faceOf(demand, rules, forced)),
    ...contended.flat().map((demand) => ({ sure: [], need: servable(demand), marginal: demand.options }))
  ]
  return { level, whole, price, forced, faces, ...tableOf(faces, forced) }
}

/** What of a demand is taken in any case, how much more is needed, and from where it might be taken. */
export interface Face {
  readonly sure: ReadonlyArray<Option>
  readonly need: number
  readonly marginal: ReadonlyArray<Option>
}

const tableOf = (faces: ReadonlyArray<Face>, forced: Uint8Array): Pick<Cover, "needs" | "columns" | "givers"> => {
  const needs: Array<number> = []
  const givers: Array<Int32Array> = []
  const columns = Array.from(forced, () => new Map<number, number>())
  // First the rows with fewest places to come from: what looks for a row to go on with takes the first.
  const scarce = [...faces].sort((a, b) => a.marginal.length - b.marginal.length)
  for (const { need, marginal } of scarce) {
    let left = need
    for (const { location, capacity } of marginal) if (forced[location] === 1) left -= capacity
    if (left <= 0) continue
    for (const { location, capacity } of marginal) {
      const column = columns[location]!
      if (forced[location] === 0) column.set(needs.length, Math.min(left, capacity + (column.get(needs.length) ?? 0)))
    }
    needs.push(left)
    givers.push(
      Int32Array.from(new Set(marginal.map(({ location }) => location)))
        .filter((location) => forced[location] === 0)
        .sort()
    )
  }
  return {
    needs: Float64Array.from(needs),
    columns: columns.map((column) => ({
      rows: Int32Array.from(column.keys()),
      gives: Float64Array.from(column.values()),
      bits: bitsOf(needs.length, column.keys())
    })),
    givers
  }
}

/** Some of so many, as bits. */
export const bitsOf = (size: number, some: Iterable<number>): Int32Array => {
  const bits = new Int32Array((size + 31) >> 5)
  for (const one of some) bits[one >> 5]! |= 1 << (one & 31)
  return bits
}

const servable = ({ need, options }: Demand): number =>
  Math.min(
    need,
    options.reduce((sum, { capacity }) => sum + capacity, 0)
  )

/**
 * What is left of a demand to choose when all better options, by the rules before `level`, have been taken: those that are equal at the
 * margin. Marks where the better ones are.
 */
const faceOf = (demand: Demand, level: number, forced: Uint8Array): Face => {
  let need = servable(demand)
  const { options } = demand
  let from = 0
  while (from < options.length) {
    const key = options[from]!.cost
    let to = from
    let given = 0
    while (to < options.length && sameBefore(options[to]!.cost, key, level)) given += options[to++]!.capacity
    if (given >= need) return { sure: options.slice(0, from), need, marginal: options.slice(from, to) }
    for (const { location } of options.slice(from, to)) forced[location] = 1
    need -= given
    from = to
  }
  return { sure: options, need, marginal: [] }
}

const sameBefore = (a: Score, b: Score, level: number): boolean => {
  for (let k = 0; k < level; k++) if (a[k] !== b[k]) return false
  return true
}

/** What a choice lacks of each row; nothing or less where it is covered. */
export const lackingOf = ({ needs, columns }: Cover, open: Uint8Array): Float64Array => {
  const left = needs.slice()
  for (let l = 0; l < open.length; l++) if (open[l] === 1) give(columns[l]!, left, 1)
  return left
}

/** Takes what a location gives off what is lacking, or gives it back. */
export const give = ({ rows, gives }: Column, left: Float64Array, times: 1 | -1): void => {
  for (let j = 0; j < rows.length; j++) left[rows[j]!] = left[rows[j]!]! - times * gives[j]!
}

/** How much of what is lacking a location would cover, weighed by row. */
export const gainOf = ({ rows, gives }: Column, left: Float64Array, weights: ArrayLike<number>): number => {
  let gain = 0
  for (let j = 0; j < rows.length; j++) {
    const lacks = left[rows[j]!]!
    if (lacks > 0) gain += weights[rows[j]!]! * (lacks < gives[j]! ? lacks : gives[j]!)
  }
  return gain
}
