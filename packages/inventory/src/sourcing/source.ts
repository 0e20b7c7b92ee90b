import { backorder } from "./backorder.ts"
import { countOf, nameOf, whyServed, whySplit } from "./explain.ts"
import type { SourcingLine, SourcingOrder, SourcingRule, SourcingRules, SourcingStock } from "./model.ts"
import type { Parcel, SourcedLine, SourcingPlan } from "./plan.ts"
import { problemOf } from "./problem.ts"
import { type Asked, whyDropped, whyShort } from "./shortage.ts"
import { Solution, type Take } from "./solution.ts"
import { validate } from "./validate.ts"

/**
 * Which locations serve an order: as many pieces as stock and the shop's constraints allow, and among the ways to do that the best by the
 * ranked rules, lexicographically. Pure and deterministic: the order of lines, locations and levels is irrelevant, and what all rules
 * leave open goes to the first location ids.
 *
 * The best there is up to 8 lines and 8 locations, and wherever `optimal` says so; beyond that a search of bounded work. Throws
 * `InvalidSourcing`.
 */
export const source = (order: SourcingOrder, stock: SourcingStock, rules: SourcingRules): SourcingPlan => {
  validate(order, stock, rules)
  const asked = { order, stock, rules }
  const solution = new Solution(problemOf(order, stock, rules))
  const lines = sourced(asked, solution)
  return rules.complete === true && lines.some(({ short }) => short > 0) ? dropped(asked, solution, lines) : planOf(asked, solution, lines)
}

const sourced = (asked: Asked, solution: Solution): ReadonlyArray<SourcedLine> => {
  const takes = Map.groupBy(solution.takes, ({ line }) => line)
  const missing = new Map(asked.order.lines.map((line) => [line, line.quantity - sumOf(takes.get(line))]))
  const promised = backorder(asked, solution, missing)
  return asked.order.lines.map((line) => {
    const own = [...(takes.get(line) ?? [])].sort((a, b) => a.location - b.location)
    const backordered = promised.get(line) ?? []
    const lacking = missing.get(line)!
    return {
      line: line.id,
      sku: line.sku,
      requested: line.quantity,
      served: own.map((take) => ({
        location: solution.problem.locations[take.location]!.id,
        quantity: take.quantity,
        reason: whyServed(solution, take)
      })),
      backordered,
      short: lacking - backordered.reduce((sum, { quantity }) => sum + quantity, 0),
      ...(own.length > 1 ? { split: whySplit(solution, own) } : {}),
      ...(lacking > 0 ? { shortage: whyShort(asked, solution, line, lacking) } : {})
    }
  })
}

const sumOf = (takes: ReadonlyArray<Take> = []): number => takes.reduce((sum, { quantity }) => sum + quantity, 0)

const planOf = (asked: Asked, solution: Solution, lines: ReadonlyArray<SourcedLine>): SourcingPlan => {
  const { problem, score, optimal } = solution
  const short = lines.reduce((sum, line) => sum + line.short, 0)
  const promised = score[0]! - short
  const from = problem.locations.flatMap((_, l) => (solution.isUsed(l) ? [nameOf(solution, l)] : []))
  const sentence = [
    from.length === 0 ? "Nothing can be served from stock." : `${countOf(from.length, "parcel")}, from ${from.join(", ")}.`,
    ...(promised > 0 ? [`${countOf(promised, "piece")} will come later.`] : []),
    ...(short > 0 ? [`${countOf(short, "piece")} cannot be had.`] : [])
  ].join(" ")
  return {
    covered: score[0] === 0,
    parcels: parcelsOf(solution),
    lines,
    score: { short: score[0]!, rules: rulesOf(asked.rules.rank, solution) },
    optimal,
    sentence
  }
}

/** The plan of an order of which not everything can be had, and so nothing is. */
const dropped = ({ order }: Asked, { optimal }: Solution, lines: ReadonlyArray<SourcedLine>): SourcingPlan => {
  const pieces = order.lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const asked = new Map<string, SourcingLine>(order.lines.map((line) => [line.id, line]))
  return {
    covered: false,
    parcels: [],
    lines: lines.map(({ line, sku, requested, shortage }) => {
      return { line, sku, requested, served: [], backordered: [], short: requested, shortage: shortage ?? whyDropped(asked.get(line)!) }
    }),
    score: { short: pieces, rules: {} },
    optimal,
    sentence: `Nothing is served: not all ${countOf(pieces, "piece")} of the order can be had.`
  }
}

const parcelsOf = ({ problem, takes }: Solution): ReadonlyArray<Parcel> =>
  [...Map.groupBy(takes, ({ location }) => location)]
    .sort(([a], [b]) => a - b)
    .map(([location, own]) => ({
      location: problem.locations[location]!.id,
      lines: own
        .map(({ line, quantity }) => ({ line: line.id, sku: line.sku, quantity }))
        .sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
    }))

const rulesOf = (rank: ReadonlyArray<SourcingRule>, { problem, score }: Solution): { readonly [R in SourcingRule]?: number } =>
  Object.fromEntries(rank.map((rule) => [rule, score[problem.objective.rules.indexOf(rule) + 1]!]))
