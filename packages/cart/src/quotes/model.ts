import { Actor, collection, Currency, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

import { CartLine, LineQuantity } from "../model.ts"

/**
 * Where a quote stands. `requested`: the shop has to say; `offered`: the customer has to; `countered`: the customer has named a price, and
 * the shop has to say; `accepted`, `declined`, `withdrawn` (by the customer) and `expired` are ends.
 */
export const QuoteStatus = z.enum(["requested", "offered", "countered", "accepted", "declined", "withdrawn", "expired"])
export type QuoteStatus = z.infer<typeof QuoteStatus>

/** What may be done to a quote: `decline` by the shop while it has to say, else by the customer. */
export type QuoteChange = "offer" | "counter" | "accept" | "decline" | "withdraw" | "expire"

/** From which states each change leads where. */
export const quoteMachine: Readonly<Record<QuoteChange, { readonly from: ReadonlyArray<QuoteStatus>; readonly to: QuoteStatus }>> = {
  // An offer may be bettered while the customer thinks it over.
  offer: { from: ["requested", "countered", "offered"], to: "offered" },
  counter: { from: ["offered"], to: "countered" },
  accept: { from: ["offered"], to: "accepted" },
  decline: { from: ["requested", "countered", "offered"], to: "declined" },
  withdraw: { from: ["requested", "countered"], to: "withdrawn" },
  expire: { from: ["requested", "offered", "countered"], to: "expired" }
}

const { variant, product, sku, options, custom } = CartLine.unwrap().shape

/** So many of a variant, with what the customer would pay for each and what the shop asks. */
export const QuoteLine = z
  .object({
    id: Id,
    variant,
    product,
    sku,
    quantity: LineQuantity,
    options,
    custom,
    wanted: Money.exactOptional(),
    offered: Money.exactOptional()
  })
  .readonly()
export type QuoteLine = z.infer<typeof QuoteLine>

const Note = z.string().max(2_000)

/** A price that is negotiated, and how it went. */
export const Quote = z
  .object({
    id: Id,
    customer: Id,
    status: QuoteStatus,
    channel: Id,
    currency: Currency,
    lines: z.array(QuoteLine).min(1).max(1_000).readonly(),
    /** Until when the offer holds, or, before there is one, when nobody waits for it any more. */
    until: Instant,
    history: z
      .array(z.object({ at: Instant, status: QuoteStatus, by: Actor, note: Note.exactOptional() }).readonly())
      .max(1_000)
      .readonly(),
    createdAt: Instant,
    updatedAt: Instant
  })
  .readonly()
export type Quote = z.infer<typeof Quote>

/** Quotes by id. */
export const Quotes = collection("cart.quotes", {
  schema: Quote,
  indexes: { customer: ["customer", "updatedAt"], status: ["status", "updatedAt"] }
})

const facts = { quote: Id, customer: Id, channel: Id, currency: Currency, lines: z.int().positive() }

/** A customer has asked for a price. Subject of this and the next: the quote. */
export const QuoteRequested = event("cart.QuoteRequested", z.object(facts))

/** A quote was offered, countered, or has ended. */
export const QuoteChanged = event("cart.QuoteChanged", z.object({ ...facts, from: QuoteStatus, to: QuoteStatus, until: Instant }))
