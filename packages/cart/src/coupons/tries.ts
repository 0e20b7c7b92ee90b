import { collection, fail, Instant, minutes, type Tx } from "@omni/core"
import * as z from "zod"

import { TooManyTries } from "../errors.ts"
import type { Cart } from "../model.ts"

/** How many codes may be wrong in a minute, for one cart. */
const MOST = 10

/** When codes that were tried on a cart were wrong, the last ten times. */
export const CouponTries = collection("cart.coupon-tries", { schema: z.object({ at: z.array(Instant).max(MOST).readonly() }).readonly() })

/** How many codes may yet be wrong now. */
export const triesLeft = (tx: Tx, { id: cart }: Cart): number =>
  MOST - (tx.get(CouponTries, cart)?.at ?? []).filter((at) => at + minutes(1) > tx.now).length

/** Refuses a cart on which too many wrong codes were tried within a minute. Errors: `TooManyTries`. */
export function* mayTry(tx: Tx, { id: cart }: Cart): Generator<TooManyTries, void, unknown> {
  const [first, ...others] = tx.get(CouponTries, cart)?.at ?? []
  const retryAt = first === undefined ? 0 : first + minutes(1)
  if (first === undefined || others.length + 1 < MOST || retryAt <= tx.now) return
  const message = `${MOST} codes in a minute were wrong for the cart "${cart}". Try again at ${retryAt} (epoch milliseconds).`
  return yield* fail(new TooManyTries({ cart, retryAt, message }))
}

/** Remembers codes that were wrong. */
export const countTries = (tx: Tx, { id }: Cart, wrong: number): void => {
  if (wrong === 0) return
  const before = tx.get(CouponTries, id)?.at ?? []
  tx.put(CouponTries, id, { at: [...before, ...Array.from({ length: wrong }, () => tx.now)].slice(-MOST) })
}
