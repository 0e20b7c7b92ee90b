import type { Invoice, InvoiceLine, LineAllowanceCharge, TaxSubtotal } from "../document.ts"
import { delivery, others, party } from "./parties.ts"
import { aggregate, leaf, type Xml } from "./xml.ts"

type Taxed = Pick<InvoiceLine, "scheme" | "category" | "percent">
type Part = LineAllowanceCharge & Partial<Taxed>

const NAMESPACES =
  'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'

/**
 * The document in UBL 2.1 (ISO/IEC 19845), in the binding of CEN/TS 16931-3-2: a `CreditNote` for the type codes of credit notes, else an
 * `Invoice`. Texts are escaped; a character that XML 1.0 cannot hold becomes U+FFFD. It does not check the invoice: see `checkInvoice`.
 */
export const toUbl = (invoice: Invoice): string => {
  const root = isCreditNote(invoice) ? "CreditNote" : "Invoice"
  const body = isCreditNote(invoice) ? [...creditNoteHead(invoice), ...rest(invoice)] : [...invoiceHead(invoice), ...rest(invoice)]
  const content = body.filter((part) => part !== undefined).join("\n")
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" ${NAMESPACES}>\n${content}\n</${root}>\n`
}

/** Whether its type is one of those that are credit notes (EN 16931-1, BT-3). */
const isCreditNote = ({ type }: Pick<Invoice, "type">): boolean =>
  ["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"].includes(type)

const invoiceHead = (invoice: Invoice): ReadonlyArray<Xml> => [
  leaf("CustomizationID", invoice.specification),
  leaf("ProfileID", invoice.process),
  leaf("ID", invoice.number),
  leaf("IssueDate", invoice.issueDate),
  leaf("DueDate", invoice.dueDate),
  leaf("InvoiceTypeCode", invoice.type),
  ...(invoice.notes ?? []).map((note) => leaf("Note", note)),
  leaf("TaxPointDate", invoice.taxPointDate)
]

const creditNoteHead = (invoice: Invoice): ReadonlyArray<Xml> => [
  leaf("CustomizationID", invoice.specification),
  leaf("ProfileID", invoice.process),
  leaf("ID", invoice.number),
  leaf("IssueDate", invoice.issueDate),
  leaf("TaxPointDate", invoice.taxPointDate),
  leaf("CreditNoteTypeCode", invoice.type),
  ...(invoice.notes ?? []).map((note) => leaf("Note", note))
]

/** What stands in the same order in both. */
const rest = (invoice: Invoice): ReadonlyArray<Xml> => {
  const { documentCurrency: currency } = invoice
  const terms = aggregate("PaymentTerms", [leaf("Note", invoice.paymentTerms)])
  const parts = invoice.allowancesAndCharges.map((part) => allowanceCharge(part, currency))
  return [
    leaf("DocumentCurrencyCode", currency),
    leaf("TaxCurrencyCode", invoice.taxCurrency),
    leaf("BuyerReference", invoice.buyerReference),
    period(invoice.period),
    orderReference(invoice),
    ...invoice.preceding.map(({ number, issueDate }) =>
      aggregate("BillingReference", [aggregate("InvoiceDocumentReference", [leaf("ID", number), leaf("IssueDate", issueDate)])])
    ),
    aggregate("DespatchDocumentReference", [leaf("ID", invoice.despatch)]),
    aggregate("ContractDocumentReference", [leaf("ID", invoice.contract)]),
    party("AccountingSupplierParty", invoice.seller),
    party("AccountingCustomerParty", invoice.buyer),
    ...others(invoice),
    delivery(invoice),
    ...paymentMeans(invoice),
    terms,
    ...parts,
    ...taxTotals(invoice),
    totals(invoice),
    ...invoice.lines.map((line) => lineOf(line, invoice))
  ]
}

/** BT-13; where there is only the seller's own number the norm's binding wants "NA" in its place. */
const orderReference = ({ purchaseOrder, salesOrder }: Invoice): Xml =>
  purchaseOrder === undefined && salesOrder === undefined
    ? undefined
    : aggregate("OrderReference", [leaf("ID", purchaseOrder ?? "NA"), leaf("SalesOrderID", salesOrder)])

const period = (of: Invoice["period"]): Xml => aggregate("InvoicePeriod", [leaf("StartDate", of?.start), leaf("EndDate", of?.end)])

const paymentMeans = (invoice: Invoice): ReadonlyArray<Xml> =>
  invoice.paymentMeans.map(({ code, label, reference, account }) =>
    aggregate("PaymentMeans", [
      leaf("PaymentMeansCode", code, { name: label }),
      leaf("PaymentDueDate", isCreditNote(invoice) ? invoice.dueDate : undefined),
      leaf("PaymentID", reference),
      aggregate("PayeeFinancialAccount", [
        leaf("ID", account?.id),
        leaf("Name", account?.name),
        aggregate("FinancialInstitutionBranch", [leaf("ID", account?.bank)])
      ])
    ])
  )

const taxScheme = (scheme: string): Xml => aggregate("TaxScheme", [leaf("ID", scheme)])

const category = (name: string, of: Taxed, exemption: Pick<TaxSubtotal, "exemptionReason" | "exemptionCode"> = {}): Xml =>
  aggregate(name, [
    leaf("ID", of.category),
    leaf("Percent", of.percent),
    leaf("TaxExemptionReasonCode", exemption.exemptionCode),
    leaf("TaxExemptionReason", exemption.exemptionReason),
    taxScheme(of.scheme)
  ])

const money = (name: string, amount: string | undefined, currency: string): Xml => leaf(name, amount, { currencyID: currency })

const allowanceCharge = ({ category: code, scheme, percent, ...part }: Part, currency: string): Xml =>
  aggregate("AllowanceCharge", [
    leaf("ChargeIndicator", String(part.charge)),
    leaf("AllowanceChargeReasonCode", part.reasonCode),
    leaf("AllowanceChargeReason", part.reason),
    leaf("MultiplierFactorNumeric", part.multiplier),
    money("Amount", part.amount, currency),
    money("BaseAmount", part.base, currency),
    code === undefined || scheme === undefined
      ? undefined
      : category("TaxCategory", { category: code, scheme, ...(percent === undefined ? {} : { percent }) })
  ])

const taxTotals = (invoice: Invoice): ReadonlyArray<Xml> => [
  ...invoice.taxTotals.map(({ amount, currency, subtotals }) =>
    aggregate("TaxTotal", [
      money("TaxAmount", amount, currency),
      ...subtotals.map((row) =>
        aggregate("TaxSubtotal", [
          money("TaxableAmount", row.taxable, currency),
          money("TaxAmount", row.tax, currency),
          category("TaxCategory", row, row)
        ])
      )
    ])
  ),
  ...(isCreditNote(invoice) ? [] : (invoice.withheld ?? [])).map(({ code, percent, base, amount }) =>
    aggregate("WithholdingTaxTotal", [
      money("TaxAmount", amount, invoice.documentCurrency),
      aggregate("TaxSubtotal", [
        money("TaxableAmount", base, invoice.documentCurrency),
        money("TaxAmount", amount, invoice.documentCurrency),
        aggregate("TaxCategory", [leaf("Percent", percent), taxScheme(code)])
      ])
    ])
  )
]

const totals = ({ totals: of, documentCurrency: currency }: Invoice): Xml =>
  aggregate("LegalMonetaryTotal", [
    money("LineExtensionAmount", of.lineTotal, currency),
    money("TaxExclusiveAmount", of.taxExclusive, currency),
    money("TaxInclusiveAmount", of.taxInclusive, currency),
    money("AllowanceTotalAmount", of.allowanceTotal, currency),
    money("ChargeTotalAmount", of.chargeTotal, currency),
    money("PrepaidAmount", of.prepaid, currency),
    money("PayableRoundingAmount", of.rounding, currency),
    money("PayableAmount", of.payable, currency)
  ])

const lineOf = (line: InvoiceLine, invoice: Invoice): Xml => {
  const { documentCurrency: currency } = invoice
  const [name, quantity] = isCreditNote(invoice) ? ["CreditNoteLine", "CreditedQuantity"] : ["InvoiceLine", "InvoicedQuantity"]
  return aggregate(name!, [
    leaf("ID", line.id),
    leaf("Note", line.note),
    leaf(quantity!, line.quantity, { unitCode: line.unit }),
    money("LineExtensionAmount", line.net, currency),
    period(line.period),
    aggregate("OrderLineReference", [leaf("LineID", line.orderLine)]),
    ...line.allowancesAndCharges.map((part) => allowanceCharge(part, currency)),
    aggregate("Item", [
      leaf("Description", line.description),
      leaf("Name", line.name),
      aggregate("SellersItemIdentification", [leaf("ID", line.sku)]),
      aggregate("StandardItemIdentification", [leaf("ID", line.gtin, { schemeID: "0160" })]),
      category("ClassifiedTaxCategory", line)
    ]),
    aggregate("Price", [money("PriceAmount", line.price, currency), leaf("BaseQuantity", line.priceBase, { unitCode: line.unit })])
  ])
}
