import type { Tx } from "@omni/core"

import { OrderPayments, type Payment, Payments } from "./model.ts"

/** The payments of an order, in the order in which they are captured. */
export const paymentsFor = (reader: Pick<Tx, "get" | "getMany">, order: string): ReadonlyArray<Payment> =>
  reader.getMany(Payments, reader.get(OrderPayments, order)?.payments ?? []).filter((row) => row !== undefined)
