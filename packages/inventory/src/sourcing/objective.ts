import { greatCircleKilometres } from "@omni/core"

import type { SourcingLocation, SourcingOrder, SourcingRule, SourcingRules } from "./model.ts"

/**
 * What a plan comes to: pieces short, then each rule in its rank, then the tie-break by location id. All are integers, so that sums are
 * exact in any order, and the smaller of two in lexicographic order is the better plan.
 */
export type Score = Array<number>

/** Half the circumference of the earth in metres: where a location might be of which nobody knows. */
const ANTIPODE = 20_037_508

/** Whether `a` is better than `b`, equal, or worse: negative, zero, positive. */
export const compareScores = (a: Score, b: Score): number => {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return a[k]! - b[k]!
  return 0
}

/** Nothing, in so many figures. */
export const noScore = (width: number): Score => new Array<number>(width).fill(0)

/** Adds `times` of a score to a sum. */
export const addScore = (sum: Score, score: Score, times: number): void => {
  if (times === 0) return
  for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + times * score[k]!
}

/** How far each location is from where the order goes, in metres. */
const metresTo = (order: SourcingOrder, locations: ReadonlyArray<SourcingLocation>): ReadonlyArray<number> => {
  const to = order.destination
  return locations.map(({ id, kilometres, coordinates }) => {
    if (kilometres !== undefined) return Math.round(kilometres * 1000)
    if (to !== undefined && coordinates !== undefined) return Math.round(greatCircleKilometres(coordinates, to) * 1000)
    return id === order.pickup && to === undefined ? 0 : ANTIPODE
  })
}

/** What rules cost: opening a location, and a piece of an article from it. */
export interface Objective {
  /** The rules as ranked, with `keep-floor` before them when it has no rank of its own. */
  readonly rules: ReadonlyArray<SourcingRule>
  readonly width: number
  parcel(location: number): Score
  piece(location: number, fuller: number, underFloor: boolean): Score
}

/** The costs under these rules for locations in the order of their ids. */
export const objectiveOf = (order: SourcingOrder, rules: SourcingRules, locations: ReadonlyArray<SourcingLocation>): Objective => {
  const ranked: ReadonlyArray<SourcingRule> = rules.rank.includes("keep-floor") ? rules.rank : ["keep-floor", ...rules.rank]
  const metres = metresTo(order, locations)
  const preferred = new Map(rules.preferred?.map((id, i) => [id, i]))
  const dearest = (of: (location: SourcingLocation) => number | undefined) => Math.max(0, ...locations.map((l) => of(l) ?? 0))
  const parcelCost = dearest((l) => l.parcelCost)
  const pieceCost = dearest((l) => l.pieceCost)
  const width = ranked.length + 2
  const score = (of: (rule: SourcingRule) => number, last: number): Score => {
    const made = [0]
    for (const rule of ranked) made.push(of(rule))
    made.push(last)
    return made
  }
  return {
    rules: ranked,
    width,
    parcel: (l) => {
      const { parcelCost: cost = parcelCost } = locations[l]!
      return score((rule) => (rule === "fewest-parcels" ? 1 : rule === "cheapest" ? cost : 0), 0)
    },
    piece: (l, fuller, underFloor) => {
      const { id, pieceCost: cost = pieceCost } = locations[l]!
      const of: { readonly [R in SourcingRule]: number } = {
        "fewest-parcels": 0,
        nearest: metres[l]!,
        "pickup-first": order.pickup === undefined || id === order.pickup ? 0 : 1,
        cheapest: cost,
        "keep-floor": underFloor ? 1 : 0,
        preferred: preferred.get(id) ?? preferred.size,
        fullest: fuller
      }
      return score((rule) => of[rule], l)
    }
  }
}
