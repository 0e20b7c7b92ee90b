import type { Tx } from "@omni/core"
import type { Discount, Promotion } from "@omni/pricing"

import type { Reader } from "../find.ts"
import type { Cart } from "../model.ts"
import type { Settings } from "../settings.ts"
import { type Limited, Usages, type Used, usageIds } from "./limits.ts"
import type { CouponState } from "./state.ts"

/** What has limits among the promotions that a cart may get, by the promotion's id. */
export const limitedOf = (
  { limits }: Settings,
  promotions: ReadonlyArray<Promotion>,
  coupons: ReadonlyArray<CouponState>
): ReadonlyMap<string, ReadonlyArray<Limited>> => {
  const all = new Map<string, ReadonlyArray<Limited>>()
  for (const { id } of promotions) {
    const own = limits[id]
    if (own !== undefined) all.set(id, [{ kind: "promotion", id, limits: own }])
  }
  for (const state of coupons) if ("coupon" in state) all.set(state.code, couponLimits(state.coupon))
  return all
}

/** The limits that one coupon stands under: its own, and those of its series together. */
export const couponLimits = ({ code, limits, series }: Extract<CouponState, { coupon: unknown }>["coupon"]): ReadonlyArray<Limited> =>
  limits === undefined ? [] : [series === undefined ? { kind: "coupon", id: code, limits } : { kind: "series", id: series, limits }]

/** What has been used of each by now. One load. */
export const usedOf = (
  reader: Reader,
  { identities }: Settings,
  { customer }: Pick<Cart, "customer">,
  limited: ReadonlyMap<string, ReadonlyArray<Limited>>
): ReadonlyMap<string, ReadonlyArray<Used>> => {
  const all = [...limited.values()].flat()
  if (all.length === 0) return new Map()
  const customers = customer === undefined ? [] : identities(reader, customer)
  const ids = all.map((one) => usageIds(one, customers))
  const rows = new Map(reader.getMany(Usages, ids.flat()).map((row, at) => [ids.flat()[at]!, row]))
  const used = (one: Limited): Used => {
    const [total = "", ...mine] = usageIds(one, customers)
    const { uses = 0, spent = 0 } = rows.get(total) ?? {}
    return { limited: one, uses, spent, mine: mine.reduce((sum, id) => sum + (rows.get(id)?.uses ?? 0), 0) }
  }
  return new Map([...limited].map(([id, some]) => [id, some.map(used)]))
}

/** Counts what was given. */
export const countUse = (
  tx: Tx,
  { identities }: Settings,
  { customer }: Pick<Cart, "customer">,
  limited: ReadonlyArray<Limited>,
  discount: Pick<Discount, "amount" | "currency"> | undefined
): void => {
  for (const one of limited) {
    const spent = discount === undefined || discount.currency !== one.limits.budget?.currency ? 0 : -discount.amount
    for (const id of usageIds(one, customer === undefined ? [] : identities(tx, customer).slice(0, 1))) {
      const row = tx.get(Usages, id)
      tx.put(Usages, id, { uses: (row?.uses ?? 0) + 1, spent: (row?.spent ?? 0) + spent })
    }
  }
}
