import { shownOf } from "@omni/cart"
import { OrderPlaced } from "@omni/orders"
import { assert } from "vitest"

import { euros } from "./paying-shop.ts"
import { reasonsOf } from "./whole-refusals.ts"
import { customers, day, type Sold, type Told, type Whole } from "./whole-shop.ts"
import { refusals, type Step, tendersOf } from "./whole-step.ts"

const minute = 60_000

/** Does a step. Refusals are part of life, but not any. */
export const take = async (whole: Whole, told: Told, step: Step): Promise<void> => {
  const { shop } = whole.shops[step.shop]!
  const { card, time, setup } = whole
  const { who: customer, variant, quantity, code, which } = step
  const shipping = setup.shipping === 0 ? {} : { shipping: [{ ...euros(setup.shipping), id: "post", taxCategory: "standard" }] }
  const by = { fulfilment: { kind: "ship", location: "mitte" }, ...shipping } as const
  const mayRefuse = (result: { readonly ok: boolean; readonly error?: { readonly _tag: string } }, tags: ReadonlyArray<string>) => {
    if (!result.ok && !tags.includes(result.error!._tag)) throw new Error(`${step.what} was refused`, { cause: result.error })
  }
  const checkouts = [...told.started.keys()]
  const checkoutId = checkouts.at(-1 - (which % Math.max(1, checkouts.length)))
  const see = async () => {
    const seen = await shop.cart.safe.cart({ customer, channel: "web", ...shipping })
    if (seen.ok) told.seen.set(customer, shownOf(seen.value))
    return seen
  }
  const sold = (priced: Parameters<typeof shownOf>[0]["priced"], missing: ReadonlyArray<{ readonly promotion: string }>): Sold => ({
    shown: shownOf({ priced }),
    usage: priced.usage.filter(({ promotion }) => !missing.some((gift) => gift.promotion === promotion)),
    entry: priced.entry
  })
  const fill = async () => {
    const seen = await shop.cart.safe.cart({ customer })
    if (seen.ok && seen.value.cart.lines.length > 0) return
    await shop.cart.add({ customer, variant, quantity, channel: "web" })
    await shop.cart.safe.applyCoupons({ customer, codes: [code] })
  }
  const isRace = step.what === "race"
  const start = async (at: 0 | 1 = step.shop === 0 ? 0 : 1, of: string = customer) => {
    const seen = step.fresh && of === customer ? await see() : undefined
    const expected = told.seen.get(of)
    const tenders = tendersOf(step, expected?.total.amount ?? 0).filter((tender) => !("amount" in tender) || tender.amount > 0)
    const reasons = seen?.ok === true ? await reasonsOf(whole, told, of, tenders) : undefined
    const result = await whole.shops[at].shop.cart.safe.startCheckout({
      customer: of,
      ...by,
      tenders,
      ...(expected === undefined ? {} : { expected })
    })
    mayRefuse(result, refusals)
    if (result.ok) {
      const { checkout, priced } = result.value
      // What it goes without is kept for it all the same, until it is placed.
      told.started.set(checkout.id, sold(priced, []))
      if (expected !== undefined) assert.deepEqual(shownOf({ priced }), expected)
    }
    // What was shown a moment ago is refused for nothing but what is not to be had.
    if (seen?.ok !== true || reasons === undefined || result.ok || isRace) return result
    const { error } = result
    if (error._tag === "CheckoutChanged") {
      assert.isFalse(error.acceptable, error.message)
      reasons.assertShort(seen.value.cart)
    } else if (error._tag === "TenderDeclined") reasons.assertPoor(seen.value.priced.totals.gross.amount)
    else assert.equal(error._tag, "CartEmpty")
    return result
  }
  const orderOf = async () => {
    const { events } = await shop.events({ types: [OrderPlaced], limit: 1_000 })
    const id = events.at(-1 - (which % Math.max(1, events.length)))?.subject
    return id === undefined ? undefined : shop.orders.order({ order: id })
  }
  const authorise = async (amount: "all" | "part" | "declined", checkout = checkoutId) => {
    if (checkout === undefined) return
    const { payments } = await shop.payments.checkout({ checkout })
    const own = payments.filter(({ provider, reference }) => provider === "card" && reference !== undefined)
    for (const { id, amount: asked } of amount === "all" ? own : own.slice(0, 1)) {
      const webhook =
        amount === "declined"
          ? card.decline(id)
          : card.authorise(id, amount === "part" ? Math.max(1, Math.floor((asked * step.percent) / 100)) : asked)
      const reports = [...(await card.webhook(webhook))]
      told.webhooks.push(reports as never)
      await shop.payments.report({ provider: "card", reports })
    }
  }
  switch (step.what) {
    case "add":
      return void (await shop.cart.add({ customer, variant, quantity, channel: which % 2 === 0 ? "web" : "app" }))
    case "quantity":
    case "remove": {
      const seen = await shop.cart.safe.cart({ customer })
      const line = seen.ok ? seen.value.cart.lines.at(which % Math.max(1, seen.value.cart.lines.length)) : undefined
      if (line === undefined) return
      return void (await (step.what === "remove"
        ? shop.cart.remove({ customer, line: line.id })
        : shop.cart.setQuantity({ customer, line: line.id, quantity })))
    }
    case "code":
      return mayRefuse(await shop.cart.safe.applyCoupons({ customer, codes: [code] }), ["CartNotFound", "TooManyTries"])
    case "uncode":
      return mayRefuse(await shop.cart.safe.removeCoupon({ customer, code }), ["CartNotFound"])
    case "see":
      return void (await see())
    case "merge": {
      const { cart } = await shop.cart.add({ variant, quantity, channel: "web" })
      return void (await shop.cart.merge({ from: { cart: cart.id }, into: { customer } }))
    }
    case "buy":
    case "start": {
      await fill()
      const result = await start()
      if (step.what === "buy" && result.ok) {
        await shop.drain()
        await authorise("all", result.value.checkout.id)
      }
      return
    }
    case "race":
      await Promise.all([start(0), start(1, customers[which % 3])])
      return
    case "pay":
      return authorise("all")
    case "part":
      return authorise("part")
    case "decline":
      return authorise("declined")
    case "other": {
      if (checkoutId === undefined) return
      const provider = step.tenders === "points" ? "points" : "card"
      return mayRefuse(await shop.payments.safe.pay({ checkout: checkoutId, tender: { provider } }), [
        "CheckoutOver",
        "TendersMismatch",
        "TenderDeclined",
        "TooManyPayments"
      ])
    }
    case "again":
      for (const reports of told.webhooks) await shop.payments.report({ provider: "card", reports: [...reports] })
      return
    case "void":
      if (checkoutId !== undefined) mayRefuse(await shop.payments.safe.cancelCheckout({ checkout: checkoutId }), ["CheckoutOver"])
      return
    case "till": {
      await fill()
      const seen = step.fresh ? await see() : undefined
      const expected = told.seen.get(customer)
      const reasons = await reasonsOf(whole, told, customer, [])
      const result = await shop.cart.safe.checkout({
        customer,
        ...by,
        fulfilment: { kind: "carry-out", location: "mitte" },
        ...(expected === undefined ? {} : { expected })
      })
      mayRefuse(result, refusals)
      if (result.ok) told.till.set(result.value.order.id, sold(result.value.priced, result.value.giftsMissing))
      else if (seen?.ok === true) {
        assert.equal(result.error._tag, "CheckoutChanged")
        reasons.assertShort(seen.value.cart)
      }
      return
    }
    case "revoke":
    case "ship":
    case "deliver": {
      const order = await orderOf()
      const line = order?.lines.at(which % order.lines.length)
      if (order === undefined || line === undefined) return
      const some = step.fresh ? {} : { lines: [{ line: line.id, quantity: Math.min(quantity, line.quantity) }] }
      const input = { order: order.id, ...some }
      const result = await (step.what === "revoke"
        ? shop.orders.safe.cancel(input)
        : step.what === "ship"
          ? shop.orders.safe.ship(input)
          : shop.orders.safe.deliver(input))
      return mayRefuse(result, ["IllegalTransition"])
    }
    case "back": {
      const order = await orderOf()
      const line = order?.lines.at(which % order.lines.length)
      if (order === undefined || line === undefined) return
      const lines = (step.fresh ? order.lines : [line]).map((one) => ({
        line: one.id,
        quantity: step.fresh ? one.quantity : Math.min(quantity, one.quantity),
        condition: "sellable" as const
      }))
      return mayRefuse(await shop.orders.safe.takeBack({ order: order.id, lines, reason: "no", location: "mitte" }), ["NotReturnable"])
    }
    case "payOut": {
      const order = await orderOf()
      if (order === undefined) return
      return mayRefuse(await shop.payments.safe.payOut({ order: order.id, provider: "store-credit" }), ["AmountExceeded"])
    }
    case "lapse":
      return time.pass(31 * minute)
    case "day":
      return time.pass(day)
    case "price":
      return void (await shop.catalog.putVariant({
        id: variant,
        product: variant.split("-")[0]!,
        sku: variant.split("-")[0]!.toUpperCase(),
        prices: [euros(901 + 317 * which)]
      }))
    case "sale":
      await shop.catalog.putPriceList({ id: "sale", name: "Sale", currency: "EUR", kind: "sale", tax: setup.listTax, active: step.fresh })
      return void (await shop.catalog.setPrices({ list: "sale", prices: [{ variant, amount: 777 + which }] }))
    case "arrive":
    case "lose": {
      const sku = variant.split("-")[0]!.toUpperCase()
      const lines = [{ sku, location: "mitte", quantity }]
      const result = await (step.what === "arrive" ? shop.inventory.safe.receive({ lines }) : shop.inventory.safe.sell({ lines }))
      mayRefuse(result, ["InsufficientStock"])
      if (result.ok) told.moved.set(sku, (told.moved.get(sku) ?? 0) + (step.what === "arrive" ? quantity : -quantity))
      return
    }
    case "reward": {
      const claimed = await shop.loyalty.safe.claimReward({ customer, reward: "five", claim: `c${which}` })
      mayRefuse(claimed, ["PointsInsufficient"])
      if (claimed.ok)
        mayRefuse(await shop.cart.safe.applyCoupon({ customer, code: claimed.value.code }), [
          "CartNotFound",
          "CouponSpent",
          "CouponReserved"
        ])
    }
  }
}
