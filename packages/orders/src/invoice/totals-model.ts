import type { Currency, Rounding } from "@omni/core"

/**
 * Where and how amounts are rounded.
 *
 * - `line`: every line, allowance, charge, tax base and tax is rounded to the currency where it arises, and the rounded ones are summed.
 *   So all that is printed adds up, as EN 16931 demands of an invoice.
 * - `document`: lines are carried with at least `precision` decimals, and every figure is rounded once, at the end. Closer to the exact
 *   value; the figures printed need not add up to the last unit.
 */
export interface InvoiceRounding {
  readonly level: "line" | "document"
  readonly mode: Rounding
  /** Decimals carried at least, at level `document`, and where a tax is taken out of a price: two more than the currency's unless told. */
  readonly precision?: number
}

/** Rounding as EN 16931 has it: each amount where it arises, halves away from zero. */
export const en16931Rounding: InvoiceRounding = { level: "line", mode: "half-up" }

/** Something off a price or on top of it: a fixed amount, or a percentage of `base`, which is the whole unless told. Decimal texts. */
export type AmountOrPercent =
  | { readonly amount: string; readonly percent?: never }
  | { readonly percent: string; readonly base?: string; readonly amount?: never }

/** A tax that falls on an amount. */
export interface TaxOn {
  /** Which tax: "VAT", "IGIC", "GST", "IRPF". */
  readonly code: string
  /** Its rate as a decimal text, "21.0"; `null` for what is exempt or not taxed. */
  readonly percent: string | null
  /** A further rate on the same base, such as the *recargo de equivalencia*. */
  readonly surcharge?: string
  /** Sets amounts of one rate apart: a category code, say. Rows are made per code, rate, surcharge and group. */
  readonly group?: string
}

/** A line to be totalled: decimal texts in the major unit of the currency; a price may have any number of decimals. */
export interface TotalsLine {
  readonly quantity: string
  readonly price: string
  readonly allowances?: ReadonlyArray<AmountOrPercent>
  readonly charges?: ReadonlyArray<AmountOrPercent>
  readonly taxes: ReadonlyArray<TaxOn>
}

/** What an invoice is totalled from. */
export interface TotalsRequest {
  readonly currency: Currency
  readonly lines: ReadonlyArray<TotalsLine>
  /** Off the document, or on top of it: percentages are of the sum of the lines. */
  readonly allowances?: ReadonlyArray<AmountOrPercent & { readonly taxes: ReadonlyArray<TaxOn> }>
  readonly charges?: ReadonlyArray<AmountOrPercent & { readonly taxes: ReadonlyArray<TaxOn> }>
  /** The code of the tax that is inside all prices. */
  readonly pricesInclude?: string
  /** Codes of the taxes that the buyer withholds and pays to the state: they lower what is payable. */
  readonly withheld?: ReadonlyArray<string>
  /** What is paid already; percentages are of what is payable. */
  readonly prepaid?: ReadonlyArray<AmountOrPercent>
  /** What is payable is rounded to a multiple of this: "0.05" where there is no smaller coin. */
  readonly payableIn?: string
}

/** One row of the tax breakdown. */
export interface TaxRow {
  readonly code: string
  readonly percent: string | null
  readonly group?: string
  readonly base: string
  readonly amount: string
  readonly surcharge?: { readonly percent: string; readonly amount: string }
  readonly withheld: boolean
}

/** A line's figures, with the decimals of its price, and never fewer than the currency's. */
export interface LineFigures {
  /** Price × quantity. */
  readonly sum: string
  readonly allowances: ReadonlyArray<string>
  readonly charges: ReadonlyArray<string>
  /** `sum - allowances + charges`; it includes the tax that prices include. */
  readonly total: string
}

/** The totals of an invoice; decimal texts in the major unit of its currency. */
export interface InvoiceTotals {
  readonly lines: ReadonlyArray<LineFigures>
  readonly lineTotal: string
  readonly allowances: ReadonlyArray<string>
  readonly allowanceTotal: string
  readonly charges: ReadonlyArray<string>
  readonly chargeTotal: string
  /** The tax that was inside the prices; "0.00" where none was. */
  readonly taxIncluded: string
  /** `lineTotal - allowanceTotal + chargeTotal - taxIncluded`. */
  readonly taxExclusive: string
  readonly taxes: ReadonlyArray<TaxRow>
  /** All taxes and surcharges that are not withheld. */
  readonly taxTotal: string
  readonly taxInclusive: string
  readonly withheldTotal: string
  /** What was added, or taken when negative, so that a coin is there for it. */
  readonly rounding: string
  /** `taxInclusive - withheldTotal + rounding`. */
  readonly payable: string
  readonly prepaid: string
  /** `payable - prepaid`: the amount due for payment. */
  readonly due: string
}
