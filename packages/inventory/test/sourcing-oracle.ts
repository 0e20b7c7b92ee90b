import { greatCircleKilometres } from "@omni/core"
import type { SourcingOrder, SourcingPlan, SourcingRules, SourcingStock } from "@omni/inventory"

/**
 * Sourcing as one would check it by hand: every choice of locations, every placing of what must stay together, and for each article the
 * best split by dynamic programming. It shares nothing with the solver but the meaning of the rules.
 */

type Vector = ReadonlyArray<number>

const add = (a: Vector, b: Vector, times = 1): Vector => a.map((value, k) => value + times * b[k]!)
const isLess = (a: Vector, b: Vector): boolean => {
  const k = a.findIndex((value, at) => value !== b[at])
  return k !== -1 && a[k]! < b[k]!
}

interface Read {
  readonly ids: ReadonlyArray<string>
  readonly ranked: ReadonlyArray<string>
  /** So many pieces of an article from a location, of what is left there after `gone`; undefined when there are not so many. */
  readonly cost: (sku: string, location: string, quantity: number, gone: number) => Vector | undefined
  readonly parcel: (location: string) => Vector
  readonly zero: Vector
}

const read = (order: SourcingOrder, stock: SourcingStock, rules: SourcingRules): Read => {
  const ids = [...new Set(stock.levels.map(({ location }) => location))].sort()
  const about = (id: string) => stock.locations?.find((location) => location.id === id)
  const level = (sku: string, id: string) => stock.levels.find((one) => one.sku === sku && one.location === id)
  const ranked = rules.rank.includes("keep-floor") ? rules.rank : ["keep-floor", ...rules.rank]
  const zero: Vector = ["short", ...ranked].map(() => 0)
  const to = order.destination ?? (order.pickup === undefined ? undefined : about(order.pickup)?.coordinates)
  const metres = (id: string): number => {
    const location = about(id)
    if (location?.kilometres !== undefined) return Math.round(location.kilometres * 1000)
    if (to !== undefined && location?.coordinates !== undefined) return Math.round(greatCircleKilometres(location.coordinates, to) * 1000)
    return order.destination === undefined && id === order.pickup ? 0 : 20_037_508
  }
  const dearest = (of: "parcelCost" | "pieceCost", candidates: ReadonlyArray<string>): number =>
    Math.max(0, ...candidates.map((id) => about(id)?.[of] ?? 0))
  const capacity = (sku: string, id: string): number => {
    const found = level(sku, id)
    const serves = id === order.pickup ? about(id)?.pickup !== false : about(id)?.ships !== false
    return found === undefined || !serves
      ? 0
      : Math.max(0, rules.floor === "never" ? found.available - (found.floor ?? 0) : found.available)
  }
  const room = (sku: string, id: string): number => ((rules.only?.[sku]?.includes(id) ?? true) ? capacity(sku, id) : 0)
  const given = ids.filter((id) => order.lines.some(({ sku }) => capacity(sku, id) > 0))
  const of = (sku: string, id: string, under: number, quantity: number) => (rule: string) => {
    if (rule === "nearest") return quantity * metres(id)
    if (rule === "pickup-first") return order.pickup === undefined || id === order.pickup ? 0 : quantity
    if (rule === "cheapest") return quantity * (about(id)?.pieceCost ?? dearest("pieceCost", given))
    if (rule === "keep-floor") return under
    if (rule === "preferred") {
      const at = rules.preferred?.indexOf(id) ?? -1
      return quantity * (at === -1 ? (rules.preferred?.length ?? 0) : at)
    }
    if (rule === "fullest") {
      const full = (one: { fullness?: number; available: number }) => one.fullness ?? one.available
      return quantity * stock.levels.filter((one) => one.sku === sku && full(one) > full(level(sku, id)!)).length
    }
    return 0
  }
  return {
    ids,
    ranked,
    zero,
    parcel: (id) => [
      0,
      ...ranked.map((rule) =>
        rule === "fewest-parcels" ? 1 : rule === "cheapest" ? (about(id)?.parcelCost ?? dearest("parcelCost", given)) : 0
      )
    ],
    cost: (sku, id, quantity, gone) => {
      const all = room(sku, id)
      if (quantity + gone > all) return undefined
      const { available, floor = 0 } = level(sku, id)!
      const over = Math.min(all, Math.max(0, available - floor))
      const under = Math.max(0, gone + quantity - over) - Math.max(0, gone - over)
      return [0, ...ranked.map(of(sku, id, under, quantity))]
    }
  }
}

/** The best score there is: pieces short, then each rule in its rank. */
export const bestScore = (order: SourcingOrder, stock: SourcingStock, rules: SourcingRules): Vector => {
  const { ids, cost, parcel, zero } = read(order, stock, rules)
  const keyOf = (line: SourcingOrder["lines"][number]) =>
    rules.whole === "order"
      ? "order"
      : line.bundle !== undefined
        ? `b ${line.bundle}`
        : line.whole || rules.whole === "line"
          ? `l ${line.id}`
          : ""
  const groups = [...Map.groupBy(order.lines, keyOf)]
  const chunks = groups.flatMap(([key, lines]) => (key === "" ? [] : [lines]))
  const pieces = Map.groupBy(groups.find(([key]) => key === "")?.[1] ?? [], ({ sku }) => sku)
  let best: Vector | undefined
  const tried = (open: ReadonlyArray<string>, gone: ReadonlyMap<string, number>, sofar: Vector): void => {
    let score = sofar
    for (const [sku, lines] of pieces) {
      const need = lines.reduce((sum, { quantity }) => sum + quantity, 0)
      // After each location: the best cost of having taken so many.
      let table: ReadonlyArray<Vector | undefined> = [zero, ...Array.from({ length: need }, () => undefined)]
      for (const id of open) {
        table = table.map((_, taken) => {
          let least: Vector | undefined
          for (let own = 0; own <= taken; own++) {
            const before = table[taken - own]
            const here = own === 0 ? zero : cost(sku, id, own, gone.get(`${sku} ${id}`) ?? 0)
            if (before === undefined || here === undefined) continue
            const sum = add(before, here)
            if (least === undefined || isLess(sum, least)) least = sum
          }
          return least
        })
      }
      const taken = table.findLastIndex((value) => value !== undefined)
      score = add(score, table[taken]!)
      score = [score[0]! + need - taken, ...score.slice(1)]
    }
    if (best === undefined || isLess(score, best)) best = score
  }
  const place = (open: ReadonlyArray<string>, at: number, gone: ReadonlyMap<string, number>, score: Vector): void => {
    const chunk = chunks[at]
    if (chunk === undefined) return tried(open, gone, score)
    for (const id of open) {
      const after = new Map(gone)
      let sum: Vector | undefined = score
      for (const { sku, quantity } of chunk) {
        const key = `${sku} ${id}`
        const own: Vector | undefined = cost(sku, id, quantity, after.get(key) ?? 0)
        sum = own === undefined || sum === undefined ? undefined : add(sum, own)
        after.set(key, (after.get(key) ?? 0) + quantity)
      }
      if (sum !== undefined) place(open, at + 1, after, sum)
    }
    const size = chunk.reduce((sum, { quantity }) => sum + quantity, 0)
    place(open, at + 1, gone, [score[0]! + size, ...score.slice(1)])
  }
  for (let mask = 0; mask < 2 ** ids.length; mask++) {
    const open = ids.filter((_, l) => (mask >> l) & 1)
    if (open.length > (rules.maxParcels ?? Number.POSITIVE_INFINITY)) continue
    place(
      open,
      0,
      new Map(),
      open.reduce((sum, id) => add(sum, parcel(id)), zero)
    )
  }
  return best!
}

/** What a plan comes to when it is counted again from what it takes, and whether it takes nothing that it may not. */
export const scoreOf = (plan: SourcingPlan, order: SourcingOrder, stock: SourcingStock, rules: SourcingRules): Vector => {
  const { cost, parcel, zero } = read(order, stock, rules)
  const served = plan.parcels.reduce((sum, { lines }) => sum + lines.reduce((own, { quantity }) => own + quantity, 0), 0)
  const asked = order.lines.reduce((sum, { quantity }) => sum + quantity, 0)
  let score: Vector = [asked - served, ...zero.slice(1)]
  for (const { location, lines } of plan.parcels) {
    score = add(score, parcel(location))
    for (const [sku, own] of Map.groupBy(lines, (line) => line.sku)) {
      const quantity = own.reduce((sum, line) => sum + line.quantity, 0)
      const here = cost(sku, location, quantity, 0)
      if (here === undefined) throw new Error(`${quantity} of ${sku} cannot be had from ${location}`)
      score = add(score, here)
    }
  }
  return score
}
