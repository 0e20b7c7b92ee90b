import type { Json } from "@omni/core"

import type { Basket } from "./basket.ts"
import { copyColumn, zeros } from "./column.ts"
import { type Desk, deskOf } from "./share.ts"

/** A basket while promotions are chosen for it, with what is made of it once, when it is first asked for. */
export interface Scene extends Basket {
  readonly hasCoupon: (code: string) => boolean
  readonly byProduct: () => ReadonlyMap<string, ReadonlyArray<number>>
  /** What rules read of a row before any promotion. */
  readonly untouched: (row: number) => Facts
  /** What conditions read of the order before any promotion. */
  readonly untouchedOrder: () => ReturnType<typeof orderFactsOf>
  /** Whether any candidate takes units: else nobody asks for `free` and `open`. */
  readonly sets: { any: boolean }
  readonly desk: () => Desk
  /** The lightest of the weights by which a discount is shared out, against the heaviest: each as a part of what its line costs. */
  readonly evenness: () => number
}

/** What is left to pay while promotions are given, by row. */
export interface State {
  readonly left: Array<number>
  /** Units that no set has taken yet. */
  readonly free: Array<number>
  /** What is left to pay for those units. */
  readonly open: Array<number>
}

type Facts = Readonly<Record<string, Json>>

/** A basket, ready for promotions. */
export const sceneOf = (basket: Basket): Scene => {
  const facts: Array<Facts | undefined> = []
  let products: ReadonlyMap<string, ReadonlyArray<number>> | undefined
  let order: ReturnType<typeof orderFactsOf> | undefined
  let evenness: number | undefined
  let desk: Desk | undefined
  const scene: Scene = {
    currency: basket.currency,
    now: basket.now,
    channel: basket.channel,
    customer: basket.customer,
    coupons: basket.coupons,
    lines: basket.lines,
    rows: basket.rows,
    ids: basket.ids,
    quantities: basket.quantities,
    prices: basket.prices,
    listed: basket.listed,
    productOf: basket.productOf,
    categoriesOf: basket.categoriesOf,
    factsOf: basket.factsOf,
    weightOf: basket.weightOf,
    rounding: basket.rounding,
    hasCoupon: (code) => basket.coupons.includes(code),
    byProduct: () => (products ??= productsOf(basket)),
    untouched: (row) => (facts[row] ??= factsOf(scene, row, scene.listed[row]!)),
    untouchedOrder: () => (order ??= orderFactsOf(scene, untouchedState(scene))),
    sets: { any: false },
    desk: () => (desk ??= deskOf(basket.rows)),
    evenness: () => (evenness ??= evennessOf(basket))
  }
  return scene
}

const evennessOf = ({ lines, weightOf }: Basket): number => {
  if (weightOf === undefined) return 1
  let [lightest, heaviest] = [Infinity, 0]
  for (let row = 0; row < lines; row++) {
    const weight = weightOf(row, 1_000_000)
    lightest = Math.min(lightest, weight)
    heaviest = Math.max(heaviest, weight)
  }
  return lightest / heaviest
}

const productsOf = ({ lines, productOf }: Basket): ReadonlyMap<string, ReadonlyArray<number>> => {
  const index = new Map<string, Array<number>>()
  for (let row = 0; row < lines; row++) {
    const product = productOf(row)
    if (product === undefined) continue
    const known = index.get(product)
    if (known === undefined) index.set(product, [row])
    else known.push(row)
  }
  return index
}

/** Before any promotion. */
export const untouchedState = ({ listed, quantities, rows, sets }: Scene): State => {
  const state = {
    left: zeros(rows),
    free: zeros(sets.any ? rows : 0),
    open: zeros(sets.any ? rows : 0)
  }
  for (let row = 0; row < rows; row++) state.left[row] = listed[row]!
  if (sets.any) {
    copyColumn(state.left, state.open)
    for (let row = 0; row < rows; row++) state.free[row] = quantities[row]!
  }
  return state
}

/** Makes `to` what `from` is. */
export const copyState = (from: State, to: State): void => {
  copyColumn(from.left, to.left)
  copyColumn(from.free, to.free)
  copyColumn(from.open, to.open)
}

/** What a rule reads of a row, with so much left to pay. */
export const factsOf = (scene: Scene, row: number, left: number): Facts => {
  const { ids, currency, listed, lines, quantities, prices } = scene
  const common = { id: ids[row]!, currency, amount: left, listed: listed[row]!, discounted: left < listed[row]! }
  if (row >= lines) return { ...scene.factsOf(row), ...common }
  return {
    ...scene.factsOf(row),
    ...common,
    product: scene.productOf(row) ?? null,
    categories: scene.categoriesOf(row) ?? [],
    quantity: quantities[row]!,
    unitPrice: prices[row]!
  }
}

/** What a rule reads of the order, as it stands. The lines are made when they are asked for. */
export const orderFactsOf = (scene: Scene, { left }: State) => {
  const { lines, listed, quantities } = scene
  const sum = (of: ArrayLike<number>): number => {
    let total = 0
    for (let row = 0; row < lines; row++) total += of[row]!
    return total
  }
  return {
    now: scene.now,
    currency: scene.currency,
    channel: scene.channel ?? null,
    subtotal: sum(left),
    listed: sum(listed),
    quantity: sum(quantities),
    coupons: scene.coupons,
    customer: scene.customer ?? null,
    get lines() {
      return Array.from({ length: lines }, (_, row) => factsOf(scene, row, left[row]!))
    }
  }
}
