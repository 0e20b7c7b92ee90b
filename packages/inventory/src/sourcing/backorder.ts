import type { SourcingLevel, SourcingLine } from "./model.ts"
import { compareScores, objectiveOf } from "./objective.ts"
import { type Demand, mayServe } from "./problem.ts"
import type { Asked } from "./shortage.ts"
import type { Solution } from "./solution.ts"

/** So many pieces that a location promises beyond what it has. */
export interface Promised {
  readonly location: string
  readonly quantity: number
}

/**
 * Where what is missing of lines that allow it may be promised: first by a location that serves the order anyway, then by the rules, then
 * by id. What must stay together is promised by one location, all of it, or not at all. Not part of the search: it does not change what
 * is served from stock.
 */
export const backorder = (
  asked: Asked,
  solution: Solution,
  missing: ReadonlyMap<SourcingLine, number>
): ReadonlyMap<SourcingLine, ReadonlyArray<Promised>> => {
  const promised = new Map<SourcingLine, ReadonlyArray<Promised>>()
  const rooms = roomsOf(asked, solution)
  const { free, contended } = solution.problem
  for (const demand of [...free, ...contended.flat()]) {
    const open = demand.lines.filter((line) => missing.get(line)! > 0)
    if (demand.chunk) {
      const location = open.every((line) => line.backorder === true) ? together(demand, rooms) : undefined
      if (location === undefined) continue
      for (const line of open) promised.set(line, [{ location, quantity: line.quantity }])
      continue
    }
    for (const line of open) if (line.backorder === true) promised.set(line, piecewise(line, missing.get(line)!, rooms))
  }
  return promised
}

/** How much of each article each location may still promise, the best location first. */
type Rooms = ReadonlyArray<{ readonly location: string; readonly left: Map<string, number> }>

const roomsOf = ({ order, stock, rules }: Asked, { problem, used }: Solution): Rooms => {
  const serving = mayServe(order, rules)
  const about = new Map(stock.locations?.map((location) => [location.id, location]))
  const skus = new Set(problem.skus)
  const room = ({ backorder: more }: SourcingLevel): number => (more === true ? Number.POSITIVE_INFINITY : Number(more ?? 0))
  const levels = stock.levels.filter((level) => skus.has(level.sku) && room(level) > 0 && serving.article(level.sku, level.location))
  const byLocation = Map.groupBy(levels, ({ location }) => location)
  const locations = [...byLocation.keys()]
    .sort()
    .map((id) => about.get(id) ?? { id })
    .filter(serving.location)
  const objective = objectiveOf(problem.order, rules, locations)
  const taken = new Set(used)
  return locations
    .map(({ id }, l) => ({ id, serves: taken.has(id) ? 0 : 1, cost: objective.piece(l, 0, false) }))
    .sort((a, b) => a.serves - b.serves || compareScores(a.cost, b.cost))
    .map(({ id }) => ({ location: id, left: new Map(byLocation.get(id)!.map((level) => [level.sku, room(level)])) }))
}

const together = ({ lines }: Demand, rooms: Rooms): string | undefined => {
  const wanted = [...Map.groupBy(lines, ({ sku }) => sku)].map(
    ([sku, own]) => [sku, own.reduce((sum, { quantity }) => sum + quantity, 0)] as const
  )
  const found = rooms.find(({ left }) => wanted.every(([sku, quantity]) => (left.get(sku) ?? 0) >= quantity))
  for (const [sku, quantity] of wanted) found?.left.set(sku, found.left.get(sku)! - quantity)
  return found?.location
}

const piecewise = (line: SourcingLine, missing: number, rooms: Rooms): ReadonlyArray<Promised> => {
  let need = missing
  return rooms.flatMap(({ location, left }) => {
    const quantity = Math.min(need, left.get(line.sku) ?? 0)
    if (quantity === 0) return []
    need -= quantity
    left.set(line.sku, left.get(line.sku)! - quantity)
    return [{ location, quantity }]
  })
}
