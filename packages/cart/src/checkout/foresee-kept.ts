import type { Tx } from "@omni/core"

import { Usages, usageIds } from "../coupons/limits.ts"
import { Redemptions } from "../model.ts"
import { CouponHolds, type Reservation } from "./model.ts"

/** Says which rows of coupons and limits something is kept by, or used up: they are loaded with the next one that is missing. */
export const foreseeKept = (tx: Tx, { coupons, uses }: Pick<Reservation, "coupons" | "uses">): void => {
  const keys = coupons.flatMap((one) => one.keys)
  tx.prefetch(CouponHolds, keys)
  tx.prefetch(Redemptions, keys)
  tx.prefetch(
    Usages,
    uses.flatMap(({ limited, customer }) => usageIds(limited, customer === undefined ? [] : [customer]))
  )
}
