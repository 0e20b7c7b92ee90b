import { InvalidSourcing } from "./errors.ts"
import type { SourcingLevel, SourcingLine, SourcingLocation, SourcingOrder, SourcingRules, SourcingStock } from "./model.ts"
import { addScore, compareScores, noScore, type Objective, objectiveOf, type Score } from "./objective.ts"

/** So many of a demand that a location can give at the same cost each. */
export interface Option {
  readonly location: number
  readonly capacity: number
  readonly cost: Score
}

/** So many pieces of an article at a location: freely given, and what it would keep. */
export interface Shelf {
  readonly over: number
  readonly under: number
  readonly overCost: Score
  readonly underCost: Score
}

/** A number of pieces of one article. */
export interface Part {
  readonly sku: number
  readonly quantity: number
}

/**
 * What has to be served: `need` pieces of an article, or one chunk of parts that stay together. `size` is the pieces in one of `need`.
 * `options` are in the order in which they are best taken, as if nobody else wanted the same stock.
 */
export interface Demand {
  readonly lines: ReadonlyArray<SourcingLine>
  readonly parts: ReadonlyArray<Part>
  readonly chunk: boolean
  readonly need: number
  readonly size: number
  readonly options: ReadonlyArray<Option>
  /** The location of each option, where it can be read fast. */
  readonly places: Int32Array
}

/** An order as numbers. Locations are those that could serve anything of it, in the order of their ids. */
export interface Problem {
  /** With its destination, where that is known. */
  readonly order: SourcingOrder
  readonly objective: Objective
  readonly width: number
  readonly locations: ReadonlyArray<SourcingLocation>
  readonly parcel: ReadonlyArray<Score>
  readonly skus: ReadonlyArray<string>
  /** By article, then location. */
  readonly shelves: ReadonlyArray<ReadonlyArray<Shelf>>
  /** Demands that share no stock with others: each takes its best options. */
  readonly free: ReadonlyArray<Demand>
  /** Demands that want the same stock, chunks first. */
  readonly contended: ReadonlyArray<ReadonlyArray<Demand>>
  readonly maxParcels: number
  /** How many times the usual work a search may do. */
  readonly effort: number
}

const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Brings an order into numbers. Throws `InvalidSourcing`. */
export const problemOf = (order: SourcingOrder, stock: SourcingStock, rules: SourcingRules): Problem => {
  const wanted = demandsOf(order, rules)
  const skus = [...new Set(order.lines.map(({ sku }) => sku))].sort(byId)
  const skuAt = new Map(skus.map((sku, at) => [sku, at]))
  const levels = stock.levels.filter((level) => skuAt.has(level.sku))
  const serving = mayServe(order, rules)
  const about = new Map(stock.locations?.map((location) => [location.id, location]))
  const ids = [...new Set(levels.filter((level) => capacityOf(level, rules) > 0).map(({ location }) => location))]
  const locations = ids
    .sort(byId)
    .map((id): SourcingLocation => about.get(id) ?? { id })
    .filter(serving.location)
  const going = { ...order, ...destinationOf(order, about) }
  const objective = objectiveOf(going, rules, locations)
  const shelves = shelvesOf(skus, levels, locations, rules, objective)
  const demands = wanted.map((demand) => {
    const parts = demand.parts.map(({ sku, quantity }) => ({ sku: skuAt.get(sku)!, quantity }))
    const options = demand.chunk ? chunkOptions(parts, shelves, objective.width) : pieceOptions(shelves[parts[0]!.sku]!)
    options.sort((a, b) => compareScores(a.cost, b.cost))
    return { ...demand, parts, options, places: Int32Array.from(options, ({ location }) => location) }
  })
  return {
    order: going,
    objective,
    width: objective.width,
    locations,
    parcel: locations.map((_, l) => objective.parcel(l)),
    skus,
    shelves,
    ...separate(demands),
    maxParcels: rules.maxParcels ?? Number.POSITIVE_INFINITY,
    effort: rules.effort ?? 1
  }
}

/** Where an order goes that is picked up: to its shop, which need not have anything of it. */
const destinationOf = (order: SourcingOrder, about: ReadonlyMap<string, SourcingLocation>): Pick<SourcingOrder, "destination"> => {
  const destination = order.destination ?? (order.pickup === undefined ? undefined : about.get(order.pickup)?.coordinates)
  return destination === undefined ? {} : { destination }
}

interface Wanted {
  readonly lines: ReadonlyArray<SourcingLine>
  readonly parts: ReadonlyArray<{ readonly sku: string; readonly quantity: number }>
  readonly chunk: boolean
  readonly need: number
  readonly size: number
}

/** Lines of one article count together; what must stay together is one demand. In the order of line ids, whatever that of the lines. */
const demandsOf = (order: SourcingOrder, rules: SourcingRules): ReadonlyArray<Wanted> => {
  const lines = [...order.lines].sort((a, b) => byId(a.id, b.id))
  const keyOf = (line: SourcingLine): string => {
    if (rules.whole === "order") return "order"
    if (line.bundle !== undefined) return `bundle ${line.bundle}`
    return line.whole === true || rules.whole === "line" ? `line ${line.id}` : `sku ${line.sku}`
  }
  return [...Map.groupBy(lines, keyOf)].map(([key, members]) => {
    const chunk = !key.startsWith("sku ")
    const parts = [...Map.groupBy(members, ({ sku }) => sku)]
      .map(([sku, of]) => ({ sku, quantity: of.reduce((sum, { quantity }) => sum + quantity, 0) }))
      .sort((a, b) => byId(a.sku, b.sku))
    const pieces = parts.reduce((sum, { quantity }) => sum + quantity, 0)
    return { lines: members, parts, chunk, need: chunk ? 1 : pieces, size: chunk ? pieces : 1 }
  })
}

/** Whether a location may serve this order, and an article of it. */
export const mayServe = (order: SourcingOrder, rules: SourcingRules) => ({
  location: ({ id, ships, pickup }: SourcingLocation): boolean => (id === order.pickup ? pickup !== false : ships !== false),
  article: (sku: string, location: string): boolean => rules.only?.[sku]?.includes(location) ?? true
})

/** How much of a level the order may get. */
export const capacityOf = ({ available, floor = 0 }: SourcingLevel, rules: SourcingRules): number =>
  Math.max(0, rules.floor === "never" ? available - floor : available)

const shelvesOf = (
  skus: ReadonlyArray<string>,
  levels: ReadonlyArray<SourcingLevel>,
  locations: ReadonlyArray<SourcingLocation>,
  rules: SourcingRules,
  objective: Objective
): ReadonlyArray<ReadonlyArray<Shelf>> => {
  const article = mayServe({ lines: [] }, rules).article
  const bySku = Map.groupBy(levels, ({ sku }) => sku)
  return skus.map((sku) => {
    const own = new Map<string, SourcingLevel>()
    for (const level of bySku.get(sku) ?? []) {
      if (own.has(level.location)) throw InvalidSourcing.of("stock.levels", `two levels are of ${sku} at ${level.location}. Give one.`)
      own.set(level.location, level)
    }
    const fullness = [...own.values()].map((level) => level.fullness ?? level.available).sort((a, b) => b - a)
    return locations.map(({ id }, l) => {
      const level = own.get(id)
      const all = level === undefined || !article(sku, id) ? 0 : capacityOf(level, rules)
      if (level === undefined || all === 0) return BARE
      const over = Math.min(all, Math.max(0, level.available - (level.floor ?? 0)))
      const fuller = fullness.indexOf(level.fullness ?? level.available)
      const cost = (under: boolean) => objective.piece(l, fuller, under)
      return { over, under: all - over, overCost: cost(false), underCost: all > over ? cost(true) : [] }
    })
  })
}

const BARE: Shelf = { over: 0, under: 0, overCost: [], underCost: [] }

const pieceOptions = (shelves: ReadonlyArray<Shelf>): Array<Option> =>
  shelves.flatMap(({ over, under, overCost, underCost }, location) => [
    ...(over > 0 ? [{ location, capacity: over, cost: overCost }] : []),
    ...(under > 0 ? [{ location, capacity: under, cost: underCost }] : [])
  ])

const chunkOptions = (parts: ReadonlyArray<Part>, shelves: ReadonlyArray<ReadonlyArray<Shelf>>, width: number): Array<Option> =>
  shelves[0]!.flatMap((_, location) => {
    const cost = noScore(width)
    for (const { sku, quantity } of parts) {
      const { over, under, overCost, underCost } = shelves[sku]![location]!
      if (over + under < quantity) return []
      addScore(cost, overCost, Math.min(over, quantity))
      addScore(cost, underCost, Math.max(0, quantity - over))
    }
    return [{ location, capacity: 1, cost }]
  })

/** Demands that share an article, over others or directly, are decided together. */
const separate = (demands: ReadonlyArray<Demand>): Pick<Problem, "free" | "contended"> => {
  const groups: Array<{ readonly skus: Set<number>; readonly demands: Array<Demand> }> = []
  for (const demand of demands) {
    const skus = new Set(demand.parts.map(({ sku }) => sku))
    const joined = groups.filter((group) => demand.parts.some(({ sku }) => group.skus.has(sku)))
    for (const group of joined) groups.splice(groups.indexOf(group), 1)
    groups.push({
      skus: new Set([...joined.flatMap((group) => [...group.skus]), ...skus]),
      demands: [...joined.flatMap((group) => group.demands), demand]
    })
  }
  const order = (a: Demand, b: Demand) => Number(b.chunk) - Number(a.chunk) || b.size - a.size || byId(a.lines[0]!.id, b.lines[0]!.id)
  return {
    free: groups.filter((group) => group.demands.length === 1).map((group) => group.demands[0]!),
    contended: groups.filter((group) => group.demands.length > 1).map((group) => group.demands.sort(order))
  }
}
