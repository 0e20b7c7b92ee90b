import type { Currency, Tx } from "@omni/core"
import type { Promotion } from "@omni/pricing"

import { Reservations } from "../checkout/model.ts"
import type { Reader } from "../find.ts"
import type { Cart, Coupon } from "../model.ts"
import type { Settings } from "../settings.ts"
import { codeUsageId, customerUsageIds, type Limited, totalUsageId, Usages, type Used, usageIds } from "./limits.ts"

/** What has limits among the promotions that a cart with these codes may get, by the promotion's id. */
export const limitedOf = (
  promotions: ReadonlyArray<Promotion>,
  codes: ReadonlyArray<{ readonly code: string; readonly coupon?: Coupon }>
): ReadonlyMap<string, Limited> => {
  const all = new Map<string, Limited>()
  const brought = new Set(codes.map(({ code }) => code))
  for (const { id, limits, coupon: code } of promotions) {
    if (limits === undefined || (code !== undefined && !brought.has(code))) continue
    all.set(id, { kind: "promotion", id, limits, ...(code === undefined ? {} : { code }) })
  }
  for (const { code, coupon } of codes) {
    const limited = coupon === undefined ? undefined : couponLimits(coupon)
    if (limited !== undefined) all.set(code, limited)
  }
  return all
}

/** The limits that a coupon stands under: its own, or those of its series together. */
const couponLimits = ({ code, limits, series }: Coupon): Limited | undefined => {
  if (limits === undefined) return undefined
  return series === undefined ? { kind: "coupon", id: code, limits, code } : { kind: "series", id: series, limits, code }
}

/** What others, and this cart before, have used of each by now; what an open checkout keeps for the cart itself is its own. One load. */
export const usedOf = (
  reader: Reader,
  { identities }: Settings,
  { id, customer }: Pick<Cart, "customer"> & { readonly id?: string },
  limited: ReadonlyMap<string, Limited>
): ReadonlyMap<string, Used> => {
  if (limited.size === 0) return new Map()
  const customers = customer === undefined ? [] : identities(reader, customer)
  const ids = [...limited.values()].flatMap((one) => usageIds(one, customers))
  const rows = new Map(reader.getMany(Usages, ids).map((row, at) => [ids[at]!, row]))
  const kept = id === undefined ? undefined : reader.get(Reservations, id)
  const own = kept?.held === true ? kept.uses : []
  return new Map(
    [...limited].map(([promotion, one]) => [
      promotion,
      without(
        countOf(one, customers, (row) => rows.get(row)),
        own,
        customers
      )
    ])
  )
}

/** What the rows of usage say of one that has limits. */
export const countOf = (
  limited: Limited,
  customers: ReadonlyArray<string>,
  row: (id: string) => Pick<Used, "uses" | "spent"> | undefined
): Used => {
  const { uses = 0, spent = {} } = row(totalUsageId(limited)) ?? {}
  const mine = customerUsageIds(limited, customers).reduce((sum, one) => sum + (row(one)?.uses ?? 0), 0)
  const code = codeUsageId(limited)
  return { limited, uses, spent, mine, byCode: code === undefined ? 0 : (row(code)?.uses ?? 0) }
}

const without = (
  used: Used,
  own: ReadonlyArray<{ readonly limited: Limited; readonly customer?: string; readonly amount: number; readonly currency: Currency }>,
  customers: ReadonlyArray<string>
): Used =>
  own.reduce((now, { limited, customer, amount, currency }) => {
    if (limited.kind !== now.limited.kind || limited.id !== now.limited.id) return now
    const spent = { ...now.spent, [currency]: Math.max(0, (now.spent[currency] ?? 0) - amount) }
    const isMine = customer !== undefined && customers.includes(customer)
    const byCode = now.byCode - (limited.code !== undefined && limited.code === now.limited.code ? 1 : 0)
    return { ...now, uses: now.uses - 1, mine: now.mine - (isMine ? 1 : 0), byCode, spent }
  }, used)

/** Counts what was given to a customer, or with -1 that it is not given after all. */
export const countUse = (
  tx: Tx,
  customer: string | undefined,
  limited: Limited,
  { amount, currency }: { readonly amount: number; readonly currency: Currency },
  by: 1 | -1 = 1
): void => {
  for (const id of usageIds(limited, customer === undefined ? [] : [customer])) {
    const { uses = 0, spent = {} } = tx.get(Usages, id) ?? {}
    tx.put(Usages, id, {
      uses: Math.max(0, uses + by),
      spent: amount === 0 ? spent : { ...spent, [currency]: Math.max(0, (spent[currency] ?? 0) + by * amount) }
    })
  }
}
