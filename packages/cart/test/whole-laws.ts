import { CartCheckedOut, CouponRedeemed, CouponRestored } from "@omni/cart"
import { type Order, OrderPlaced } from "@omni/orders"
import { assert } from "vitest"

import { CouponHolds, Reservations } from "../src/checkout/model.ts"
import { Usages } from "../src/coupons/limits.ts"
import { creditAddsUp, moneyIsWhereItBelongs, pointsAddUp } from "./whole-ledgers.ts"
import { couponLimits, customers, promotions, skus, type Sold, type Told, type Whole } from "./whole-shop.ts"

const sum = (all: ReadonlyArray<number>): number => all.reduce((one, other) => one + other, 0)

/** All that there is of a history, read as anybody may. */
export const look = async ({ shop }: Whole, told: Told) => {
  const of = async (...types: Array<typeof OrderPlaced | typeof CouponRedeemed | typeof CouponRestored | typeof CartCheckedOut>) =>
    (await shop.events({ types, limit: 1_000 })).events
  const orders = await Promise.all((await of(OrderPlaced)).map(({ subject }) => shop.orders.order({ order: subject })))
  const balances = await Promise.all(orders.map(({ id }) => shop.payments.balance({ order: id })))
  const checkouts = await Promise.all([...told.started.keys()].map((checkout) => shop.payments.checkout({ checkout })))
  const facts = (all: Awaited<ReturnType<typeof of>>) =>
    all.map(({ data }) => {
      const { code, order, value } = data as Readonly<Record<string, unknown>>
      return { code: String(code), order: String(order), value }
    })
  return {
    orders,
    balances,
    checkouts,
    redeemed: facts(await of(CouponRedeemed)),
    restored: facts(await of(CouponRestored)),
    checkedOut: facts(await of(CartCheckedOut)),
    levels: (await shop.inventory.levels({ location: "mitte" })).items.map(({ row }) => row),
    carts: await Promise.all(
      customers.map(async (customer) => (await shop.cart.cartsOf({ customer, limit: 100 })).items.map(({ row }) => row))
    )
  }
}
export type Seen = Awaited<ReturnType<typeof look>>

/** What an order was sold as, by a till or by its checkout. */
const soldAs = (told: Told, { checkouts }: Seen, { id }: Order): Sold => {
  const checkout = checkouts.find(({ order }) => order === id)
  const sold = told.till.get(id) ?? (checkout === undefined ? undefined : told.started.get(checkout.id))
  assert.isDefined(sold, `order ${id} was sold by somebody`)
  return sold!
}

/** Lines, charges and taxes of an order add up to its total, and are what the customer was shown. */
const addsUp = (order: Order, { shown, entry }: Sold): void => {
  const { lines, charges, totals, taxIncluded } = order
  assert.equal(taxIncluded, entry === "gross")
  for (const line of lines) {
    const before = line.quantity * line.unitPrice.amount + sum(line.adjustments.map(({ amount }) => amount.amount))
    assert.equal(line.tax.amount, sum(line.taxes.map(({ amount }) => amount.amount)))
    assert.equal(line.total.amount, before + (taxIncluded ? 0 : line.tax.amount))
    assert.equal(sum(line.parts.map(({ count }) => count)), line.quantity)
  }
  assert.equal(totals.total.amount, sum([...lines, ...charges].map(({ total }) => total.amount)))
  assert.equal(totals.tax.amount, sum([...lines, ...charges].map(({ tax }) => tax.amount)))
  assert.equal(totals.total.amount, shown.total.amount)
  assert.equal(totals.tax.amount, shown.tax.amount)
  assert.deepEqual(
    lines.filter(({ gift }) => gift === undefined).map(({ id, quantity, total }) => [id, quantity, total.amount]),
    shown.lines.map(({ line, quantity, amount }) => [line, quantity, amount.amount])
  )
  assert.deepEqual(
    charges.map(({ code, total }) => [code, total.amount]),
    shown.charges.map(({ id, amount }) => [id, amount.amount])
  )
  for (const { gift, total } of lines) if (gift !== undefined) assert.equal(total.amount, 0)
  const shipped = new Set(["post", "POST"])
  for (const { promotion, amount } of shown.discounts)
    if (!shipped.has(promotion))
      assert.equal(
        sum(lines.flatMap(({ adjustments }) => adjustments.flatMap((one) => (one.code === promotion ? [one.amount.amount] : [])))),
        amount.amount
      )
}

/** What holds at any moment, whatever has not been followed up yet. */
export const holdsAlways = (whole: Whole, told: Told, seen: Seen): void => {
  const { orders, balances, checkouts, carts, checkedOut, redeemed } = seen
  for (const order of orders) addsUp(order, soldAs(told, seen, order))
  for (const { total, authorised, captured, released, refunded, owed } of balances) {
    assert.isAtLeast(owed.amount, 0)
    assert.isAtMost(owed.amount, total.amount)
    assert.isAtMost(refunded.amount, captured.amount)
    assert.isAtMost(captured.amount + released.amount, authorised.amount)
  }
  for (const { status, total, order, payments } of checkouts) {
    const sold = orders.find(({ id }) => id === order)
    assert.equal(status === "placed", sold !== undefined)
    if (sold === undefined) continue
    assert.equal(sold.totals.total.amount, total.amount)
    const promised = payments.filter(({ unwanted }) => unwanted !== true)
    assert.isAtLeast(sum(promised.map(({ authorised }) => authorised)), total.amount)
    assert.isAtMost(sum(promised.map(({ amount }) => amount)), total.amount)
  }
  const open = checkouts.filter(({ status }) => status === "open").map(({ cart }) => cart)
  assert.equal(new Set(open).size, open.length, "a cart has one open checkout")
  for (const of of carts) assert.isAtMost(of.filter(({ status }) => status === "open").length, 1, "a customer has one open cart")
  assert.sameMembers(
    checkedOut.map(({ order }) => order),
    orders.map(({ id }) => id)
  )
  for (const { order, value } of checkedOut) assert.deepEqual(value, orders.find(({ id }) => id === order)!.totals.total)
  // A coupon is redeemed by exactly those orders that it gave something to.
  const given = orders.flatMap((order) => [
    ...new Set(
      soldAs(told, seen, order).usage.flatMap(({ coupon, promotion }) =>
        coupon === undefined || goesWithout(order, promotion) ? [] : [`${coupon} ${order.id}`]
      )
    )
  ])
  assert.sameMembers(
    redeemed.map(({ code, order }) => `${code} ${order}`),
    given
  )
  for (const { onHand, reserved, allocated = 0 } of seen.levels) {
    assert.isAtLeast(onHand, reserved + allocated)
  }
}

const goesWithout = ({ giftsMissing = [] }: Order, promotion: string): boolean => giftsMissing.some(({ gift }) => gift === promotion)

/** What holds once all has been followed up. */
export const holdsAfter = async (whole: Whole, told: Told, seen: Seen): Promise<void> => {
  const { shop } = whole
  assert.deepEqual((await shop.deadLetters()).items, [])
  await usesAreCounted(whole, told, seen)
  stockIsThere(told, seen, whole)
  await moneyIsWhereItBelongs(whole, seen)
  await creditAddsUp(whole, seen)
  await pointsAddUp(whole, seen)
}

/** Uses, by everybody and each customer, are those of live orders and open checkouts; none beyond its limits. */
const usesAreCounted = async ({ shop }: Whole, told: Told, seen: Seen): Promise<void> => {
  const { orders, checkouts, redeemed, restored } = seen
  const cancelled = new Set(orders.flatMap(({ id, status }) => (status === "cancelled" ? [id] : [])))
  assert.sameMembers(
    restored.map(({ code, order }) => `${code} ${order}`),
    redeemed.flatMap(({ code, order }) => (cancelled.has(order) ? [`${code} ${order}`] : []))
  )
  const uses = [
    ...orders.flatMap((order) =>
      cancelled.has(order.id)
        ? []
        : soldAs(told, seen, order).usage.flatMap((use) =>
            goesWithout(order, use.promotion) ? [] : [{ ...use, customer: order.customer }]
          )
    ),
    ...checkouts.flatMap(({ id, status, customer }) =>
      status === "open" ? told.started.get(id)!.usage.map((use) => ({ ...use, customer })) : []
    )
  ]
  const limits = [
    ...promotions.flatMap(({ id, limits: of }) =>
      of === undefined ? [] : [{ key: ["promotion", id], of, is: (one: string) => one === id }]
    ),
    ...Object.entries(couponLimits).map(([id, of]) => ({
      key: [id === "SER" ? "series" : "coupon", id],
      of: of as (typeof promotions)[number]["limits"] & object,
      is: (one: string) => one === id || (id === "SER" && one.startsWith("SER-"))
    }))
  ]
  const rows = await shop.transact(function* (tx) {
    const ids = limits.flatMap(({ key }) => [key, ...customers.map((one) => [...key, one])]).map((id) => JSON.stringify(id))
    return new Map(tx.getMany(Usages, ids).map((row, at) => [ids[at]!, row]))
  })
  for (const { key, of, is } of limits) {
    const mine = uses.filter(({ promotion }) => is(promotion))
    const row = rows.get(JSON.stringify(key))
    const spent = sum(mine.map(({ amount }) => amount))
    assert.equal(row?.uses ?? 0, mine.length, `uses of ${key.join(" ")}`)
    assert.equal(row?.spent.EUR ?? 0, spent, `spent of ${key.join(" ")}`)
    assert.isAtMost(mine.length, of.uses ?? Infinity)
    assert.isAtMost(spent, of.budget?.EUR ?? Infinity)
    for (const customer of customers) {
      const own = mine.filter((use) => use.customer === customer)
      assert.equal(rows.get(JSON.stringify([...key, customer]))?.uses ?? 0, own.length)
      assert.isAtMost(own.length, of.perCustomer ?? Infinity)
    }
  }
  const live = redeemed.filter(({ order }) => !cancelled.has(order))
  const once = ["ONCE", "BOOK", ...live.map(({ code }) => code).filter((code) => code.startsWith("SER-"))]
  for (const code of once) assert.isAtMost(live.filter((one) => one.code === code).length, 1)
  for (const customer of customers)
    assert.isAtMost(
      live.filter(({ code, order }) => code === "EACH" && orders.some(({ id, customer: of }) => id === order && of === customer)).length,
      1
    )
}

/** On hand is what came less what left; held is what open checkouts and orders wait for, and nothing else. */
const stockIsThere = (told: Told, { orders, checkouts, levels }: Seen, { setup }: Whole): void => {
  for (const sku of skus) {
    const parts = orders.flatMap(({ lines }) => lines.filter((line) => line.sku === sku).flatMap((line) => line.parts))
    const unitsIn = (...states: ReadonlyArray<string>) =>
      sum(parts.flatMap(({ count, status }) => (states.includes(status) ? [count] : [])))
    const waiting = checkouts.flatMap(({ status, request, giftsMissing = [] }) =>
      status !== "open" || request === undefined
        ? []
        : request.lines.flatMap((line) => (line.sku === sku && !giftsMissing.some((gift) => gift.line === line.id) ? [line.quantity] : []))
    )
    const row = levels.find((level) => level.sku === sku)!
    const bound = unitsIn("allocated", "picked", "packed", "ready")
    assert.equal(row.onHand, setup.stock + (told.moved.get(sku) ?? 0) - unitsIn("shipped", "delivered", "collected"), `on hand of ${sku}`)
    assert.equal(row.allocated ?? 0, bound, `allocated of ${sku}`)
    assert.equal(row.reserved, sum(waiting), `reserved of ${sku}`)
  }
}

/** Nothing is left of what did not come to anything. */
export const nothingIsLeft = async ({ shop }: Whole, seen: Seen): Promise<void> => {
  for (const { status } of seen.checkouts) assert.notEqual(status, "open")
  const carts = seen.carts.flat().map(({ id }) => id)
  await shop.transact(function* (tx) {
    for (const row of tx.getMany(Reservations, carts)) assert.notEqual(row?.held, true)
    for (const row of tx.getMany(
      CouponHolds,
      ["ONCE", "BOOK"].map((code) => JSON.stringify([code]))
    ))
      assert.isUndefined(row)
  })
}
