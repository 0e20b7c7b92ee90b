import { addCivilDays, CivilDate, fail, Id, paged, query } from "@omni/core"
import * as z from "zod"

import { erased } from "./credit.ts"
import { InvoiceNotFound } from "./errors.ts"
import { FiscalRegistrations } from "./fiscal.ts"
import { LegalEntities } from "./legal-entity.ts"
import { InvoiceAccounts, InvoiceNumbers, Invoices } from "./model.ts"
import { numberKey } from "./number.ts"
import { toUbl } from "./ubl/ubl.ts"
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
