import { credit, giftCardCode, giftCardTender, giftCardToken, storeCreditId, storeCreditTender } from "@omni/cart"
import { createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type OrderRequest, orders, payments } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { Merged, people } from "./credit-shop.ts"
import { clockAt } from "./shop.ts"

const secret = "correct horse battery staple, 2026!"
const euros = (amount: number) => ({ amount, currency: "EUR" }) as const
const day = 86_400_000

const shopOver = (store: StoreDriver, clock = clockAt(1_000_000)) =>
  createOmni({
    store,
    clock: clock.clock,
    modules: {
      inventory: inventory(),
      orders: orders(),
      payments: payments({ tenders: { "gift-card": giftCardTender, "store-credit": storeCreditTender } }),
      credit: credit({ secret, customersMerged: Merged }),
      people
    }
  })

type Shop = ReturnType<typeof shopOver>

const order = (amount: number, customer?: string): OrderRequest => ({
  ...(customer === undefined ? {} : { customer }),
  currency: "EUR",
  taxIncluded: true,
  lines: [{ id: "1", sku: "S", quantity: 1, unitPrice: euros(amount), stocked: false }]
})

const tokenOf = (number: string): string => giftCardToken(secret, giftCardCode(secret, number)) ?? ""

/** The law of the ledger: a balance is the sum of its entries, each of which says what it was then, and never below zero. */
const checked = async (shop: Shop, account: string): Promise<number> => {
  const { items } = await shop.credit.creditEntries({ account, limit: 1_000 })
  const entries = items.map(({ row }) => row)
  assert.isTrue(entries.every(({ balance }) => balance >= 0))
  const sum = entries.reduce((total, { amount }) => total + amount, 0)
  assert.equal((await shop.credit.balance({ account })).available.amount, sum)
  return sum
}

it("pays with a card in part, and gives back to it what the order comes down by", async () => {
  const shop = shopOver(memory())
  await shop.credit.issueGiftCard({ number: "1", amount: euros(5_000) })
  await shop.credit.issueStoreCredit({ customer: "p1", amount: euros(2_000), reference: "sorry" })
  const token = tokenOf("1")
  const opened = await shop.payments.openCheckout({
    order: order(6_000, "p1"),
    tenders: [
      { provider: "gift-card", token },
      { provider: "store-credit", amount: 1_500 }
    ]
  })
  assert.equal(opened.status, "placed")
  assert.deepEqual([await checked(shop, token), await checked(shop, storeCreditId("p1", "EUR"))], [500, 500])
  await shop.orders.cancel({ order: opened.order ?? "", reason: "changed my mind" })
  await shop.drain()
  assert.deepEqual([await checked(shop, token), await checked(shop, storeCreditId("p1", "EUR"))], [5_000, 2_000])
  await shop.close()
})

it("never has a card below zero, whoever pays with it at once", async () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 2, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9_000 }), amounts, async (balance, wanted) => {
      const store = memory()
      const shops = [shopOver(store), shopOver(store.shared())]
      await shops[0]!.credit.issueGiftCard({ number: "1", amount: euros(balance) })
      const token = tokenOf("1")
      const paid = await Promise.all(
        wanted.map((amount, i) =>
          i % 3 === 2
            ? shops[i % 2]!.credit.safe.redeemCredit({ account: token, amount: euros(amount), reference: `r${i}` })
            : shops[i % 2]!.payments.safe.openCheckout({ order: order(amount), tenders: [{ provider: "gift-card", token }] })
        )
      )
      const spent = paid.reduce((sum, { ok }, i) => sum + (ok ? wanted[i]! : 0), 0)
      assert.equal(await checked(shops[0]!, token), balance - spent)
      for (const [i, result] of paid.entries()) if (!result.ok) assert.isAbove(wanted[i]!, balance - spent)
      for (const shop of shops) await shop.close()
    }),
    { numRuns: 20 }
  )
})

it("adds up over any history of issues, payments, refunds and adjustments, told once or twice", async () => {
  const step = fc.record({
    what: fc.constantFrom("redeem", "refund", "adjust", "issue"),
    amount: fc.integer({ min: 1, max: 3_000 }),
    reference: fc.constantFrom("a", "b", "c"),
    times: fc.integer({ min: 1, max: 2 })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const shop = shopOver(memory())
      const account = storeCreditId("p1", "EUR")
      await shop.credit.issueStoreCredit({ customer: "p1", amount: euros(1), reference: "first" })
      let balance = 1
      const issued = new Map<string, number>()
      const taken = new Map<string, { readonly asked: number; readonly left: number }>()
      for (const { what, amount, reference, times } of steps) {
        if (what === "adjust") {
          const result = await shop.credit.safe.adjustCredit({ account, by: -amount })
          assert.equal(result.ok, balance >= amount)
          if (result.ok) balance -= amount
          continue
        }
        for (let i = 0; i < times; i++) {
          if (what === "issue") {
            const result = await shop.credit.safe.issueStoreCredit({ customer: "p1", amount: euros(amount), reference })
            // Under a reference that stands for another amount nothing is given.
            assert.equal(result.ok, (issued.get(reference) ?? amount) === amount)
            if (!issued.has(reference)) balance += amount
            if (result.ok) issued.set(reference, amount)
          } else if (what === "redeem") {
            const result = await shop.credit.safe.redeemCredit({ account, amount: euros(amount), reference })
            const known = taken.get(reference)
            assert.equal(result.ok, known === undefined ? balance >= amount : known.asked === amount)
            if (result.ok && known === undefined) {
              balance -= amount
              taken.set(reference, { asked: amount, left: amount })
            }
          } else {
            const known = taken.get(reference)
            const result = await shop.credit.safe.refundCredit({ reference, amount })
            assert.equal(result.ok, known !== undefined && amount <= known.left)
            if (result.ok && known !== undefined) {
              balance += amount
              taken.set(reference, { ...known, left: known.left - amount })
            }
          }
        }
      }
      assert.equal(await checked(shop, account), balance)
      await shop.close()
    }),
    { numRuns: 40 }
  )
})

it("keeps a code nowhere: neither rows nor events have it", async () => {
  const store = memory()
  const shop = shopOver(store)
  const code = giftCardCode(secret, "order-17/1")
  assert.match(code, /^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/)
  await shop.credit.issueGiftCard({ number: "order-17/1", amount: euros(1_000) }, { key: "issue" })
  const token = giftCardToken(secret, ` ${code.toLowerCase().replaceAll("-", " ")} `)
  await shop.payments.openCheckout({ order: order(400), tenders: [{ provider: "gift-card", token: token ?? "" }] }, { key: "pay" })
  const { events } = await shop.events({ limit: 1_000 })
  const { items } = await shop.credit.creditEntries({ account: token ?? "" })
  for (const text of [code, code.replaceAll("-", "")]) assert.notInclude(JSON.stringify([events, items]), text)
  assert.isUndefined(
    giftCardToken(
      secret,
      code.replace(/.$/, (last) => (last === "2" ? "3" : "2"))
    )
  )
  assert.notEqual(giftCardToken(`${secret}!`, code), token)
  const raw = await shop.credit.safe.issueGiftCard({ token: code, amount: euros(1) })
  assert.isTrue(!raw.ok && raw.error._tag === "InvalidInput")
  await shop.close()
})

it("declines what is blocked, expired, unknown or in another currency, and lets a late refund be used", async () => {
  const time = clockAt(1_000_000)
  const shop = shopOver(memory(), time)
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000), expiresAt: 1_000_000 + day })
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000), expiresAt: 1_000_000 + day })
  const other = await shop.credit.safe.issueGiftCard({ number: "1", amount: euros(2_000) })
  assert.isTrue(!other.ok && other.error._tag === "GiftCardExists")
  const account = tokenOf("1")
  const tag = async (amount: { amount: number; currency: "EUR" | "USD" }, reference: string, of = account) => {
    const result = await shop.credit.safe.redeemCredit({ account: of, amount, reference })
    return result.ok ? "ok" : "reason" in result.error ? result.error.reason : result.error._tag
  }
  assert.equal(await tag({ amount: 1, currency: "USD" }, "r1"), "other-currency")
  assert.equal(await tag(euros(1_001), "r1"), "insufficient")
  assert.equal(await tag(euros(1), "r1", "gc_none"), "CreditNotFound")
  await shop.credit.blockCredit({ account })
  assert.equal(await tag(euros(1), "r1"), "blocked")
  await shop.credit.blockCredit({ account, blocked: false })
  assert.equal(await tag(euros(300), "r1"), "ok")
  time.pass(day)
  assert.equal(await tag(euros(1), "r2"), "expired")
  await shop.drain()
  assert.equal(await checked(shop, account), 0)
  await shop.credit.refundCredit({ reference: "r1", amount: 200 })
  const late = await shop.credit.balance({ account })
  assert.deepEqual([late.available.amount, late.status], [200, "active"])
  const more = await shop.credit.safe.refundCredit({ reference: "r1", amount: 101 })
  assert.isTrue(!more.ok && more.error._tag === "CreditRefundExceeded" && more.error.available === 100)
  time.pass(90 * day)
  await shop.drain()
  assert.equal(await checked(shop, account), 0)
  await shop.close()
})

it("takes what there is of what a till that was offline has taken, and records the rest; and follows customers who are one", async () => {
  const shop = shopOver(memory())
  await shop.drain()
  await shop.credit.issueStoreCredit({ customer: "visitor", amount: euros(1_000), reference: "a" })
  const account = storeCreditId("visitor", "EUR")
  await shop.credit.redeemCredit({ account, amount: euros(1_500), reference: "till" }, { asOf: { time: 999_000 } })
  assert.equal(await checked(shop, account), 0)
  const { events } = await shop.events({ limit: 1_000 })
  assert.equal(events.filter(({ type }) => type === "omni.DiscrepancyRecorded").length, 1)
  await shop.credit.refundCredit({ reference: "till" })
  await shop.transact(function* (tx) {
    tx.emit(Merged, "visitor", { from: "visitor", into: "p1" })
  })
  await shop.drain()
  assert.equal(await checked(shop, storeCreditId("p1", "EUR")), 1_000)
  assert.equal((await shop.credit.balanceAt({ account, at: Date.now() })).balance.amount, 0)
  assert.equal((await shop.credit.balance({ account })).account, storeCreditId("p1", "EUR"))
  await shop.close()
})
