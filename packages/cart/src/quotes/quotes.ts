import { type Channel, days, fail, Id, Instant, Money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { changed, type Contents, isNamed, timeAfter } from "../contents.ts"
import { CartEmpty, CodeInUse } from "../errors.ts"
import { cartFor, cartRef, type CartRef, findCart, openCart, refOf } from "../find.ts"
import { pricedCart } from "../priced-cart.ts"
import { saveCart } from "../save.ts"
import { channelOf, knownChannel, type Settings } from "../settings.ts"
import { IllegalQuoteChange, QuoteNotFound, QuoteOver, QuotePriceInvalid } from "./errors.ts"
import { type Quote, type QuoteChange, QuoteChanged, type QuoteLine, quoteMachine, QuoteRequested, Quotes } from "./model.ts"

/** How long a request waits for its first offer unless told. */
const WAITING = days(30)

const Note = z.string().max(2_000).exactOptional()
const Price = Money.refine(({ amount }) => amount >= 0, { error: "Zero or more" })
const Prices = z.array(z.object({ line: Id, unitPrice: Price })).max(1_000)

/** Ends a quote whose time is up. Run by the timer that every change sets. */
export const expireQuote = operation("cart.expireQuote", z.object({ quote: Id }), function* (tx, { quote: id }) {
  const quote = tx.get(Quotes, id)
  if (quote !== undefined && quote.until <= tx.now && quoteMachine.expire.from.includes(quote.status)) move(tx, quote, "expire", {})
})

/** Prices that are negotiated. Errors of all but the first: `QuoteNotFound`, `IllegalQuoteChange`. */
export const quoteOperations = (settings: Settings) => ({
  /**
   * Asks for a price of what is in a cart, which stays as it is; `prices` are what the customer would pay for one. The cart needs a customer.
   * Errors: `CartNotFound`, `CartClosed`, `CartEmpty`, `QuotePriceInvalid`, `ChannelNotFound`, `CodeInUse`.
   */
  requestQuote: operation(
    "cart.requestQuote",
    z.object({ ...cartRef, channel: Id.exactOptional(), quote: Id.max(100).exactOptional(), prices: Prices.default([]), note: Note }),
    function* (tx, { cart: id, customer: named, channel: on, quote: own, prices, note }) {
      const channel = yield* channelOf(tx, settings, on)
      const known = own === undefined ? undefined : tx.get(Quotes, own)
      if (known !== undefined && isAskedBy(tx, settings, known, refOf(id, named))) return known
      if (known !== undefined)
        return yield* fail(new CodeInUse({ code: known.id, message: `The quote "${known.id}" is another customer's. Choose another id.` }))
      const cart = yield* openCart(tx, settings, refOf(id, named))
      const customer = cart.customer ?? named
      if (cart.lines.length === 0 || customer === undefined)
        return yield* fail(
          new CartEmpty({ cart: cart.id, message: `The cart "${cart.id}" is empty, or nobody's: there is nothing to ask a price for.` })
        )
      const lines = cart.lines.map(({ id: line, variant, product, sku, quantity, options, custom }): QuoteLine => {
        return { id: line, variant, product, sku, quantity, options, custom }
      })
      const quote: Quote = {
        id: own ?? tx.newId("quote"),
        customer,
        status: "requested",
        channel: channel.id,
        currency: channel.currency,
        lines: yield* priced(lines, prices, channel, "wanted"),
        until: tx.now + WAITING,
        history: [{ at: tx.now, status: "requested", by: tx.actor, ...(note === undefined ? {} : { note }) }],
        createdAt: tx.now,
        updatedAt: tx.now
      }
      tx.emit(QuoteRequested, quote.id, factsOf(quote))
      return kept(tx, quote)
    }
  ),

  /** The shop names its prices, all of them or those that it changes, and until when they hold. Errors: `QuotePriceInvalid`, `QuoteOver`. */
  offerQuote: operation(
    "cart.offerQuote",
    z.object({ quote: Id, prices: Prices.min(1), until: Instant, note: Note }),
    function* (tx, { quote: id, prices, until, note }) {
      const quote = yield* quoteFor(tx, id, "offer")
      if (until <= tx.now) return yield* fail(QuoteOver.of({ id, until }))
      const channel = yield* knownChannel(settings, quote.channel)
      const lines = yield* priced(quote.lines, prices, channel, "offered")
      const unpriced = lines.find(({ offered }) => offered === undefined)
      if (unpriced !== undefined) return yield* fail(QuotePriceInvalid.of(unpriced.id, "no-price"))
      return move(tx, quote, "offer", { lines, until, ...noted(note) })
    }
  ),

  /** The customer names other prices. Errors: `QuotePriceInvalid`, `QuoteOver`. */
  counterQuote: operation(
    "cart.counterQuote",
    z.object({ quote: Id, prices: Prices.min(1), note: Note }),
    function* (tx, { quote: id, prices, note }) {
      const quote = yield* quoteFor(tx, id, "counter")
      const channel = yield* knownChannel(settings, quote.channel)
      return move(tx, quote, "counter", { lines: yield* priced(quote.lines, prices, channel, "wanted"), ...noted(note) })
    }
  ),

  /**
   * The customer takes the offer: its lines come into the customer's cart, each at its price until the offer ends and for at least as many. They take the place of
   * the lines that the price was asked for, as far as those are still there; what is beside them, and more of them, stays.
   * Accepted again it changes nothing. Answers the cart.
   * Errors: `QuoteOver`, `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  acceptQuote: operation("cart.acceptQuote", z.object({ quote: Id, note: Note }), function* (tx, { quote: id, note }) {
    const known = tx.get(Quotes, id)
    const again = known?.status === "accepted" ? known : undefined
    const quote = again ?? (yield* quoteFor(tx, id, "accept"))
    const channel = yield* knownChannel(settings, quote.channel)
    const cart = yield* cartFor(tx, settings, { customer: quote.customer }, channel)
    if (again !== undefined) return yield* pricedCart(tx, cart, { settings, channel })
    move(tx, quote, "accept", noted(note))
    const contents = quote.lines.reduce<Contents>(
      (now, line, at) => changed(withoutAsked(tx, now, line), asAgreed(tx, quote, line, at)),
      cart
    )
    return yield* saveCart(tx, settings, channel, { ...cart, ...contents })
  }),

  /** One side wants no more of it. */
  declineQuote: operation("cart.declineQuote", z.object({ quote: Id, note: Note }), function* (tx, { quote: id, note }) {
    return move(tx, yield* quoteFor(tx, id, "decline"), "decline", noted(note))
  }),

  /** The customer takes back what was asked. */
  withdrawQuote: operation("cart.withdrawQuote", z.object({ quote: Id, note: Note }), function* (tx, { quote: id, note }) {
    return move(tx, yield* quoteFor(tx, id, "withdraw"), "withdraw", noted(note))
  })
})

/** Whether a quote was asked for by whose cart is named: also where that was bought in the meantime. */
const isAskedBy = (tx: Tx, settings: Settings, { customer }: Quote, ref: CartRef): boolean => {
  const by = ref.customer ?? findCart(tx, settings, ref)?.customer
  return by !== undefined && (by === customer || settings.identities(tx, by).includes(customer))
}

const noted = (note: string | undefined) => (note === undefined ? {} : { note })

/** The quote, if this may be done to it now. Errors: `QuoteNotFound`, `IllegalQuoteChange`, `QuoteOver`. */
function* quoteFor(tx: Tx, id: string, change: QuoteChange): Generator<QuoteNotFound | IllegalQuoteChange | QuoteOver, Quote, unknown> {
  const quote = tx.get(Quotes, id) ?? (yield* fail(QuoteNotFound.of(id)))
  if (!quoteMachine[change].from.includes(quote.status)) return yield* fail(IllegalQuoteChange.of(quote, change))
  return quote.until <= tx.now && change !== "offer" ? yield* fail(QuoteOver.of(quote)) : quote
}

interface Changes {
  readonly lines?: ReadonlyArray<QuoteLine>
  readonly until?: number
  readonly note?: string
}

const move = (tx: Tx, quote: Quote, change: QuoteChange, { note, ...changes }: Changes): Quote => {
  const status = quoteMachine[change].to
  const entry = { at: tx.now, status, by: tx.actor, ...noted(note) }
  const moved = kept(tx, { ...quote, ...changes, status, history: [...quote.history, entry].slice(-1_000), updatedAt: tx.now })
  tx.emit(QuoteChanged, quote.id, { ...factsOf(moved), from: quote.status, to: status, until: moved.until })
  return moved
}

const kept = (tx: Tx, quote: Quote): Quote => {
  const key = `cart.quote ${quote.id}`
  if (quoteMachine.expire.from.includes(quote.status))
    tx.schedule(quote.until, expireQuote, { quote: quote.id }, { key, subject: quote.id })
  else tx.cancel(key)
  return tx.put(Quotes, quote.id, quote)
}

const factsOf = ({ id: quote, customer, channel, currency, lines }: Quote) => ({ quote, customer, channel, currency, lines: lines.length })

/** Lines with the prices that somebody has named. Errors: `QuotePriceInvalid`. */
function* priced(
  lines: ReadonlyArray<QuoteLine>,
  prices: z.output<typeof Prices>,
  { currency }: Channel,
  as: "wanted" | "offered"
): Generator<QuotePriceInvalid, ReadonlyArray<QuoteLine>, unknown> {
  const byLine = new Map(prices.map(({ line, unitPrice }) => [line, unitPrice]))
  for (const [line, unitPrice] of byLine) {
    if (!lines.some(({ id }) => id === line)) return yield* fail(QuotePriceInvalid.of(line, "unknown-line"))
    if (unitPrice.currency !== currency) return yield* fail(QuotePriceInvalid.of(line, "currency"))
  }
  return lines.map((line) => {
    const price = byLine.get(line.id)
    return price === undefined ? line : { ...line, [as]: price }
  })
}

/** A cart without the pieces that a price was asked for. */
const withoutAsked = (tx: Tx, contents: Contents, { id: line, variant, quantity: asked }: QuoteLine): Contents => {
  const known = contents.lines.find((one) => isNamed(one, line) && one.variant === variant)
  if (known === undefined) return contents
  const quantity = known.quantity - asked
  if (quantity <= 0) return changed(contents, { kind: "remove", line })
  return changed(contents, { kind: "set", line, id: tx.newId("set"), at: timeAfter(contents, known, tx.now), quantity })
}

const asAgreed = (tx: Tx, { id: quote, channel, until }: Quote, line: QuoteLine, number: number) => {
  const { variant, product, sku, options, custom, quantity, offered } = line
  const name = `${quote}/${number + 1}`
  const agreed = offered === undefined ? {} : { agreed: { quote, unitPrice: offered, quantity, until } }
  return {
    kind: "add",
    line: name,
    id: name,
    at: tx.now,
    quantity,
    article: { variant, product, sku, options, custom, channel, ...agreed }
  } as const
}
