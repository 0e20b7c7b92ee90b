import { credit, creditTenders, giftCardCode, giftCardToken, storeCreditId } from "@omni/cart"
import { createOmni, event, module } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, payments } from "@omni/orders"
import * as z from "zod"

import { clockAt } from "./shop.ts"

const secret = "correct horse battery staple, 2026!"
/** So many cents. */
export const euros = (amount: number) => ({ amount, currency: "EUR" }) as const
/** A day in milliseconds. */
export const day = 86_400_000
/** When the clock of the shop begins. */
export const start = 1_000_000
/** Two customers are one. */
export const Merged = event("test.Merged", z.object({ from: z.string(), into: z.string() }))
/** Who tells of it. */
export const people = module("people", { events: [Merged] })

/** A shop that is paid by credit, and its clock. */
export const openCreditShop = (grace?: number) => {
  const time = clockAt(start)
  const policy = grace === undefined ? {} : { grace }
  const shop = createOmni({
    store: memory(),
    clock: time.clock,
    modules: {
      inventory: inventory(),
      orders: orders(),
      payments: payments({ tenders: creditTenders(policy) }),
      credit: credit({ secret, customersMerged: Merged, ...policy }),
      people
    }
  })
  return { shop, time }
}

/** What tests of credit call. */
export type CreditShop = ReturnType<typeof openCreditShop>["shop"]

/** What a gift card of a number is known by. */
export const cardOf = (number: string): string => giftCardToken(secret, giftCardCode(secret, number)) ?? ""

/** The store credit of the customer of the tests. */
export const account = storeCreditId("p1", "EUR")

/** What can be used of it. */
export const availableOf = async (shop: CreditShop) => (await shop.credit.balance({ account })).available.amount
