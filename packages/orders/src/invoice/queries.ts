import { addCivilDays, CivilDate, fail, Id, type Money, money, paged, query } from "@omni/core"
import * as z from "zod"

import { OrderNotFound } from "../errors.ts"
import { Orders } from "../model.ts"
import { countOf } from "../parts.ts"
import { erased } from "./credit.ts"
import { InvoiceNotFound } from "./errors.ts"
import { FiscalRegistrations } from "./fiscal.ts"
import { LegalEntities } from "./legal-entity.ts"
import { InvoiceAccounts, InvoiceNumbers, Invoices, OrderInvoices } from "./model.ts"
import { numberKey } from "./number.ts"
import { toUbl } from "./ubl/ubl.ts"
import { type Open, openOf, uninvoiced } from "./uninvoiced.ts"
import { invoiceOf } from "./write-document.ts"

/** A document as it was issued. Errors: `InvoiceNotFound`. */
export const invoice = query("invoices.invoice", z.object({ document: Id }), function* (view, { document }) {
  return view.get(Invoices, document) ?? (yield* fail(InvoiceNotFound.of(document)))
})

/** The document of a number. Errors: `InvoiceNotFound`. */
export const byNumber = query("invoices.byNumber", z.object({ legalEntity: Id, number: Id }), function* (view, { legalEntity, number }) {
  const known = view.get(InvoiceNumbers, numberKey(legalEntity, number))
  const found = known === undefined ? undefined : view.get(Invoices, known.document)
  return found ?? (yield* fail(InvoiceNotFound.of(number)))
})

/** A document in UBL 2.1, to be sent. Errors: `InvoiceNotFound`, `BuyerErased`. */
export const ubl = query("invoices.ubl", z.object({ document: Id }), function* (view, { document: id }) {
  const found = view.get(Invoices, id) ?? (yield* fail(InvoiceNotFound.of(id)))
  const document = invoiceOf(found) ?? (yield* fail(erased(id)))
  return toUbl(document)
})

/** What has become of an invoice: credited, paid, open. Errors: `InvoiceNotFound`. */
export const account = query("invoices.account", z.object({ invoice: Id }), function* (view, input) {
  return view.get(InvoiceAccounts, input.invoice) ?? (yield* fail(InvoiceNotFound.of(input.invoice)))
})

/** What of an order is on no invoice, of all of it or of one of its deliveries. */
export interface Uninvoiced {
  readonly lines: ReadonlyArray<{ readonly line: string; readonly quantity: number }>
  /** Codes of charges; they come with the first invoice unless told. */
  readonly charges: ReadonlyArray<string>
  /** The same, by delivery; what is in none is not here. */
  readonly deliveries: ReadonlyArray<{ readonly delivery: string; readonly lines: Uninvoiced["lines"] }>
  /** All of it, with tax and fees that were kept, less what somebody was let off. */
  readonly total: Money
}

/** What of an order is still to be invoiced, also by delivery. Errors: `OrderNotFound`. */
export const uninvoicedOf = query("invoices.uninvoicedOf", z.object({ order: Id }), function* (view, { order: id }) {
  const order = view.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
  const row = view.get(OrderInvoices, id)
  const linesOf = ({ units }: Open): Uninvoiced["lines"] =>
    [...units].map(([line, some]) => ({ line, quantity: countOf(some) })).filter(({ quantity }) => quantity > 0)
  const open = openOf(order, row)
  return {
    lines: linesOf(open),
    charges: open.charges.map(({ charge }) => charge.code),
    deliveries: order.fulfilments
      .map((delivery) => ({ delivery, lines: linesOf(openOf(order, row, delivery)) }))
      .filter(({ lines }) => lines.length > 0),
    total: money(uninvoiced(view, order), order.currency)
  } satisfies Uninvoiced
})

const by = z.union([z.object({ legalEntity: Id }), z.object({ company: Id }), z.object({ customer: Id }), z.object({ order: Id })])

/** The documents of a legal entity, a company, a customer or an order, the latest first, in pages. */
export const documents = query("invoices.documents", z.object({ by, ...paged }), function* (view, { by: of, ...page }) {
  const [index, id] = Object.entries(of)[0] as ["legalEntity" | "company" | "customer" | "order", string]
  return view.find(Invoices, index, { equals: [id], order: "desc", ...page })
})

/** Who issues documents. */
export const legalEntity = query("invoices.legalEntity", z.object({ id: Id }), function* (view, { id }) {
  return view.get(LegalEntities, id)
})

/** The registration of a document with its national scheme: its place in the chain, its QR code, what was answered. */
export const registration = query("invoices.registration", z.object({ document: Id }), function* (view, { document }) {
  return view.get(FiscalRegistrations, document) ?? (yield* fail(InvoiceNotFound.of(document)))
})

/** Registrations of a scheme by what became of them, in the order of the chain, in pages. */
export const registrations = query(
  "invoices.registrations",
  z.object({ scheme: Id, status: z.enum(["pending", "accepted", "rejected", "failed"]), ...paged }),
  function* (view, { scheme, status, ...page }) {
    return view.find(FiscalRegistrations, "status", { equals: [scheme, status], ...page })
  }
)

/**
 * Whose personal data may go, since the documents that hold it have not to be kept any more on a day: subjects for `omni.erase`, the
 * longest first, in pages. `from` leaves out what was erased before.
 */
export const expiredBuyers = query(
  "invoices.expiredBuyers",
  z.object({ on: CivilDate, from: CivilDate.exactOptional(), ...paged }),
  function* (view, { on, from, ...page }) {
    const found = view.find(Invoices, "expiry", { ...(from === undefined ? {} : { from }), to: addCivilDays(on, -1), ...page })
    const subjects = [...new Set(found.items.flatMap(({ row }) => row.subject ?? []))]
    return { subjects, ...(found.cursor === undefined ? {} : { cursor: found.cursor }) }
  }
)
