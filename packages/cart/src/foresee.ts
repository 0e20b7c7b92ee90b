import { catalog } from "@omni/catalog"
import type { Collection } from "@omni/core"

import { Usages, usageIds } from "./coupons/limits.ts"
import { readSeriesCode } from "./coupons/series-code.ts"
import { possibleRedemptions } from "./coupons/state.ts"
import type { Reader } from "./find.ts"
import { type Cart, Coupons, Redemptions, SeriesCodes, SeriesRows } from "./model.ts"
import type { Settings } from "./settings.ts"

/**
 * Says which rows it takes to price a cart, as far as they can be told from it: they are loaded in one round trip with the next row that is
 * missing. A checkout on a cold store would else need one for each kind. A query has nothing to say it to.
 */
export const foreseePricing = (
  reader: Reader,
  settings: Settings,
  cart: Pick<Cart, "id" | "customer" | "lines">,
  codes: ReadonlyArray<string>
): void => {
  if (reader.prefetch === undefined) return
  const [variants, products] = catalogRows()
  reader.prefetch(
    variants,
    cart.lines.map(({ variant }) => variant)
  )
  reader.prefetch(products, [...new Set(cart.lines.map(({ product }) => product))])
  const read = codes.map((code) => readSeriesCode(settings.secret, code))
  const others = codes.filter((_, at) => read[at] === undefined)
  const series = [...new Set(read.flatMap((one) => one?.series ?? []))]
  reader.prefetch(Coupons, others)
  reader.prefetch(SeriesCodes, others)
  reader.prefetch(SeriesRows, series)
  const customers = cart.customer === undefined ? [] : settings.identities(reader, cart.customer)
  reader.prefetch(
    Redemptions,
    codes.flatMap((code) => possibleRedemptions(code, [cart.id, ...customers]))
  )
  const counted = [
    ...Object.entries(settings.limits).map(([id, limits]) => ({ kind: "promotion", id, limits }) as const),
    ...series.map((id) => ({ kind: "series", id, limits: {} }) as const),
    ...others.map((id) => ({ kind: "coupon", id, limits: {} }) as const)
  ]
  reader.prefetch(
    Usages,
    counted.flatMap((one) => usageIds(one, customers))
  )
}

/** Collections of the catalog by their names, which are for good. */
const named = (name: string): Collection => {
  const found = catalog().collections.find((one) => one.name === name)
  if (found === undefined) throw new TypeError(`The catalog has no collection "${name}".`)
  return found
}

let rows: readonly [Collection, Collection, Collection] | undefined

/** Variants, products, and what codes name: for who reads many at once. */
export const catalogRows = (): readonly [Collection, Collection, Collection] =>
  (rows ??= [named("catalog.variants"), named("catalog.products"), named("catalog.codes")])
