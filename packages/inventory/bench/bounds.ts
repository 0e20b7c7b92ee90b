import { createRequire } from "node:module"

import { greatCircleKilometres } from "@omni/core"
import type { SourcingPlan, SourcingRule } from "@omni/inventory"
import type highsLoader from "highs"

import type { Seeded } from "./orders.ts"

/**
 * Lower bounds by another solver: HiGHS on the mixed integer program of an order, with its own cuts and branching. Each rule in turn,
 * with those before it held at what the plan reaches: no plan that is as good by those can be better by this one.
 */

// As CommonJS, which is what its types describe.
const load: typeof highsLoader.default = createRequire(import.meta.url)("highs")
const highs = await load()

interface Bound {
  readonly rule: SourcingRule
  readonly reached: number
  /** The best bound known when the time was up; the optimum, when it was not. */
  readonly bound: number
}

/** So many pieces of a line from a location, freely given or below its floor. */
interface Variable {
  readonly location: number
  readonly line: number
  readonly capacity: number
  readonly under: boolean
}

export const boundsOf = ({ order, stock, rules }: Seeded, plan: SourcingPlan, seconds: number): ReadonlyArray<Bound> => {
  const locations = stock.locations!
  const at = new Map(locations.map(({ id }, l) => [id, l]))
  const lineAt = new Map(order.lines.map(({ sku }, i) => [sku, i]))
  const pieces = stock.levels.flatMap(({ sku, location, available, floor = 0 }): ReadonlyArray<Variable> => {
    const own = { location: at.get(location)!, line: lineAt.get(sku)! }
    const over = Math.max(0, available - floor)
    return [
      { ...own, capacity: over, under: false },
      { ...own, capacity: available - over, under: true }
    ].filter(({ capacity }) => capacity > 0)
  })
  const n = locations.length
  const costs = (rule: SourcingRule): ReadonlyArray<number> => [
    ...locations.map(({ parcelCost }) => (rule === "fewest-parcels" ? 1 : rule === "cheapest" ? parcelCost! : 0)),
    ...pieces.map(({ location, under }) => {
      if (rule === "nearest") return Math.round(greatCircleKilometres(locations[location]!.coordinates!, order.destination!) * 1000)
      if (rule === "pickup-first") return locations[location]!.id === order.pickup ? 0 : 1
      return rule === "keep-floor" && under ? 1 : 0
    })
  ]
  const ranked: ReadonlyArray<SourcingRule> = rules.rank.includes("keep-floor") ? rules.rank : ["keep-floor", ...rules.rank]
  const scoreOf = (rule: SourcingRule): number => plan.score.rules[rule] ?? underFloor(plan, { order, stock, rules, kind: "" })
  return ranked.map((rule, k) => {
    const model = highs.createModel()
    model.options.set({ output_flag: false, time_limit: seconds, mip_rel_gap: 0, mip_abs_gap: 0.5 })
    const objective = costs(rule)
    locations.forEach((_, l) => {
      model.addVar(0, 1)
      model.changeColIntegrality(l, highs.constants.variableType.integer)
      model.changeColCost(l, objective[l]!)
    })
    pieces.forEach(({ capacity, line }, p) => {
      model.addVar(0, Math.min(capacity, order.lines[line]!.quantity))
      model.changeColCost(n + p, objective[n + p]!)
    })
    for (const [i, { quantity }] of order.lines.entries()) {
      const own = pieces.flatMap(({ line }, p) => (line === i ? [n + p] : []))
      const there = own.reduce((sum, p) => sum + pieces[p - n]!.capacity, 0)
      model.addRow(Math.min(quantity, there), highs.infinity, { indices: own, values: own.map(() => 1) })
    }
    for (const [p, { capacity, line, location }] of pieces.entries()) {
      const values = [1, -Math.min(capacity, order.lines[line]!.quantity)]
      model.addRow(-highs.infinity, 0, { indices: [n + p, location], values })
    }
    for (const earlier of ranked.slice(0, k)) {
      const held = costs(earlier)
      const indices = [...held.keys()].filter((c) => held[c] !== 0)
      model.addRow(-highs.infinity, scoreOf(earlier), { indices, values: indices.map((c) => held[c]!) })
    }
    model.run()
    const bound = Math.ceil(Number(model.info.get("mip_dual_bound")) - 1e-3)
    model.dispose()
    return { rule, reached: scoreOf(rule), bound }
  })
}

const underFloor = (plan: SourcingPlan, { stock }: Seeded): number => {
  const levels = new Map(stock.levels.map((level) => [`${level.sku}@${level.location}`, level]))
  const taken = plan.parcels.flatMap(({ location, lines }) => lines.map(({ sku, quantity }) => ({ key: `${sku}@${location}`, quantity })))
  return taken.reduce((sum, { key, quantity }) => {
    const { available, floor = 0 } = levels.get(key)!
    return sum + Math.max(0, quantity - Math.max(0, available - floor))
  }, 0)
}
