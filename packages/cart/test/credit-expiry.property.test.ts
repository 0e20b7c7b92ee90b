import { BalanceChanged, storeCreditId } from "@omni/cart"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { account, availableOf, cardOf, type CreditShop, day, euros, openCreditShop, start } from "./credit-shop.ts"

const give = (shop: CreditShop, amount: number, reference: string, expiresAt?: number) =>
  shop.credit.issueStoreCredit({ customer: "p1", amount: euros(amount), reference, ...(expiresAt === undefined ? {} : { expiresAt }) })
const entriesOf = async (shop: CreditShop) =>
  (await shop.credit.creditEntries({ account, limit: 1_000 })).items
    .map(({ row }) => [row.reason, row.amount, row.balance] as const)
    .toReversed()

it("spends what expires first, takes what has expired by a timer that tells of it, and says what expires next", async () => {
  const { shop, time } = openCreditShop()
  await give(shop, 500, "for-ever")
  await give(shop, 300, "late", start + 20 * day)
  await give(shop, 200, "soon", start + 10 * day)
  const seen = await shop.credit.balance({ account })
  assert.deepEqual(
    [seen.available.amount, seen.status, seen.expiresAt, seen.expiring],
    [1_000, "active", undefined, { amount: euros(200), at: start + 10 * day }]
  )
  await shop.credit.redeemCredit({ account, amount: euros(150), reference: "r1" })
  time.pass(10 * day)
  // Worth nothing from that moment on, whether or not the timer has run.
  assert.equal(await availableOf(shop), 800)
  await shop.drain()
  assert.deepEqual((await entriesOf(shop)).at(-1), ["expired", -50, 800])
  const { events } = await shop.events({ types: [BalanceChanged] })
  assert.deepInclude(events.at(-1)!.data as object, { reason: "expired", amount: euros(-50), balance: euros(800) })
  time.pass(10 * day)
  await shop.drain()
  assert.equal(await availableOf(shop), 500)
  time.pass(1_000 * day)
  await shop.drain()
  assert.equal(await availableOf(shop), 500)
  await shop.close()
})

it("gives back to what it was taken from, what was taken last first; what has expired can be used for the grace that is declared", async () => {
  for (const [grace, later] of [
    [undefined, 90 * day],
    [5 * day, 5 * day],
    [0, 0]
  ] as const) {
    const { shop, time } = openCreditShop(grace)
    await give(shop, 200, "soon", start + 10 * day)
    await give(shop, 300, "late", start + 200 * day)
    await give(shop, 500, "for-ever")
    await shop.credit.redeemCredit({ account, amount: euros(600), reference: "r1" })
    time.pass(11 * day)
    await shop.drain()
    await shop.credit.refundCredit({ reference: "r1", amount: 100 })
    await shop.credit.refundCredit({ reference: "r1", amount: 350 })
    // 100 without end, 300 of the late ones and 50 of those that are over.
    await shop.drain()
    const seen = await shop.credit.balance({ account })
    assert.equal(seen.available.amount, later === 0 ? 800 : 850)
    assert.deepEqual(
      seen.expiring,
      later === 0 ? { amount: euros(300), at: start + 200 * day } : { amount: euros(50), at: start + 11 * day + later }
    )
    if (later === 0) assert.deepEqual((await entriesOf(shop)).at(-1), ["expired", -50, 800])
    time.pass(200 * day)
    await shop.drain()
    assert.equal(await availableOf(shop), 500)
    await shop.close()
  }
})

it("prolongs only what comes back to a card, not what is on it", async () => {
  const { shop, time } = openCreditShop()
  const card = cardOf("1")
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000), expiresAt: start + 10 * day })
  await shop.credit.redeemCredit({ account: card, amount: euros(100), reference: "r1" })
  time.pass(9 * day)
  await shop.credit.refundCredit({ reference: "r1" })
  time.pass(day)
  await shop.drain()
  const seen = await shop.credit.balance({ account: card })
  assert.deepEqual([seen.available.amount, seen.status, seen.expiresAt], [100, "active", start + 99 * day])
  await shop.close()
})

it("says what there was at a moment, and what there will be if nothing happens", async () => {
  const { shop, time } = openCreditShop()
  await give(shop, 500, "a", start + 10 * day)
  await give(shop, 100, "b")
  time.pass(day)
  await shop.credit.redeemCredit({ account, amount: euros(200), reference: "r1" })
  time.pass(20 * day)
  await shop.drain()
  await give(shop, 70, "c", start + 30 * day)
  const at = async (moment: number) => (await shop.credit.balanceAt({ account, at: moment })).balance.amount
  assert.deepEqual(
    [
      await at(start - 1),
      await at(start),
      await at(start + day),
      await at(start + 21 * day),
      await at(start + 30 * day),
      await at(start + 31 * day)
    ],
    [0, 600, 400, 170, 100, 100]
  )
  const none = await shop.credit.safe.balanceAt({ account: "nobody's", at: start })
  assert.isTrue(!none.ok && none.error._tag === "CreditNotFound")
  await shop.close()
})

it("refuses a reference that stands for something else, so that nothing is had for nothing", async () => {
  const { shop } = openCreditShop()
  await give(shop, 500, "a")
  await shop.credit.issueStoreCredit({ customer: "p2", amount: euros(500), reference: "a" })
  await shop.credit.redeemCredit({ account, amount: euros(100), reference: "receipt" })
  const tag = async (of: string, amount: number) => {
    const result = await shop.credit.safe.redeemCredit({ account: of, amount: euros(amount), reference: "receipt" })
    return result.ok ? "ok" : result.error._tag
  }
  assert.deepEqual(
    [await tag(account, 100), await tag(account, 200), await tag(storeCreditId("p2", "EUR"), 100)],
    ["ok", "CreditReferenceInUse", "CreditReferenceInUse"]
  )
  const other = await shop.credit.safe.issueStoreCredit({ customer: "p1", amount: euros(600), reference: "a" })
  assert.isTrue(!other.ok && other.error._tag === "CreditReferenceInUse")
  assert.equal(await availableOf(shop), 400)
  await shop.close()
})

interface Lot {
  readonly end: number
  left: number
}

/** What there should be, worked out the simple way: each grant by itself, the one that ends first is spent first. */
const oracle = () => {
  let lots: Array<Lot> = []
  const live = (now: number) => lots.filter(({ end, left }) => left > 0 && end > now)
  return {
    grant: (left: number, end: number) => {
      lots.push({ left, end })
    },
    available: (now: number) => live(now).reduce((sum, { left }) => sum + left, 0),
    take: (amount: number, now: number) => {
      let missing = amount
      for (const lot of live(now).sort((a, b) => a.end - b.end)) {
        const some = Math.min(missing, lot.left)
        lot.left -= some
        missing -= some
      }
    },
    over: (now: number) => {
      lots = live(now)
    }
  }
}

it("has what the oracle has, after any history of grants, payments and time, whenever timers run", async () => {
  const step = fc.oneof(
    fc.record({
      what: fc.constant("grant" as const),
      amount: fc.integer({ min: 1, max: 500 }),
      days: fc.option(fc.integer({ min: 1, max: 9 }))
    }),
    fc.record({ what: fc.constant("take" as const), amount: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ what: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 4 }), drain: fc.boolean() })
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { shop, time } = openCreditShop()
      const expected = oracle()
      await give(shop, 1, "first")
      expected.grant(1, Infinity)
      let now = start
      for (const [i, one] of steps.entries()) {
        if (one.what === "grant") {
          const end = one.days === null ? undefined : now + one.days * day
          await give(shop, one.amount, `g${i}`, end)
          expected.grant(one.amount, end ?? Infinity)
        } else if (one.what === "take") {
          const result = await shop.credit.safe.redeemCredit({ account, amount: euros(one.amount), reference: `t${i}` })
          assert.equal(result.ok, expected.available(now) >= one.amount)
          if (result.ok) expected.take(one.amount, now)
        } else {
          now += one.days * day
          time.pass(one.days * day)
          if (one.drain) await shop.drain()
          expected.over(now)
        }
        assert.equal(await availableOf(shop), expected.available(now))
      }
      await shop.drain()
      const entries = await entriesOf(shop)
      assert.equal(
        entries.reduce((sum, [, amount]) => sum + amount, 0),
        expected.available(now)
      )
      assert.isTrue(entries.every(([, amount, balance], at) => balance === (entries[at - 1]?.[2] ?? 0) + amount && balance >= 0))
      await shop.close()
    }),
    { numRuns: 60 }
  )
})

it("refuses amounts that no shop has, by the field", async () => {
  const { shop } = openCreditShop()
  for (const amount of [0, -1, 1.5, Number.NaN, 1e21, 9e15]) {
    const result = await shop.credit.safe.issueStoreCredit({ customer: "p1", amount: euros(amount), reference: "a" })
    assert.isTrue(!result.ok && result.error._tag === "InvalidInput" && result.error.message.includes("amount"), String(amount))
  }
  await give(shop, 1, "a")
  const adjusted = await shop.credit.safe.adjustCredit({ account, by: 9e15 })
  assert.isTrue(!adjusted.ok && adjusted.error._tag === "InvalidInput" && adjusted.error.message.includes("by"))
  await shop.close()
})
