import type { Tx } from "@omni/core"

import { AccountOrders } from "./model.ts"

/** What of an order its account owes of itself, by no payment, in minor units: nobody is asked for that. */
export const onAccountOf = (reader: Pick<Tx, "get">, order: string): number =>
  reader.get(AccountOrders, order)?.commitments.find(({ id }) => id === order)?.amount ?? 0

/** The account that has promised to pay for an order, or for something of it. */
export const promiserOf = (reader: Pick<Tx, "get">, order: string): string | undefined =>
  reader.get(AccountOrders, order)?.commitments.find(({ amount }) => amount > 0)?.account
