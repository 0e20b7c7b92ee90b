import { openSearch } from "@omni/catalog/search"
import { embedded } from "@omni/search-embedded"

import { type Omnishop, searching } from "../app.ts"
import { moment } from "./moments.ts"
import type { Teller } from "./teller.ts"
import { EMAIL, type Met } from "./web.ts"

const DAY = "2026-03-07"
const KEY = "story/till"

/** What somebody in a hurry types, and the article that is meant. The till has an index of its own. */
const typedAtTheTill = async (staff: Omnishop, text: string): Promise<string> => {
  await using finder = openSearch(staff, searching, { driver: embedded() })
  await finder.drain()
  const { hits } = await finder.find({ channel: "store", text })
  const variant = hits[0]?.variants[0]?.id
  if (variant === undefined) throw new Error(`Nothing is called "${text}".`)
  return variant
}

/** Chapter 4: the same cart at the till, one article more, the coupon, and all of it bought in one commit. Gives the order's id. */
export const till = async ({ as, at }: Teller, { customer, coupon }: Met): Promise<string> => {
  await at(moment(DAY, "11:02:00"))
  const { code } = await as({ kind: "customer", id: customer, channel: "app" }).cart.handOver({ customer }, { key: `${KEY}/qr` })
  const staff = as({ kind: "staff", id: "amira", channel: "store" })
  await at(moment(DAY, "11:03:00"))
  const { cart } = await staff.cart.openByCode({ code }, { key: `${KEY}/open` })
  await at(moment(DAY, "11:05:00"))
  const { items } = await staff.recommend.forSlot({
    slot: "till",
    customer,
    items: ["shaver"],
    cart: ["shaver", "refill"],
    channel: "store",
    location: "charlottenburg"
  })
  const [best] = items
  await staff.recommend.recordShown({ slot: "till", customer, items: items.map(({ item }) => item) }, { key: `${KEY}/shown` })
  await staff.profile.track(
    {
      profile: customer,
      type: "recommended",
      message: `${KEY}/case`,
      properties: { product: best?.item ?? "", because: best?.reasons[0]?.sentence ?? "" }
    },
    { key: `${KEY}/recommend` }
  )
  const variant = await typedAtTheTill(staff, "travl case")
  await staff.cart.add({ cart: cart.id, variant }, { key: `${KEY}/add` })
  await at(moment(DAY, "11:06:00"))
  const shown = await staff.cart.applyCoupon({ cart: cart.id, code: coupon }, { key: `${KEY}/coupon` })
  await staff.profile.identify(
    {
      identifiers: [
        { type: "email", value: EMAIL },
        { type: "phone", value: "+49 30 901820" }
      ]
    },
    { key: `${KEY}/phone` }
  )
  await at(moment(DAY, "11:08:00"))
  const { order } = await staff.cart.checkout(
    {
      cart: cart.id,
      fulfilment: { kind: "pickup", location: "charlottenburg" },
      expected: shown.priced.totals.gross
    },
    { key: `${KEY}/checkout` }
  )
  await at(moment(DAY, "12:30:00"))
  return order.id
}
