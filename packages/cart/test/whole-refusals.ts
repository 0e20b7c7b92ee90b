import { type Cart, storeCreditId } from "@omni/cart"
import { assert } from "vitest"

import { skus, type Told, type Whole } from "./whole-shop.ts"

interface Tender {
  readonly provider: string
  readonly amount?: number
  readonly token?: string
}

/** Refused with what a customer was shown a moment ago: it has to be for goods or money that are not there. `read` before the attempt. */
export const reasonsOf = async ({ shop }: Whole, told: Told, customer: string, tenders: ReadonlyArray<Tender>) => {
  const { items } = await shop.inventory.levels({ location: "mitte" })
  const checkouts = await Promise.all([...told.started.keys()].map((checkout) => shop.payments.checkout({ checkout })))
  const own = checkouts.filter((one) => one.customer === customer && one.status === "open")
  const back = (provider: string) =>
    own
      .flatMap(({ payments }) => payments)
      .reduce((all, row) => all + (row.provider === provider ? row.authorised - row.released - row.refunded : 0), 0)
  const there = async ({ provider, token = "" }: Tender): Promise<number> => {
    if (provider === "points") return (await shop.loyalty.member({ customer })).available
    if (provider === "card") return Infinity
    const account = provider === "gift-card" ? token : storeCreditId(customer, "EUR")
    return (await shop.credit.balance({ account })).available.amount
  }
  const funds = await Promise.all(tenders.map(async (one) => ({ ...one, most: (await there(one)) + back(one.provider) })))
  return {
    /** Of some article of the cart there are not so many, also with what the customer's own checkout holds. */
    assertShort: ({ lines }: Cart): void => {
      const short = skus.filter((sku) => {
        const row = items.find((item) => item.row.sku === sku)!.row
        const held = own
          .flatMap(({ request }) => request?.lines ?? [])
          .reduce((all, line) => all + (line.sku === sku ? line.quantity : 0), 0)
        const wanted = lines.reduce((all, line) => all + (line.sku === sku ? line.quantity : 0), 0)
        return wanted > row.onHand - row.reserved - (row.allocated ?? 0) + held
      })
      assert.isNotEmpty(short, "nothing was short")
    },
    /** Some account has less than it was to pay. */
    assertPoor: (total: number): void => {
      const named = tenders.reduce((sum, { amount = 0 }) => sum + amount, 0)
      assert.isTrue(
        funds.some(({ amount = total - named, most }) => amount > most),
        "there was money enough"
      )
    }
  }
}
