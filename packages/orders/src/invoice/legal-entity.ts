import { CivilDate, collection, type Decimal, Id, Instant, operation, TimeZone, toCivilDate } from "@omni/core"
import * as z from "zod"

import { Party, PaymentMeans, TaxCategory } from "./document.ts"
import { Format } from "./series-format.ts"
import { PaymentTerms } from "./terms.ts"

/** How the documents of a series are numbered. */
export const SeriesRule = z
  .object({
    /** Around `{number}`, to which digits may be asked for: "INV-{year}-{number:6}". */
    format: Format,
    /** `yearly`: the first of a year, by its issue date, is number one again. */
    restart: z.enum(["yearly", "never"]),
    /** The number that it begins with; 1 unless told. */
    first: z.int().min(0).max(999_999_999).exactOptional()
  })
  .refine(({ format, restart }) => restart === "never" || /\{year(:2)?\}/.test(format), {
    error: "Numbers that restart each year name it: put {year} into the format"
  })
export type SeriesRule = z.infer<typeof SeriesRule>

/** How a tax of an order stands in a document. */
const TaxRule = z.object({
  category: TaxCategory,
  exemptionReason: z.string().min(1).max(500).exactOptional(),
  exemptionCode: Id.exactOptional()
})

const entityFields = z.object({
  id: Id,
  party: Party,
  /** In which its days begin: issue dates and years are of this zone. */
  timeZone: TimeZone,
  /** By name. */
  series: z.record(Id, SeriesRule),
  /** The series that a document is of unless told. */
  invoices: Id,
  creditNotes: Id,
  /** For how many years after that of issue documents have to be kept with all that they say. */
  retentionYears: z.int().min(1).max(99),
  /** How taxes of orders, by their code, stand in documents: standard rate, or zero rate, by their rate unless told. */
  taxes: z.record(Id, TaxRule).exactOptional(),
  paymentMeans: z.array(PaymentMeans).max(20).exactOptional(),
  terms: PaymentTerms.exactOptional(),
  /** The specification that documents name (BT-24): plain EN 16931 unless told. */
  specification: Id.exactOptional(),
  process: Id.exactOptional(),
  /** The national scheme that its documents are registered with, by its name. */
  scheme: Id.exactOptional()
})

/** Somebody who issues documents: a company, before the law and the tax office. */
export interface LegalEntity extends z.infer<typeof entityFields> {}

const LegalEntity: z.ZodType<LegalEntity, LegalEntity> = entityFields.refine(
  ({ series, invoices, creditNotes }) => invoices in series && creditNotes in series,
  { error: "The series of invoices and of credit notes have to be among the series" }
)

/** Those who issue documents. */
export const LegalEntities = collection("orders.legal-entities", { schema: LegalEntity })

/** Where a series stands: what makes its numbers follow one another without a gap. */
export const Series = collection("orders.invoice-series", {
  schema: z.object({ legalEntity: Id, series: Id, year: z.int(), last: z.int(), lastDate: CivilDate, at: Instant })
})

/** EN 16931 and nothing more. */
export const EN16931 = "urn:cen.eu:en16931:2017"

/** The specification and process of PEPPOL BIS Billing 3.0, for `specification` and `process` of a legal entity. */
export const peppolBilling = {
  specification: "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
  process: "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
} as const

/**
 * Says who issues documents and how they are numbered; the same id again changes it for what is issued from then on. Documents that are
 * issued hold the seller as it was.
 */
export const saveLegalEntity = operation("invoices.saveLegalEntity", LegalEntity, function* (tx, entity) {
  return tx.put(LegalEntities, entity.id, entity)
})

/** The day that it is for a legal entity. */
export const todayOf = ({ timeZone }: LegalEntity, now: number): CivilDate => toCivilDate(now, timeZone)

/** The last day on which a document of a legal entity has to be kept: the end of the year of issue, so many years on. */
export const retainUntil = ({ retentionYears }: LegalEntity, issued: CivilDate): CivilDate =>
  `${String(Number(issued.slice(0, 4)) + retentionYears).padStart(4, "0")}-12-31`

/** The rule for a tax by its code and rate. */
export const taxRuleOf = ({ taxes }: LegalEntity, code: string, percent: Decimal): z.infer<typeof TaxRule> =>
  taxes?.[code] ?? { category: /^0*(\.0*)?$/.test(percent) ? "Z" : "S" }
