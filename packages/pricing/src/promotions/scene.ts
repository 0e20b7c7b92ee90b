import type { Json } from "@omni/core"

import type { Basket } from "./basket.ts"
import { copyColumn, zeros } from "./column.ts"
import { type Desk, deskOf } from "./share.ts"

/** What is left to pay while promotions are given, by row. */
export interface State {
  readonly left: Array<number>
  /** Units that no set has taken yet. */
  readonly free: Array<number>
  /** What is left to pay for those units. */
  readonly open: Array<number>
}

type Facts = Readonly<Record<string, Json>>

/** A basket while promotions are chosen for it, with what is made of it once, when it is first asked for. */
export class Scene implements Basket {
  readonly currency: Basket["currency"]
  readonly now: number
  readonly channel: Basket["channel"]
  readonly customer: Basket["customer"]
  readonly coupons: Basket["coupons"]
  readonly lines: number
  readonly rows: number
  readonly ids: Basket["ids"]
  readonly quantities: Basket["quantities"]
  readonly prices: Basket["prices"]
  readonly listed: Basket["listed"]
  readonly productOf: Basket["productOf"]
  readonly categoriesOf: Basket["categoriesOf"]
  readonly factsOf: Basket["factsOf"]
  readonly weightOf: Basket["weightOf"]
  readonly rounding: Basket["rounding"]
  /** Whether any candidate takes units: else nobody asks for `free` and `open`. */
  hasSets = false
  #facts: Array<Facts> | undefined
  #products: ReadonlyMap<string, ReadonlyArray<number>> | undefined
  #order: ReturnType<typeof orderFactsOf> | undefined
  #evenness: number | undefined
  #desk: Desk | undefined

  constructor(basket: Basket) {
    this.currency = basket.currency
    this.now = basket.now
    this.channel = basket.channel
    this.customer = basket.customer
    this.coupons = basket.coupons
    this.lines = basket.lines
    this.rows = basket.rows
    this.ids = basket.ids
    this.quantities = basket.quantities
    this.prices = basket.prices
    this.listed = basket.listed
    this.productOf = basket.productOf
    this.categoriesOf = basket.categoriesOf
    this.factsOf = basket.factsOf
    this.weightOf = basket.weightOf
    this.rounding = basket.rounding
  }

  byProduct(): ReadonlyMap<string, ReadonlyArray<number>> {
    return (this.#products ??= productsOf(this))
  }

  /** What rules read of a row before any promotion. */
  untouched(row: number): Facts {
    this.#facts ??= []
    return (this.#facts[row] ??= factsOf(this, row, this.listed[row]!))
  }

  /** What conditions read of the order before any promotion. */
  untouchedOrder(): ReturnType<typeof orderFactsOf> {
    return (this.#order ??= orderFactsOf(this, untouchedState(this)))
  }

  /** The lightest of the weights by which a discount is shared out, against the heaviest: each as a part of what its line costs. */
  evenness(): number {
    return (this.#evenness ??= evennessOf(this))
  }

  desk(): Desk {
    return (this.#desk ??= deskOf(this.rows))
  }
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
export const untouchedState = ({ listed, quantities, rows, hasSets }: Scene): State => {
  const state = {
    left: zeros(rows),
    free: zeros(hasSets ? rows : 0),
    open: zeros(hasSets ? rows : 0)
  }
  for (let row = 0; row < rows; row++) state.left[row] = listed[row]!
  if (hasSets) {
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
