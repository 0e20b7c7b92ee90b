import { cart, loyalty, type LoyaltyOptions, PointsAvailable, pointsTender, RewardClaimed, TierChanged } from "@omni/cart"
import { catalog } from "@omni/catalog"
import { createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, payments } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { Merged, people } from "./credit-shop.ts"
import { channels, clockAt } from "./shop.ts"

const day = 86_400_000
const start = 1_750_000_000_000
const euros = (amount: number) => ({ amount, currency: "EUR" }) as const

/** A point for each euro. */
const options: LoyaltyOptions = {
  earn: ({ total }) => total.amount / 100,
  pending: 14 * day,
  expireAfter: 100 * day,
  tiers: [
    { id: "silver", from: 100 },
    { id: "gold", from: 300 }
  ],
  qualification: 365 * day,
  rewards: [
    { id: "five", points: 50, coupon: { name: "Five euros", value: { type: "fixed", amount: 500, currency: "EUR" }, validFor: 30 * day } },
    { id: "gift", points: 10, tiers: ["gold"], coupon: { name: "Gift", value: { type: "percentage", percent: 10 } } }
  ],
  customersMerged: Merged
}

const shopOver = (store: StoreDriver = memory(), more: Partial<LoyaltyOptions> = {}, time = clockAt(start)) => {
  const all = { ...options, ...more }
  return createOmni({
    store,
    clock: time.clock,
    modules: {
      catalog: catalog(),
      inventory: inventory(),
      orders: orders(),
      payments: payments({ tenders: { points: pointsTender(all, euros(2)) } }),
      cart: cart({ channels, tax: { entry: "gross", rates: {} } }),
      loyalty: loyalty(all),
      people
    }
  })
}

type Shop = ReturnType<typeof shopOver>

const request = (amount: number, customer: string) => ({
  customer,
  currency: "EUR" as const,
  taxIncluded: true,
  lines: [{ id: "1", sku: "S", quantity: 4, unitPrice: euros(amount), stocked: false }]
})

/** Four pieces that cost so much together. */
const buy = async (shop: Shop, euro: number, customer = "p1"): Promise<string> => {
  const order = await shop.orders.place(request(euro * 25, customer))
  await shop.drain()
  return order.id
}

const sumOf = async (shop: Shop, customer = "p1"): Promise<number> =>
  (await shop.loyalty.pointsEntries({ customer, limit: 1_000 })).items.reduce((sum, { row }) => sum + row.points, 0)

it("earns by orders, pending until the return window is over, and takes back what comes back", async () => {
  const time = clockAt(start)
  const shop = shopOver(memory(), {}, time)
  await buy(shop, 40)
  await shop.loyalty.enrol({ customer: "p1" })
  const order = await buy(shop, 100)
  assert.include(await shop.loyalty.member({ customer: "p1" }), { available: 0, pending: 100, tier: "silver" })
  const early = await shop.loyalty.safe.spendPoints({ customer: "p1", points: 1, reference: "r" })
  assert.isTrue(!early.ok && early.error._tag === "PointsInsufficient" && early.error.available === 0)
  await shop.orders.cancel({ order, lines: [{ line: "1", quantity: 1 }], reason: "one too many" })
  await shop.drain()
  assert.include(await shop.loyalty.member({ customer: "p1" }), { available: 0, pending: 75 })
  time.pass(14 * day)
  await shop.drain()
  const standing = await shop.loyalty.member({ customer: "p1" })
  assert.include(standing, { available: 75, pending: 0 })
  assert.isUndefined(standing.tier)
  assert.deepEqual(standing.next, { tier: "silver", missing: 25 })
  assert.deepEqual(standing.expiring, { points: 75, at: start + 114 * day })
  const { events } = await shop.events({ types: [PointsAvailable, TierChanged], limit: 100 })
  assert.deepEqual(
    events.map(({ data }) => data),
    [
      { customer: "p1", to: "silver" },
      { customer: "p1", from: "silver" },
      { customer: "p1", points: 75, order }
    ]
  )
  await shop.loyalty.spendPoints({ customer: "p1", points: 60, reference: "r" })
  await shop.orders.cancel({ order, reason: "all of it" })
  await shop.drain()
  assert.equal(await sumOf(shop), -60)
  assert.include(await shop.loyalty.member({ customer: "p1" }), { available: 0, pending: 0 })
  await buy(shop, 100)
  assert.equal(await sumOf(shop), 40)
  await shop.close()
})

it("adds up over any history, and never lets more be spent than there is", async () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant("buy" as const), by: fc.integer({ min: 4, max: 120 }) }),
    fc.record({ what: fc.constant("spend" as const), by: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ what: fc.constant("return" as const), by: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ what: fc.constant("cancel" as const), by: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ what: fc.constant("wait" as const), by: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ what: fc.constant("adjust" as const), by: fc.constantFrom(-30, 20) })
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const time = clockAt(start)
      const shop = shopOver(memory(), {}, time)
      await shop.loyalty.enrol({ customer: "p1" })
      const placed: Array<string> = []
      const spent: Array<{ readonly reference: string; left: number }> = []
      for (const [i, { what, by }] of steps.entries()) {
        const { available } = await shop.loyalty.member({ customer: "p1" })
        if (what === "buy") placed.push(await buy(shop, by))
        else if (what === "wait") time.pass(by * day)
        else if (what === "spend") {
          const result = await shop.loyalty.safe.spendPoints({ customer: "p1", points: by, reference: `r${i}` })
          assert.equal(result.ok, by <= available)
          if (result.ok) spent.push({ reference: `r${i}`, left: by })
          if (result.ok) await shop.loyalty.spendPoints({ customer: "p1", points: by, reference: `r${i}` })
        } else if (what === "return") {
          const one = spent.at(-1)
          if (one === undefined) continue
          const result = await shop.loyalty.safe.returnPoints({ reference: one.reference, points: by })
          assert.equal(result.ok, by <= one.left)
          if (result.ok) one.left -= by
        } else if (what === "adjust") await shop.loyalty.safe.adjustPoints({ customer: "p1", points: by })
        else if (placed[by] !== undefined) {
          await shop.orders.safe.cancel({ order: placed[by], lines: [{ line: "1", quantity: 1 }], reason: "no" })
          await shop.drain()
        }
        if (i % 3 === 0) await shop.drain()
        const now = await shop.loyalty.member({ customer: "p1" })
        await shop.drain()
        const sum = await sumOf(shop)
        assert.equal(now.available + now.pending, Math.max(0, sum))
      }
      await shop.close()
    }),
    { numRuns: 30 }
  )
})

it("spends what expires first, and lets the rest expire on its day", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 4, max: 90 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 200 }),
      async (bought, points) => {
        const time = clockAt(start)
        const shop = shopOver(memory(), { pending: 0 }, time)
        await shop.loyalty.enrol({ customer: "p1" })
        for (const euro of bought) {
          await buy(shop, euro)
          time.pass(10 * day)
        }
        const total = bought.reduce((sum, one) => sum + one, 0)
        const paid = Math.min(points, total)
        await shop.loyalty.spendPoints({ customer: "p1", points: paid, reference: "r" })
        // The oracle: a queue, the first of which goes first.
        let rest = paid
        const left = bought.map((one) => {
          const taken = Math.min(rest, one)
          rest -= taken
          return one - taken
        })
        time.pass((100 - 10 * bought.length) * day)
        for (let i = 0; i < bought.length; i++) {
          await shop.drain()
          const alive = left.slice(i + 1).reduce((sum, one) => sum + one, 0)
          assert.equal((await shop.loyalty.member({ customer: "p1" })).available, alive)
          assert.equal(await sumOf(shop), alive)
          time.pass(10 * day)
        }
        await shop.close()
      }
    ),
    { numRuns: 15 }
  )
})

it("keeps a tier as long as the points of the period are enough", async () => {
  const time = clockAt(start)
  const shop = shopOver(memory(), {}, time)
  await shop.loyalty.enrol({ customer: "p1" })
  await buy(shop, 200)
  time.pass(200 * day)
  await buy(shop, 120)
  assert.equal((await shop.loyalty.member({ customer: "p1" })).tier, "gold")
  assert.equal((await shop.loyalty.membersIn({ tier: "gold" })).items.length, 1)
  time.pass(164 * day)
  await shop.drain()
  assert.equal((await shop.loyalty.member({ customer: "p1" })).tier, "gold")
  time.pass(day)
  await shop.drain()
  assert.equal((await shop.loyalty.member({ customer: "p1" })).tier, "silver")
  time.pass(200 * day)
  await shop.drain()
  assert.isUndefined((await shop.loyalty.member({ customer: "p1" })).tier)
  await shop.close()
})

it("spends points once, whoever tries at once", async () => {
  const store = memory()
  const shops = [shopOver(store, { pending: 0 }), shopOver(store.shared(), { pending: 0 })]
  await shops[0]!.loyalty.enrol({ customer: "p1" })
  await buy(shops[0]!, 100)
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, i) => shops[i % 2]!.loyalty.safe.spendPoints({ customer: "p1", points: 30, reference: `r${i}` }))
  )
  assert.equal(results.filter(({ ok }) => ok).length, 3)
  assert.equal(await sumOf(shops[0]!), 10)
  for (const shop of shops) await shop.close()
})

it("finds the customer by the card that the till has scanned, and cards that EAN scanners read", async () => {
  const shop = shopOver()
  const { cards } = await shop.loyalty.enrol({ customer: "p1" })
  assert.match(cards[0] ?? "", /^029\d{11}$/)
  assert.equal((await shop.loyalty.memberByCard({ card: (cards[0] ?? "").slice(1) })).customer, "p1")
  await shop.loyalty.enrol({ customer: "p1", card: "9876 5432" })
  assert.equal((await shop.loyalty.memberByCard({ card: "98765432" })).customer, "p1")
  const taken = await shop.loyalty.safe.enrol({ customer: "p2", card: "9876-5432" })
  assert.isTrue(!taken.ok && taken.error._tag === "CardTaken")
  await shop.loyalty.removeCard({ card: "98765432" })
  const none = await shop.loyalty.safe.memberByCard({ card: "98765432" })
  assert.isTrue(!none.ok && none.error._tag === "MemberNotFound")
  await shop.close()
})

it("gives rewards as coupons, once for each claim, to whom they are for", async () => {
  const shop = shopOver(memory(), { pending: 0 })
  await shop.loyalty.enrol({ customer: "p1" })
  await buy(shop, 120)
  const first = await shop.loyalty.claimReward({ customer: "p1", reward: "five", claim: "tap-1" })
  const again = await shop.loyalty.claimReward({ customer: "p1", reward: "five", claim: "tap-1" })
  assert.equal(again.code, first.code)
  assert.deepEqual([first.customer, first.use, first.until], ["p1", "once", start + 30 * day])
  assert.equal((await shop.cart.couponsOf({ customer: "p1" })).items.length, 1)
  assert.equal((await shop.loyalty.member({ customer: "p1" })).available, 70)
  const tag = async (reward: string, claim: string) => {
    const result = await shop.loyalty.safe.claimReward({ customer: "p1", reward, claim })
    return result.ok ? "ok" : result.error._tag
  }
  assert.deepEqual(
    [await tag("gift", "a"), await tag("none", "a"), await tag("five", "b"), await tag("five", "c")],
    ["RewardNotFound", "RewardNotFound", "ok", "PointsInsufficient"]
  )
  assert.equal((await shop.events({ types: [RewardClaimed] })).events.length, 2)
  await shop.close()
})

it("pays with points, and gives them back in whole ones that are never worth more than what came back", async () => {
  const shop = shopOver(memory(), { pending: 0 })
  await shop.loyalty.enrol({ customer: "p1" })
  await buy(shop, 400)
  const opened = await shop.payments.openCheckout({
    order: request(25, "p1"),
    tenders: [{ provider: "points", amount: 99 }, { provider: "points" }]
  })
  assert.equal(opened.status, "placed")
  await shop.drain()
  // 50 and 1 points paid, 1 point earned.
  assert.equal(await sumOf(shop), 400 - 51 + 1)
  await shop.orders.cancel({ order: opened.order ?? "", reason: "no" })
  await shop.drain()
  assert.equal(await sumOf(shop), 400)
  const poor = await shop.payments.safe.openCheckout({ order: request(10_000, "p1"), tenders: [{ provider: "points" }] })
  assert.isTrue(!poor.ok && poor.error._tag === "TenderDeclined" && poor.error.available === 800)
  await shop.close()
})

it("brings together what two customers have who are one", async () => {
  const shop = shopOver(memory(), { pending: 0 })
  await shop.drain()
  for (const customer of ["visitor", "p1"]) {
    await shop.loyalty.enrol({ customer })
    await buy(shop, 60, customer)
  }
  const { cards } = await shop.loyalty.member({ customer: "visitor" })
  await shop.transact(function* (tx) {
    tx.emit(Merged, "visitor", { from: "visitor", into: "p1" })
  })
  await shop.drain()
  assert.include(await shop.loyalty.memberByCard({ card: cards[0] ?? "" }), { customer: "p1", available: 120, tier: "silver" })
  assert.deepEqual([await sumOf(shop, "visitor"), await sumOf(shop)], [0, 120])
  await shop.close()
})
