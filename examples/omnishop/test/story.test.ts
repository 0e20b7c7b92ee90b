import { CartCheckedOut, CouponRedeemed } from "@omni/cart"
import { days, hours } from "@omni/core"
import { StockHeld } from "@omni/inventory"
import { JourneyEnded } from "@omni/journeys"
import { Orders, OrderPlaced } from "@omni/orders"
import { RecommendationConverted } from "@omni/recommend"
import { assert, it } from "vitest"

import { opening } from "../src/story/opening.ts"
import { phone } from "../src/story/phone.ts"
import { silence } from "../src/story/silence.ts"
import { tell } from "../src/story/tell.ts"
import { tellerOf } from "../src/story/teller.ts"
import { till } from "../src/story/till.ts"
import { web } from "../src/story/web.ts"
import { freshHome } from "./places.ts"
import { type TestShop, withShop } from "./shop.ts"

/** The story up to the checkout. */
const upToCheckout = async ({ omni, clock }: TestShop) => {
  const teller = tellerOf(omni, clock)
  await opening(teller)
  const met = await web(teller)
  await phone(teller, met)
  await silence(teller)
  return { ...met, order: await till(teller, met) }
}

it("leaves the rows that the story is about, in a file that can be reopened", async () => {
  const home = freshHome()
  const { customer, coupon, order } = await withShop(home, ({ omni, clock }) => tell(omni, clock))
  await withShop(home, async ({ omni }) => {
    const profile = await omni.profile.profile({ profile: customer })
    assert.deepEqual(profile?.identifiers.map(({ type, value }) => `${type} ${value}`).sort(), [
      "anonymous browser-5f2c",
      "device phone-81aa",
      "email nora@example.com",
      "phone +4930901820",
      "push fcm-token-Qx7-0c2e9b54"
    ])
    assert.equal(profile?.merged.length, 1)
    assert.deepEqual(profile?.preferred, ["push"])

    const bought = await omni.orders.order({ order })
    assert.deepInclude(bought, { status: "collected", channel: "store", location: "charlottenburg", customer })
    assert.deepEqual(bought.totals.total, { amount: 16_300, currency: "EUR" })
    assert.deepEqual(bought.totals.adjustments, { amount: -4_075, currency: "EUR" })
    assert.isTrue(bought.lines.every(({ adjustments }) => adjustments[0]?.coupon === coupon))

    const levels = await omni.inventory.levels({ location: "charlottenburg" })
    assert.deepEqual(
      levels.items.map(({ row }) => [row.sku, row.onHand, row.reserved]),
      [
        ["CASE-1", 3, 0],
        ["REFILL-3", 4, 0],
        ["SHAVER-7", 2, 0]
      ]
    )
    const converted = (await omni.events({ types: [RecommendationConverted] })).events.map(({ data }) => data)
    assert.deepEqual(
      converted.map((data) => RecommendationConverted.schema.parse(data)).map(({ item, outcome, slot }) => [slot, item, outcome]),
      [
        ["till", "case", "cart"],
        ["till", "case", "order"]
      ]
    )
    const { items } = await omni.channels.messagesOf({ customer })
    assert.deepEqual(items.map(({ row }) => `${row.kind} ${row.purpose} ${row.status}`).reverse(), [
      "email newsletter sent",
      "push reminders sent",
      "sms order-status sent",
      "email feedback sent",
      "email feedback sent"
    ])
    const tasks = await omni.nps.followUps({ location: "charlottenburg" })
    assert.deepEqual(
      tasks.items.map(({ row }) => [row.status, row.score, row.about, row.deadline - row.openedAt]),
      [["open", 4, order, days(2)]]
    )
    assert.deepEqual((await omni.deadLetters()).items, [])
  })
})

it("changes price, coupon, stock and order in one commit, and in no other", async () => {
  const home = freshHome()
  await withShop(home, async (shop) => {
    const { coupon, order } = await upToCheckout(shop)
    const { cart, hold } = await shop.omni.orders.order({ order })
    const keys = [
      { collection: Orders.name, id: order },
      { collection: "cart.carts", id: cart ?? "" },
      { collection: "cart.redemptions", id: JSON.stringify([coupon]) },
      { collection: "inventory.holds", id: hold ?? "" },
      ...["SHAVER-7", "REFILL-3", "CASE-1"].map((sku) => ({ collection: "inventory.stock", id: `${sku}@charlottenburg` }))
    ]
    const beside = home.open()
    const { rows } = await (await beside.open("default")).read(keys)
    await beside.close()
    const [checkout, ...others] = shop.landed.filter(({ commit }) => commit.writes.some(({ key }) => key.collection === Orders.name))
    assert.deepEqual(others, [])
    assert.deepEqual(
      rows.map((row) => row?.version),
      keys.map(() => checkout?.position)
    )
    assert.deepEqual(
      checkout?.commit.events.map(({ type }) => type),
      [StockHeld, OrderPlaced, CouponRedeemed, CartCheckedOut].map(({ name }) => name)
    )
    const redeemed = shop.landed.filter(({ commit }) => commit.events.some(({ type }) => type === CouponRedeemed.name))
    assert.deepEqual(redeemed, [checkout])
    const [sold] = (await shop.omni.events({ types: [CartCheckedOut] })).events
    assert.deepInclude(sold?.data as object, { value: { amount: 16_300, currency: "EUR" }, order })
  })
})

it("sends no reminder after the checkout, however long nobody does anything", async () => {
  await withShop(freshHome(), async (shop) => {
    const { customer } = await upToCheckout(shop)
    const { clock, omni } = shop
    const ended = (await omni.events({ types: [JourneyEnded] })).events.map(({ data }) => (data as { readonly reason: string }).reason)
    assert.equal(ended.at(-1), "exited")
    const start = clock.now()
    for (const later of [hours(1), hours(2), days(1), days(3)]) {
      clock.set(start + later)
      await omni.drain()
    }
    const { items } = await omni.channels.messagesOf({ customer })
    assert.deepEqual(
      items.map(({ row }) => row.purpose),
      ["reminders", "newsletter"]
    )
    assert.equal(shop.push.messages.length, 1)
  })
})

it("brings every message through the outbox, to the driver under the key that it has there", async () => {
  await withShop(freshHome(), async ({ omni, clock, landed, mails, push, sms }) => {
    const { customer } = await tell(omni, clock)
    const writes = landed.flatMap(({ commit }) => commit.writes).filter(({ key }) => key.collection === "omni.messages")
    const put = new Set(writes.filter(({ row }) => row !== undefined).map(({ key }) => key.id))
    const removed = writes.filter(({ row }) => row === undefined).map(({ key }) => key.id)
    assert.equal(put.size, 5)
    assert.deepEqual(new Set(removed), put)
    for (const { key } of [...push.messages, ...sms.messages]) assert.isTrue(put.has(key))
    assert.deepEqual([mails.length, push.messages.length, sms.messages.length], [3, 1, 1])

    const { items } = await omni.channels.messagesOf({ customer })
    const ids = mails.map((mail) => /^Message-ID: (.+)$/im.exec(mail)?.[1]?.trim())
    assert.sameMembers(
      ids,
      items.filter(({ row }) => row.kind === "email").map(({ row }) => row.providerId)
    )
    assert.sameMembers(
      [...push.messages, ...sms.messages].map(({ providerId }) => providerId),
      items.filter(({ row }) => row.kind !== "email").map(({ row }) => row.providerId)
    )
  })
})

it("writes mail that can be unsubscribed from with one click, when it is marketing", async () => {
  await withShop(freshHome(), async ({ omni, clock, mails }) => {
    await tell(omni, clock)
    assert.deepEqual(
      mails.map((mail) => [/^Subject: (.+)$/im.exec(mail)?.[1]?.trim(), /^List-Unsubscribe-Post:/im.test(mail)]),
      [
        ["Your 20 %, Nora", true],
        ["How was it?", false],
        ["That was not good enough", false]
      ]
    )
  })
})
