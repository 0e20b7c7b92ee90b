import { QuoteChanged, type QuoteChange, quoteMachine, type QuoteStatus } from "@omni/cart"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, carryOut, clockAt, openShop, stockUp } from "./shop.ts"

const euros = (amount: number) => ({ amount, currency: "EUR" }) as const
const later = 10_000

it("negotiates a price, and buys at it: for at least as many, until the offer ends", async () => {
  const time = clockAt(1_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  await shop.cart.add({ customer: "p1", variant: "case-1", quantity: 5, line: "c" })
  const asked = await shop.cart.requestQuote({ customer: "p1", prices: [{ line: "c", unitPrice: euros(1_500) }], note: "Five of them" })
  assert.deepEqual([asked.status, asked.lines[0]?.wanted?.amount], ["requested", 1_500])
  const until = 1_000_000 + later
  await shop.cart.offerQuote({ quote: asked.id, prices: [{ line: "c", unitPrice: euros(1_800) }], until })
  await shop.cart.counterQuote({ quote: asked.id, prices: [{ line: "c", unitPrice: euros(1_600) }] })
  await shop.cart.offerQuote({ quote: asked.id, prices: [{ line: "c", unitPrice: euros(1_700) }], until })
  await shop.cart.remove({ customer: "p1", line: "c" })
  const taken = await shop.cart.acceptQuote({ quote: asked.id })
  assert.equal(taken.priced.totals.gross.amount, 5 * 1_700)
  assert.equal((await shop.cart.acceptQuote({ quote: asked.id })).cart.lines[0]?.quantity, 5)
  const line = taken.cart.lines[0]!.id
  assert.equal((await shop.cart.setQuantity({ customer: "p1", line, quantity: 4 })).priced.totals.gross.amount, 4 * 1_990)
  assert.equal((await shop.cart.setQuantity({ customer: "p1", line, quantity: 6 })).priced.totals.gross.amount, 6 * 1_700)
  const more = await shop.cart.add({ customer: "p1", variant: "case-1" })
  assert.equal(more.priced.totals.gross.amount, 6 * 1_700 + 1_990)
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, expected: euros(6 * 1_700 + 1_990) })
  assert.equal(order.totals.total.amount, 6 * 1_700 + 1_990)
  const { history } = await shop.cart.quote({ quote: asked.id })
  assert.deepEqual(
    history.map(({ status }) => status),
    ["requested", "offered", "countered", "offered", "accepted"]
  )
  assert.equal((await shop.cart.quotesIn({ status: "accepted" })).items.length, 1)
})

it("lets offers expire, and the price with them", async () => {
  const time = clockAt(1_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  for (const customer of ["p1", "p2"]) await shop.cart.add({ customer, variant: "case-1", line: "c" })
  const offers = [await shop.cart.requestQuote({ customer: "p1" }), await shop.cart.requestQuote({ customer: "p2" })]
  for (const { id } of offers)
    await shop.cart.offerQuote({ quote: id, prices: [{ line: "c", unitPrice: euros(1) }], until: 1_000_000 + later })
  const taken = await shop.cart.acceptQuote({ quote: offers[0]!.id })
  assert.equal(taken.priced.totals.gross.amount, 1)
  time.pass(later)
  assert.equal((await shop.cart.cart({ customer: "p1" })).priced.totals.gross.amount, 1_990)
  const late = await shop.cart.safe.acceptQuote({ quote: offers[1]!.id })
  assert.isTrue(!late.ok && late.error._tag === "QuoteOver")
  await shop.drain()
  assert.equal((await shop.cart.quote({ quote: offers[1]!.id })).status, "expired")
  assert.equal((await shop.cart.quote({ quote: offers[0]!.id })).status, "accepted")
})

it("takes the changes that its state allows, and no others", async () => {
  const change = fc.constantFrom<Exclude<QuoteChange, "expire">>("offer", "counter", "accept", "decline", "withdraw")
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 6 }), async (changes) => {
      const shop = await openShop()
      await shop.cart.add({ customer: "p1", variant: "case-1", line: "c" })
      const { id: quote } = await shop.cart.requestQuote({ customer: "p1" })
      const prices = [{ line: "c", unitPrice: euros(1_000) }]
      let status: QuoteStatus = "requested"
      for (const one of changes) {
        const until = Date.now() + 60_000
        const call = {
          offer: () => shop.cart.safe.offerQuote({ quote, prices, until }),
          counter: () => shop.cart.safe.counterQuote({ quote, prices }),
          accept: () => shop.cart.safe.acceptQuote({ quote }),
          decline: () => shop.cart.safe.declineQuote({ quote }),
          withdraw: () => shop.cart.safe.withdrawQuote({ quote })
        }[one]
        const result = await call()
        const allowed = quoteMachine[one].from.includes(status) || (one === "accept" && status === "accepted")
        assert.equal(result.ok, allowed, `${one} of one that is ${status}`)
        if (!result.ok) assert.equal(result.error._tag, "IllegalQuoteChange")
        else status = quoteMachine[one].to
        assert.equal((await shop.cart.quote({ quote })).status, status)
      }
      const { events } = await shop.events({ types: [QuoteChanged], limit: 100 })
      const told = events.map(({ data }) => data as { readonly from: string; readonly to: string })
      assert.deepEqual(
        told.slice(1).map(({ from }) => from),
        told.slice(0, -1).map(({ to }) => to)
      )
      await shop.close()
    }),
    { numRuns: 25 }
  )
})

it("refuses an offer that leaves a line out, is in another currency, or is over before it is made", async () => {
  const shop = await openShop()
  for (const variant of ["case-1", "book-1"]) await shop.cart.add({ customer: "p1", variant, line: variant })
  const { id: quote } = await shop.cart.requestQuote({ customer: "p1" })
  const until = Date.now() + 60_000
  const tag = async (prices: ReadonlyArray<{ line: string; unitPrice: { amount: number; currency: "EUR" | "USD" } }>, at = until) => {
    const result = await shop.cart.safe.offerQuote({ quote, prices: [...prices], until: at })
    return result.ok ? "ok" : "reason" in result.error ? result.error.reason : result.error._tag
  }
  const one = { line: "case-1", unitPrice: euros(1) }
  const other = { line: "book-1", unitPrice: euros(1) }
  assert.equal(await tag([one]), "no-price")
  assert.equal(await tag([one, { line: "none", unitPrice: euros(1) }]), "unknown-line")
  assert.equal(await tag([one, { line: "book-1", unitPrice: { amount: 1, currency: "USD" } }]), "currency")
  assert.equal(await tag([one, other], 1), "QuoteOver")
  assert.equal(await tag([{ line: "case-1", unitPrice: euros(-1) }]), "InvalidInput")
  assert.equal(await tag([one, other]), "ok")
  const empty = await shop.cart.safe.requestQuote({ customer: "p2" })
  assert.isTrue(!empty.ok && empty.error._tag === "CartNotFound")
})

it("lets promotions leave out what was agreed on", async () => {
  const rest = { "!": { var: "agreed" } }
  const half = { id: "half", name: "Half", target: "line", lines: rest, value: { type: "percentage", percent: 50 } } as const
  const shop = await openShop({ promotions: [half] })
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "c" })
  const { id: quote } = await shop.cart.requestQuote({ customer: "p1" })
  await shop.cart.offerQuote({ quote, prices: [{ line: "c", unitPrice: euros(1_500) }], until: Date.now() + 60_000 })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  assert.equal((await shop.cart.acceptQuote({ quote })).priced.totals.gross.amount, 995 + 1_500)
})

it("does not show a customer the quote of another who has asked under the same id", async () => {
  const shop = await openShop()
  for (const customer of ["p1", "p2"]) await shop.cart.add({ customer, variant: "case-1" })
  await shop.cart.requestQuote({ customer: "p1", quote: "q" })
  assert.equal((await shop.cart.requestQuote({ customer: "p1", quote: "q" })).customer, "p1")
  const other = await shop.cart.safe.requestQuote({ customer: "p2", quote: "q" })
  assert.isTrue(!other.ok && other.error._tag === "CodeInUse")
})

it("has no more pieces in the cart by an offer that is accepted, but for what was added since or bought by then", async () => {
  const shop = await openShop()
  const ask = async (customer: string, quantity: number) => {
    await shop.cart.add({ customer, variant: "case-1", quantity, line: `${customer}-c` })
    const { id: quote } = await shop.cart.requestQuote({ customer })
    await shop.cart.offerQuote({ quote, prices: [{ line: `${customer}-c`, unitPrice: euros(1_000) }], until: Date.now() + 60_000 })
    return quote
  }
  const piecesOf = (cart: { readonly lines: ReadonlyArray<{ readonly quantity: number; readonly agreed?: unknown }> }) =>
    cart.lines.map(({ quantity, agreed }) => [quantity, agreed !== undefined])
  const plain = await ask("p1", 3)
  for (let i = 0; i < 2; i++) assert.deepEqual(piecesOf((await shop.cart.acceptQuote({ quote: plain })).cart), [[3, true]])
  const more = await ask("p2", 3)
  await shop.cart.setQuantity({ customer: "p2", line: "p2-c", quantity: 5 })
  assert.deepEqual(piecesOf((await shop.cart.acceptQuote({ quote: more })).cart), [
    [2, false],
    [3, true]
  ])
  const bought = await ask("p3", 1)
  await shop.cart.checkout({ customer: "p3", fulfilment: carryOut })
  assert.deepEqual(piecesOf((await shop.cart.acceptQuote({ quote: bought })).cart), [[1, true]])
})
