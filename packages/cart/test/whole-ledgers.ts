import { storeCreditId } from "@omni/cart"
import { assert } from "vitest"

import type { Seen } from "./whole-laws.ts"
import { customers, giftCards, type Whole } from "./whole-shop.ts"

const sum = (all: ReadonlyArray<number>): number => all.reduce((one, other) => one + other, 0)

/** The provider and the rows say the same; what nobody wanted has gone back; an order that is over is paid for what it costs. */
export const moneyIsWhereItBelongs = async ({ card, shop }: Whole, { checkouts, balances, orders }: Seen): Promise<void> => {
  assert.deepEqual((await shop.payments.stuckPayments({})).items, [])
  for (const { status, payments } of checkouts)
    for (const row of payments) {
      const { authorised, captured, released, refunded, provider } = row
      const stays = authorised - released - refunded
      if (provider === "card") {
        const [report] = await card.webhook(card.tell(row.id))
        assert.deepInclude(report!, { captured, refunded })
      }
      if (row.unwanted === true || status === "cancelled" || status === "lapsed")
        assert.equal(stays, 0, `${status} ${provider} has gone back`)
    }
  for (const [i, { owed, authorised, captured, released, refunded, payments }] of balances.entries()) {
    if (payments.length === 0) continue
    const { lines } = orders[i]!
    const stays = authorised.amount - released.amount - refunded.amount
    const isOver = lines.every(({ parts }) => parts.every(({ status }) => !["allocated", "placed"].includes(status)))
    if (isOver) {
      assert.equal(stays, owed.amount, "paid is what it costs")
      assert.equal(captured.amount - refunded.amount, owed.amount)
    } else assert.isAtLeast(stays, owed.amount)
  }
}

/** Each entry continues the one before, none is below zero, and each payment has taken what it says. */
export const creditAddsUp = async ({ shop }: Whole, { checkouts, balances }: Seen): Promise<void> => {
  const rows = [
    ...checkouts.flatMap(({ payments }) => payments),
    ...balances.flatMap(({ payments }) => payments.filter(({ checkout }) => checkout === undefined))
  ]
  const known = new Map(rows.map((row) => [row.id, row]))
  const taken = new Map<string, number>()
  for (const account of [...giftCards, ...customers.map((customer) => storeCreditId(customer, "EUR"))]) {
    const entries = (await shop.credit.creditEntries({ account, limit: 1_000 })).items.map(({ row }) => row).reverse()
    let balance = 0
    for (const entry of entries) {
      balance += entry.amount
      assert.equal(entry.balance, balance)
      assert.isAtLeast(balance, 0)
      if (entry.reference !== undefined && known.has(entry.reference))
        taken.set(entry.reference, (taken.get(entry.reference) ?? 0) - entry.amount)
    }
    assert.equal((await shop.credit.balance({ account })).available.amount, balance)
  }
  for (const { id, provider, authorised, released, refunded } of known.values())
    if (provider === "gift-card" || provider === "store-credit")
      assert.equal(taken.get(id) ?? 0, authorised - released - refunded, `${provider} ${id}`)
}

/** The same of points; and an order keeps those that it is worth by what it still costs. */
export const pointsAddUp = async ({ shop }: Whole, { checkouts, orders, balances }: Seen): Promise<void> => {
  const payments = checkouts.flatMap((one) => one.payments.filter(({ provider }) => provider === "points"))
  for (const customer of customers) {
    const entries = (await shop.loyalty.pointsEntries({ customer, limit: 1_000 })).items.map(({ row }) => row)
    const member = await shop.loyalty.member({ customer })
    const has = member.available + member.pending
    const owed = has - sum(entries.map(({ points }) => points))
    assert.isAtLeast(has, 0)
    // What was spent before its order came down is owed, once nothing else is there.
    if (owed !== 0) assert.deepEqual([owed > 0, has], [true, 0])
    for (const [i, order] of orders.entries()) {
      if (order.customer !== customer) continue
      const kept = sum(entries.flatMap(({ reference, points, reason }) => (reference === order.id && reason !== "expired" ? [points] : [])))
      const { total, owed } = balances[i]!
      const worth = Math.floor(total.amount / 100)
      assert.equal(
        kept,
        order.status === "cancelled" || total.amount === 0 ? 0 : Math.floor((worth * owed.amount) / total.amount),
        "points of an order"
      )
    }
    for (const { id, authorised, released, refunded, customer: of } of payments)
      if (of === customer)
        assert.equal(
          -sum(entries.flatMap(({ reference, points }) => (reference === `payment ${id}` ? [points] : []))),
          authorised - released - refunded,
          `points ${id}`
        )
  }
}
