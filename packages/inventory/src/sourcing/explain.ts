import type { SourcingRule } from "./model.ts"
import { compareScores, type Score } from "./objective.ts"
import type { ServedCode, SourcingReason, SplitCode } from "./plan.ts"
import type { Solution, Take } from "./solution.ts"

/** Another place for what a line gets, and what would be worse, or better, there. */
interface Alternative {
  readonly location: number
  readonly quantity: number
  readonly change: Score
}

/** Why a location serves a line, told by the best other place for it: the first rule by which that one is worse has decided. */
export const whyServed = (solution: Solution, take: Take): SourcingReason<ServedCode> => {
  const { problem } = solution
  const { sku } = take.line
  const here = nameOf(solution, take.location)
  const facts = { quantity: take.quantity }
  const begin = `${take.quantity} of ${sku} from ${here}`
  const { best, tooMany } = alternatives(solution, take)
  if (best === undefined) {
    return tooMany
      ? {
          code: "max-parcels",
          facts: { ...facts, parcels: problem.maxParcels },
          sentence: `${begin}: from elsewhere, it would be more than ${countOf(problem.maxParcels, "parcel")}.`
        }
      : { code: "only-here", facts, sentence: `${begin}: no other location can give ${take.quantity === 1 ? "it" : "any of them"}.` }
  }
  const other = nameOf(solution, best.location)
  const told = { ...facts, instead: problem.locations[best.location]!.id }
  const { rule, by } = deciding(solution, best.change)
  if (by < 0)
    return { code: "whole-plan", facts: told, sentence: `${begin}: ${other} would suit this line better, but not the order as a whole.` }
  if (rule === undefined) return { code: "tie", facts: told, sentence: `${begin}: ${other} would do as well; the first by name was taken.` }
  const { figures, because } = compared(solution, rule, best)
  return { code: "rule", rule, facts: { ...told, ...figures }, sentence: `${begin}: ${because}.` }
}

/** Why a line is split, told by the best location that could give all of it. */
export const whySplit = (solution: Solution, takes: ReadonlyArray<Take>): SourcingReason<SplitCode> => {
  const { problem } = solution
  const { line, demand } = takes[0]!
  const sku = demand.parts[0]!.sku
  const quantity = takes.reduce((sum, take) => sum + take.quantity, 0)
  const facts = { quantity, locations: takes.length }
  const own = (location: number): number => takes.find((take) => take.location === location)?.quantity ?? 0
  const room = problem.locations.map((_, l) => solution.spare(sku, l) + own(l))
  const most = Math.max(...room)
  if (most < quantity) {
    const sentence = `${quantity} of ${line.sku} are split over ${takes.length} locations: none has all of them, the most is ${most} at ${nameOf(solution, room.indexOf(most))}.`
    return { code: "no-single-location", facts: { ...facts, most }, sentence }
  }
  const whole = room.flatMap((has, location) => {
    if (has < quantity) return []
    const moves = takes.flatMap((take) =>
      take.location === location ? [] : [{ part: { sku, quantity: take.quantity }, from: take.location }]
    )
    const { change, more } = solution.moved(moves, location)
    return [{ location, quantity, change, more }]
  })
  const may = whole.filter(({ more }) => !more || solution.parcels < problem.maxParcels)
  const begin = `${quantity} of ${line.sku} are split over ${takes.length} locations`
  const best = least(may)
  if (best === undefined)
    return {
      code: "max-parcels",
      facts,
      sentence: `${begin}: all from one place, it would be more than ${countOf(problem.maxParcels, "parcel")}.`
    }
  const told = { ...facts, instead: problem.locations[best.location]!.id }
  const other = nameOf(solution, best.location)
  const { rule, by } = deciding(solution, best.change)
  if (by < 0)
    return {
      code: "whole-plan",
      facts: told,
      sentence: `${begin}: all from ${other} would suit this line better, but not the order as a whole.`
    }
  if (rule === undefined)
    return { code: "tie", facts: told, sentence: `${begin}: all from ${other} would do as well; the first by name were taken.` }
  const sentence = `${begin}: all from ${other} would be worse by ${rule}${by > 0 && Number.isFinite(by) ? `, by ${unitOf(rule, by)}` : ""}.`
  return { code: "rule", rule, facts: { ...told, by }, sentence }
}

/** What people call a location. */
export const nameOf = ({ problem }: Solution, location: number): string =>
  problem.locations[location]!.name ?? problem.locations[location]!.id

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

const alternatives = (solution: Solution, { demand, line, location: from, quantity }: Take) => {
  const { problem } = solution
  const at = problem.skus.indexOf(line.sku)
  const parts = demand.chunk ? demand.parts : [{ sku: at, quantity }]
  const all = [...new Set(demand.places)].flatMap((location) => {
    if (location === from) return []
    const share = demand.chunk ? quantity : Math.min(quantity, solution.spare(at, location))
    if (share === 0 || (demand.chunk && parts.some((part) => solution.spare(part.sku, location) < part.quantity))) return []
    const moves = demand.chunk ? parts.map((part) => ({ part, from })) : [{ part: { sku: at, quantity: share }, from }]
    return [{ location, quantity: share, ...solution.moved(moves, location) }]
  })
  const may = all.filter(({ more }) => !more || solution.parcels < problem.maxParcels)
  return { best: least(may), tooMany: all.length > may.length }
}

const least = (some: ReadonlyArray<Alternative>): Alternative | undefined =>
  some.reduce<Alternative | undefined>(
    (best, one) => (best === undefined || compareScores(one.change, best.change) < 0 ? one : best),
    undefined
  )

/** The first rule by which a change makes a difference, and how much; none when only the tie-break does. */
const deciding = ({ problem: { objective, width } }: Solution, change: Score): { readonly rule?: SourcingRule; readonly by: number } => {
  const k = change.findIndex((value) => value !== 0)
  const rule = objective.rules[k - 1]
  return rule === undefined || k === width - 1 ? { by: 0 } : { rule, by: change[k]! }
}

const unitOf = (rule: SourcingRule, by: number): string => {
  const sayings: { readonly [R in SourcingRule]: string } = {
    "fewest-parcels": countOf(by, "parcel"),
    nearest: `${Math.max(1, Math.round(by / 1000))} km, summed over pieces`,
    "pickup-first": countOf(by, "piece"),
    cheapest: `${by} in minor units`,
    "keep-floor": countOf(by, "piece"),
    preferred: countOf(by, "place"),
    fullest: countOf(by, "place")
  }
  return sayings[rule]
}

/** A rule's figures for two places, and what they say. */
const compared = (solution: Solution, rule: SourcingRule, { location, change, quantity }: Alternative) => {
  const { problem } = solution
  const k = problem.objective.rules.indexOf(rule) + 1
  const by = change[k]!
  const other = nameOf(solution, location)
  const sayings: { readonly [R in SourcingRule]: () => string } = {
    "fewest-parcels": () => (by === 1 ? `from ${other}, it would be one parcel more` : `from ${other}, it would be ${by} parcels more`),
    nearest: () => `${other} is ${Math.max(1, Math.round(by / quantity / 1000))} km farther away`,
    "pickup-first": () => `the order is picked up there, and not at ${other}`,
    cheapest: () => `from ${other}, it would cost ${by} more (in minor units)`,
    "keep-floor": () => `${other} would have to give ${countOf(by, "piece")} that it keeps for itself`,
    preferred: () => `it is preferred to ${other}`,
    fullest: () => `it has more of it than ${other}`
  }
  return { figures: { by }, because: sayings[rule]() }
}
