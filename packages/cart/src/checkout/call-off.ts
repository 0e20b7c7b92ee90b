import type { Tx } from "@omni/core"

import type { Cart } from "../model.ts"
import type { Settings } from "../settings.ts"
import { Reservations } from "./model.ts"
import { letGoKept } from "./reserve.ts"

/**
 * Calls the open checkout of a cart off, if it has one: its goods and what it keeps are free again, its money is given back. So are those of carts that came into
 * this one while they were being paid for, or their lines would be bought twice.
 */
export const callOff = (tx: Tx, { payments }: Settings, { id, joined = [] }: Pick<Cart, "id" | "joined">): void => {
  for (const cart of [id, ...joined]) {
    const kept = tx.get(Reservations, cart)
    if (kept === undefined) continue
    if (kept.checkout !== undefined && payments !== undefined) tx.attempt(payments.cancelCheckout(tx, { checkout: kept.checkout }))
    const still = tx.get(Reservations, cart)
    if (still === undefined) continue
    letGoKept(tx, still)
    tx.remove(Reservations, cart)
  }
}
