import { cart, type NamedPromotion, shownOf } from "@omni/cart"
import { InvalidOptions } from "@omni/core"
import { InvalidPromotion } from "@omni/pricing"
import { assert, it } from "vitest"

import { carryOut, channels, openShop } from "./shop.ts"

const tenth = { target: "line", value: { type: "percentage", percent: 10 } } as const
const autumn: NamedPromotion = { id: "autumn", name: { en: "Autumn sale", DE: "Herbstangebot", "pt-br": "Promoção de outono" }, ...tenth }
const friends: NamedPromotion = { id: "friends", name: { en: "For friends", de: "Für Freunde" }, coupon: "friends", ...tenth }
const plain: NamedPromotion = { id: "plain", name: "Rabatt", ...tenth }

const opened = async () => {
  const shop = await openShop({ promotions: [autumn, friends, plain] })
  await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  const named = async (locale?: string) => {
    const { priced } = await shop.cart.cart({ customer: "p1", ...(locale === undefined ? {} : { locale }) })
    return Object.fromEntries(priced.discounts.map(({ promotion, name }) => [promotion, name]))
  }
  return { shop, named }
}

it("a promotion is called as its reader reads, else as the channel does; one with one name is called so by everybody", async () => {
  const { shop, named } = await opened()
  assert.deepEqual(await named(), { autumn: "Herbstangebot", plain: "Rabatt" })
  assert.deepEqual(await named("en-GB"), { autumn: "Autumn sale", plain: "Rabatt" })
  assert.deepEqual(await named("pt-BR"), { autumn: "Promoção de outono", plain: "Rabatt" })
  assert.deepEqual(await named("fr"), { autumn: "Herbstangebot", plain: "Rabatt" })
  const { priced } = await shop.cart.applyCoupon({ customer: "p1", code: "FRIENDS" })
  assert.equal(priced.discounts.find(({ promotion }) => promotion === "friends")?.name, "Für Freunde")
  const told = async (locale?: string) =>
    (await shop.cart.cart({ customer: "p1", ...(locale === undefined ? {} : { locale }) })).coupons.map((one) =>
      "name" in one ? one.name : ""
    )
  assert.deepEqual([await told(), await told("en")], [["Für Freunde"], ["For friends"]])
  await shop.close()
})

it("and takes off the same: what was shown in one language is bought in another, and the order has the buyer's", async () => {
  const { shop } = await opened()
  const [here, there] = await Promise.all([shop.cart.cart({ customer: "p1" }), shop.cart.cart({ customer: "p1", locale: "en" })])
  assert.equal(here.priced.totals.gross.amount, there.priced.totals.gross.amount)
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, expected: shownOf(here), locale: "en" })
  assert.sameMembers(
    order.lines.flatMap(({ adjustments = [] }) => adjustments.map(({ label }) => label)),
    ["Autumn sale", "Rabatt"]
  )
  await shop.close()
})

it("so is a coupon, of its own or of a series", async () => {
  const shop = await openShop({ secret: "0123456789abcdef0123456789abcdef" })
  const name = { en: "For you", de: "Für dich" }
  await shop.cart.issueCoupon({ code: "MINE", name, value: tenth.value })
  await shop.cart.issueCoupon({ code: "MINE", name, value: tenth.value })
  await shop.cart.issueSeries({ series: "SPRING", count: 10, name: "Frühling", value: { type: "percentage", percent: 5 } })
  await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  const { priced, coupons } = await shop.cart.applyCoupon({ customer: "p1", code: "MINE" })
  assert.deepEqual([priced.discounts[0]?.name, coupons[0]?.status !== "unknown" && coupons[0]?.name], ["Für dich", "Für dich"])
  const english = await shop.cart.cart({ customer: "p1", locale: "en-US" })
  assert.equal(english.priced.discounts[0]?.name, "For you")
  assert.deepEqual((await shop.cart.coupon({ code: "MINE" }))?.name, name)
  const wrong = await shop.cart.safe.issueCoupon({ name: {}, value: tenth.value })
  assert.isTrue(!wrong.ok && wrong.error._tag === "InvalidInput")
  await shop.close()
})

it("a name in no language, or by what is none, is refused when the cart is put together", () => {
  const make = (name: NamedPromotion["name"]) => () =>
    cart({ channels, tax: { entry: "gross", rates: {} }, promotions: [{ ...plain, name }] })
  assert.throws(make({}), InvalidOptions, "one language at least")
  assert.throws(make({ "no language!": "x" }), InvalidOptions)
  assert.throws(make({ en: "" }), InvalidOptions)
  assert.throws(make(""), InvalidPromotion)
})
