import { countOf } from "./explain.ts"
import type { SourcingLine, SourcingOrder, SourcingRules, SourcingStock } from "./model.ts"
import type { ShortCode, SourcingReason } from "./plan.ts"
import { capacityOf, type Demand, mayServe } from "./problem.ts"
import type { Solution } from "./solution.ts"

/** What was asked. */
export interface Asked {
  readonly order: SourcingOrder
  readonly stock: SourcingStock
  readonly rules: SourcingRules
}

/** Why `short` pieces of a line are not served from stock. */
export const whyShort = (asked: Asked, solution: Solution, line: SourcingLine, short: number): SourcingReason<ShortCode> => {
  const demand = demandOf(solution, line)
  const { code, sku, available, may, capacity, needed } = binding(asked, solution, demand, line)
  const { maxParcels } = solution.problem
  const sentences: { readonly [C in ShortCode]: string } = {
    "unknown-sku": `${sku} is not kept anywhere`,
    "out-of-stock": `${sku} is sold out everywhere`,
    "not-enough": `only ${available} of ${sku} can be had, and ${needed} are asked for`,
    "kept-for-shop": `${available} of ${sku} are there, but locations keep ${may - capacity} of them for themselves`,
    "not-allowed": `${available} of ${sku} are there, but ${countOf(available - may, "piece")} where this order may not be served from`,
    "max-parcels": `the rest would take more than ${countOf(maxParcels, "parcel")}`,
    "not-whole": demand.lines.length > 1 ? "no location has all that must stay together" : `no location has all ${line.quantity} of them`,
    "order-incomplete": "the rest of the order cannot be served"
  }
  return {
    code,
    facts: { short, requested: line.quantity, available, allowed: may, free: capacity },
    sentence: `${short} of ${line.sku} cannot be served: ${sentences[code]}.`
  }
}

/** The reason of a line that could be served, in an order that is served as a whole or not at all. */
export const whyDropped = (line: SourcingLine): SourcingReason<ShortCode> => ({
  code: "order-incomplete",
  facts: { short: line.quantity, requested: line.quantity },
  sentence: `${line.quantity} of ${line.sku} could be served, but not all of the order, and it is served as a whole or not at all.`
})

const demandOf = ({ problem }: Solution, line: SourcingLine): Demand =>
  [...problem.free, ...problem.contended.flat()].find(({ lines }) => lines.includes(line))!

/** What of the demand cannot be had, and what stands in its way. */
const binding = (asked: Asked, solution: Solution, demand: Demand, line: SourcingLine) => {
  const found = demand.parts.map(({ sku, quantity }) => ({
    sku: solution.problem.skus[sku]!,
    quantity,
    ...supplyOf(asked, solution.problem.skus[sku]!)
  }))
  const lacking = found.find((part) => part.capacity < part.quantity * (demand.chunk ? 1 : demand.need / part.quantity))
  const about = lacking ?? found.find(({ sku }) => sku === line.sku) ?? found[0]!
  const needed = asked.order.lines.reduce((sum, other) => (other.sku === about.sku ? sum + other.quantity : sum), 0)
  const code = lacking === undefined ? unlucky(solution, demand) : codeOf(about)
  return { ...about, needed, code }
}

interface Supply {
  readonly levels: number
  /** Everywhere; where the order may be served from; and of that, what may be taken. */
  readonly available: number
  readonly may: number
  readonly capacity: number
}

const codeOf = ({ levels, available, may, capacity }: Supply): ShortCode => {
  if (levels === 0) return "unknown-sku"
  if (may > capacity) return "kept-for-shop"
  if (available > may) return "not-allowed"
  return available > 0 ? "not-enough" : "out-of-stock"
}

/** There is enough of each article, and yet it could not be had. */
const unlucky = ({ problem }: Solution, demand: Demand): ShortCode => {
  if (demand.chunk && demand.options.length === 0) return "not-whole"
  if (Number.isFinite(problem.maxParcels)) return "max-parcels"
  return demand.chunk ? "not-whole" : "not-enough"
}

const supplyOf = ({ order, stock, rules }: Asked, sku: string): Supply => {
  const serving = mayServe(order, rules)
  const about = new Map(stock.locations?.map((location) => [location.id, location]))
  const levels = stock.levels.filter((level) => level.sku === sku)
  const may = levels.filter(({ location }) => serving.location(about.get(location) ?? { id: location }) && serving.article(sku, location))
  const sum = (some: typeof levels, of: (level: (typeof levels)[number]) => number) => some.reduce((total, level) => total + of(level), 0)
  const available = (level: (typeof levels)[number]) => Math.max(0, level.available)
  return {
    levels: levels.length,
    available: sum(levels, available),
    may: sum(may, available),
    capacity: sum(may, (level) => capacityOf(level, rules))
  }
}
