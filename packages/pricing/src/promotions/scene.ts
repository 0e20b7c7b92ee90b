import type { Json } from "@omni/core"

import type { Basket, Item } from "./basket.ts"
import type { Promotion } from "./promotion.ts"

/** A basket laid out for calculation: lines by id, then charges by id, each at its place. */
export interface Scene {
  readonly basket: Basket
  readonly items: ReadonlyArray<Item>
  /** How many of the items are lines. */
  readonly lines: number
  readonly listed: Float64Array
  readonly quantities: Float64Array
  readonly prices: Float64Array
  readonly coupons: ReadonlySet<string>
  /** Whether any candidate takes units: else nobody asks for `free` and `open`. */
  readonly sets: { any: boolean }
  /** Lines by their product, made when it is first asked for. */
  readonly byProduct: () => ReadonlyMap<string, ReadonlyArray<number>>
  /** What rules read of lines and charges before any promotion, made when it is first asked for. */
  readonly untouched: (at: number) => Facts
}

/** What is left to pay while promotions are given, aligned with the items. */
export interface State {
  readonly left: Float64Array
  /** Units that no set has taken yet. */
  readonly free: Float64Array
  /** What is left to pay for those units. */
  readonly open: Float64Array
}

type Facts = Readonly<Record<string, Json>>

const byId = (a: Item, b: Item): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Lays a basket out; in which order its lines come makes no difference. */
export const sceneOf = (basket: Basket): Scene => {
  const items = [...basket.lines.toSorted(byId), ...basket.charges.toSorted(byId)]
  const facts: Array<Facts | undefined> = []
  let index: Map<string, Array<number>> | undefined
  const scene: Scene = {
    basket,
    items,
    lines: basket.lines.length,
    listed: Float64Array.from(items, ({ amount }) => amount),
    quantities: Float64Array.from(items, ({ quantity }) => quantity),
    prices: Float64Array.from(items, ({ unitPrice }) => unitPrice),
    coupons: new Set(basket.coupons),
    sets: { any: false },
    byProduct: () => (index ??= productsOf(items.slice(0, basket.lines.length))),
    untouched: (at) => (facts[at] ??= itemFacts(scene, at, scene.listed[at]!))
  }
  return scene
}

const productsOf = (lines: ReadonlyArray<Item>): Map<string, Array<number>> => {
  const index = new Map<string, Array<number>>()
  for (const [at, { product }] of lines.entries()) {
    if (product === undefined) continue
    const known = index.get(product)
    if (known === undefined) index.set(product, [at])
    else known.push(at)
  }
  return index
}

/** Before any promotion. */
export const untouchedState = ({ listed, quantities }: Scene): State => ({
  left: listed.slice(),
  free: quantities.slice(),
  open: listed.slice()
})

/** Makes `to` what `from` is. */
export const copyState = (from: State, to: State, { sets }: Scene): void => {
  to.left.set(from.left)
  if (!sets.any) return
  to.free.set(from.free)
  to.open.set(from.open)
}

/** What a rule reads of a line or charge, with so much left to pay. */
export const itemFacts = ({ items, basket, lines }: Scene, at: number, left: number): Facts => {
  const item = items[at]
  if (item === undefined) return {}
  const common = { id: item.id, currency: basket.currency, amount: left, listed: item.amount, discounted: left < item.amount }
  if (at >= lines) return { ...item.facts, ...common }
  return {
    ...item.facts,
    ...common,
    product: item.product ?? null,
    categories: item.categories ?? [],
    quantity: item.quantity,
    unitPrice: item.unitPrice
  }
}

/** What a rule reads of the order, as it stands. The lines are made when they are asked for. */
export const orderFactsOf = (scene: Scene, { left }: State) => {
  const { basket, lines, listed, quantities } = scene
  const sum = (of: Float64Array): number => {
    let total = 0
    for (let at = 0; at < lines; at++) total += of[at]!
    return total
  }
  return {
    now: basket.now,
    currency: basket.currency,
    channel: basket.channel ?? null,
    subtotal: sum(left),
    listed: sum(listed),
    quantity: sum(quantities),
    coupons: basket.coupons,
    customer: basket.customer ?? null,
    get lines() {
      return Array.from({ length: lines }, (_, at) => itemFacts(scene, at, left[at]!))
    }
  }
}

/** Promotions as they are given: lines, order, shipping; in each by rank, then by id. */
export const inOrder = (a: Promotion, b: Promotion): number =>
  phases[a.target] - phases[b.target] || (a.rank ?? 0) - (b.rank ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const phases = { line: 0, order: 1, shipping: 2 } as const
