import { reactor, type Reactor, type Tx } from "@omni/core"
import { OrderCancelled } from "@omni/orders"

import { ownerOf } from "../coupons/redeem.ts"
import { againId } from "../coupons/state.ts"
import { countUse } from "../coupons/usage.ts"
import { CouponRestored, type Redemption, Redemptions } from "../model.ts"
import type { Settings } from "../settings.ts"
import { foreseeKept } from "./foresee-kept.ts"
import { type OrderUse, OrderUses, type Reservation } from "./model.ts"

/** Keeps what an order has used up of coupons and limits, for whoever cancels it. */
export const noteUses = (tx: Tx, order: string, { coupons, uses }: Pick<Reservation, "coupons" | "uses">): void => {
  if (coupons.length + uses.length > 0) tx.put(OrderUses, order, { coupons, uses })
}

/** Gives back what an order that was cancelled as a whole had used up, once, as far as the shop's `cancelled` says. Of an order of which anything has left nothing comes back. */
export const givingBack = ({ cancelled }: Settings): Reactor =>
  reactor(
    "cart.cancelled",
    [OrderCancelled],
    function* (tx, { data: { order, complete } }) {
      const used = complete ? tx.get(OrderUses, order) : undefined
      if (used === undefined) return
      foreseeKept(tx, used)
      tx.prefetch(
        Redemptions,
        used.coupons.map(({ code }) => againId(code, order))
      )
      tx.remove(OrderUses, order)
      if (cancelled.coupons === "give-back") for (const coupon of used.coupons) restore(tx, order, coupon)
      if (cancelled.limits === "give-back")
        for (const { limited, customer, amount, currency } of used.uses) countUse(tx, customer, limited, { amount, currency }, -1)
    },
    { imports: "run" }
  )

/** Makes a coupon good again. Where a till has given it once more in the meantime, that redemption takes the place of the one that is gone. */
const restore = (tx: Tx, order: string, { code, keys, amount, campaign, series }: OrderUse["coupons"][number]): void => {
  const again = againId(code, order)
  const rows = tx.getMany(Redemptions, [...keys, again])
  const at = rows.findIndex((row) => row?.order === order)
  const mine = rows[at]
  if (mine === undefined) return
  const key = [...keys, again][at]!
  tx.remove(Redemptions, key)
  if (key !== again) takeItsPlace(tx, code, key, mine)
  else forget(tx, keys, rows, order)
  tx.emit(CouponRestored, mine.customer ?? code, {
    code,
    ...ownerOf(mine.customer),
    order,
    amount,
    ...(campaign === undefined ? {} : { campaign }),
    ...(series === undefined ? {} : { series })
  })
}

/** The first of those that were one too many is the one that counts now. */
const takeItsPlace = (tx: Tx, code: string, key: string, { again: [next, ...others] = [] }: Redemption): void => {
  const row = next === undefined ? undefined : tx.get(Redemptions, againId(code, next))
  if (next === undefined || row === undefined) return
  const { tooManyAt: _, ...counts } = row
  tx.put(Redemptions, key, others.length === 0 ? counts : { ...counts, again: others })
  tx.remove(Redemptions, againId(code, next))
}

/** One too many less. */
const forget = (tx: Tx, keys: ReadonlyArray<string>, rows: ReadonlyArray<Redemption | undefined>, order: string): void => {
  const at = rows.findIndex((row) => row?.again?.includes(order))
  const row = rows[at]
  if (row === undefined) return
  const { again = [], ...rest } = row
  const others = again.filter((one) => one !== order)
  tx.put(Redemptions, keys[at]!, others.length === 0 ? rest : { ...rest, again: others })
}
