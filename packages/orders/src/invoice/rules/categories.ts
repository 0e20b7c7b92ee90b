import type { InvoiceFragment } from "../document.ts"
import { compare, exact, type Exact, magnitude, minus, sum, textOf } from "../exact.ts"
import { absent, amounts, decimal, equals, type Finding, type InvoiceRule, isThere, present, rule, shown } from "./rule.ts"
import { documentParts, isVat, subtotalsOf, taxIsProduct } from "./sums.ts"

/** What EN 16931-1 says of a category of tax. */
interface CategoryLaw {
  /** The prefix of its rules. */
  readonly id: string
  readonly category: string
  readonly name: string
  /** Which rates lines, allowances and charges may have. */
  readonly rate: "positive" | "zero" | "not negative" | "none"
  /** One row for each rate, or one alone for the category. */
  readonly rows: "per rate" | "one"
  /** Whether a reason why no tax falls due has to be there, or must not. */
  readonly reason: boolean
  readonly seller: "tax id" | "VAT id" | "no VAT id"
  readonly buyer?: "VAT or legal id" | "VAT id" | "no VAT id"
}

const laws: ReadonlyArray<CategoryLaw> = [
  { id: "S", category: "S", name: "standard rated", rate: "positive", rows: "per rate", reason: false, seller: "tax id" },
  { id: "Z", category: "Z", name: "zero rated", rate: "zero", rows: "one", reason: false, seller: "tax id" },
  { id: "E", category: "E", name: "exempt", rate: "zero", rows: "one", reason: true, seller: "tax id" },
  { id: "AE", category: "AE", name: "reverse charge", rate: "zero", rows: "one", reason: true, seller: "tax id", buyer: "VAT or legal id" },
  { id: "IC", category: "K", name: "intra-community supply", rate: "zero", rows: "one", reason: true, seller: "VAT id", buyer: "VAT id" },
  { id: "G", category: "G", name: "export", rate: "zero", rows: "one", reason: true, seller: "VAT id" },
  { id: "O", category: "O", name: "outside the scope", rate: "none", rows: "one", reason: true, seller: "no VAT id", buyer: "no VAT id" },
  { id: "AF", category: "L", name: "IGIC", rate: "not negative", rows: "per rate", reason: false, seller: "tax id" },
  { id: "AG", category: "M", name: "IPSI", rate: "not negative", rows: "per rate", reason: false, seller: "tax id" }
]

type Place = "line" | "allowance" | "charge"
interface Placed {
  readonly field: string
  readonly place: Place
  readonly percent: string | undefined
  readonly amount: string | undefined
}

/** Lines, allowances and charges of a category, wherever they are. */
const placesOf = (invoice: InvoiceFragment, category: string): ReadonlyArray<Placed> => {
  const { lines = [], allowancesAndCharges = [] } = invoice
  return [
    ...lines.map((line, i) => ({ ...line, amount: line.net, field: `lines.${i}`, place: "line" as const })),
    ...allowancesAndCharges.map((part, i) => ({
      ...part,
      field: `allowancesAndCharges.${i}`,
      place: part.charge === true ? ("charge" as const) : ("allowance" as const)
    }))
  ]
    .filter((part) => part.category === category)
    .map(({ field, place, percent, amount }) => ({ field, place, percent, amount }))
}

const rowsOf = (invoice: InvoiceFragment, category: string) =>
  subtotalsOf(invoice).filter(({ row }) => row.category === category && isVat(row))

const netOf = (places: ReadonlyArray<Placed>): Exact => {
  const of = (place: Place): Exact => sum(amounts(places.filter((one) => one.place === place).map(({ amount }) => amount)))
  return minus(sum([of("line"), of("charge")]), of("allowance"))
}

function* inBreakdown(invoice: InvoiceFragment, { category, rows }: CategoryLaw): Generator<Finding> {
  const used = placesOf(invoice, category).length > 0
  const count = rowsOf(invoice, category).length
  const fits = used ? (rows === "one" ? count === 1 : count > 0) : count === 0
  const expected = used ? (rows === "one" ? `one row of ${category}` : `a row of ${category}`) : `no row of ${category}`
  if (!fits) yield { field: "taxTotals", expected, got: String(count) }
}

function* identified({ seller, buyer, taxRepresentative }: InvoiceFragment, law: CategoryLaw): Generator<Finding | undefined> {
  if (law.seller === "no VAT id") {
    yield absent("seller.vatId", seller?.vatId)
    yield absent("taxRepresentative.vatId", taxRepresentative?.vatId)
    yield absent("buyer.vatId", buyer?.vatId)
    return
  }
  const own = [seller?.vatId, taxRepresentative?.vatId, ...(law.seller === "tax id" ? [seller?.taxNumber] : [])]
  yield present("seller.vatId", own.find(isThere), law.seller === "tax id" ? "a VAT id or tax number" : "a VAT id")
  if (law.buyer === "VAT id") yield present("buyer.vatId", buyer?.vatId, "a VAT id")
  if (law.buyer === "VAT or legal id") yield present("buyer.vatId", [buyer?.vatId, buyer?.legalId?.id].find(isThere), "a VAT or legal id")
}

const rateFits = ({ field, percent }: Placed, { rate }: CategoryLaw): Finding | undefined => {
  if (rate === "none") return absent(`${field}.percent`, percent)
  const units = decimal(percent)?.units
  const fits = units !== undefined && (rate === "positive" ? units > 0n : rate === "zero" ? units === 0n : units >= 0n)
  const expected = rate === "positive" ? "more than 0" : rate === "zero" ? "0" : "0 or more"
  return fits ? undefined : { field: `${field}.percent`, expected, got: shown(percent) }
}

function* baseFits(invoice: InvoiceFragment, { category, rows }: CategoryLaw): Generator<Finding | undefined> {
  for (const { field, row } of rowsOf(invoice, category)) {
    const all = placesOf(invoice, category)
    const at = `${field}.taxable`
    if (rows === "one") {
      yield invoice.lines === undefined || invoice.lines.length === 0
        ? { field: "lines", expected: "a line at least", got: "none" }
        : equals(at, netOf(all), row.taxable)
      continue
    }
    const rate = decimal(row.percent)
    if (rate === undefined) continue
    const same = all.filter(({ percent }) => {
      const own = decimal(percent)
      return own !== undefined && compare(own, rate) === 0
    })
    const [expected, taxable] = [netOf(same), decimal(row.taxable)]
    const near = taxable !== undefined && compare(magnitude(minus(taxable, expected)), exact("1")) < 0
    if (same.length === 0 || !near) yield { field: at, expected: textOf(expected), got: shown(row.taxable) }
  }
}

const rulesOf = (law: CategoryLaw): ReadonlyArray<InvoiceRule> => {
  const { id, category, name, rate, reason } = law
  const each = (place: Place, check: (one: Placed) => Finding | undefined) =>
    function* (invoice: InvoiceFragment) {
      for (const one of placesOf(invoice, category)) if (one.place === place) yield check(one)
    }
  const ids = (place: Place) =>
    function* (invoice: InvoiceFragment) {
      if (placesOf(invoice, category).some((one) => one.place === place)) yield* identified(invoice, law)
    }
  const who = law.buyer === undefined ? `the seller has: ${law.seller}` : `the seller has: ${law.seller}, and the buyer: ${law.buyer}`
  const how = rate === "none" ? "no rate" : `a rate that is ${rate}`
  const sums =
    law.rows === "one" ? "the sum of its lines, charges and allowances" : "for each rate the sum of its lines, charges and allowances"
  return [
    rule(
      `BR-${id}-01`,
      `What is ${name} is in the breakdown, ${law.rows === "one" ? "in one row" : "by rate"}.`,
      "BT-118, BT-151, BT-95, BT-102",
      (invoice) => inBreakdown(invoice, law)
    ),
    rule(`BR-${id}-02`, `Where a line is ${name}, ${who}.`, "BT-151, BT-31, BT-32, BT-63, BT-48", ids("line")),
    rule(`BR-${id}-03`, `Where an allowance is ${name}, ${who}.`, "BT-95, BT-31, BT-32, BT-63, BT-48", ids("allowance")),
    rule(`BR-${id}-04`, `Where a charge is ${name}, ${who}.`, "BT-102, BT-31, BT-32, BT-63, BT-48", ids("charge")),
    rule(
      `BR-${id}-05`,
      `A line that is ${name} has ${how}.`,
      "BT-151, BT-152",
      each("line", (one) => rateFits(one, law))
    ),
    rule(
      `BR-${id}-06`,
      `An allowance that is ${name} has ${how}.`,
      "BT-95, BT-96",
      each("allowance", (one) => rateFits(one, law))
    ),
    rule(
      `BR-${id}-07`,
      `A charge that is ${name} has ${how}.`,
      "BT-102, BT-103",
      each("charge", (one) => rateFits(one, law))
    ),
    rule(`BR-${id}-08`, `The base of what is ${name} is ${sums}.`, "BT-116, BT-131, BT-92, BT-99", (invoice) => baseFits(invoice, law)),
    rule(
      `BR-${id}-09`,
      rate === "zero" || rate === "none" ? `The tax on what is ${name} is zero.` : `The tax on what is ${name} is its base times its rate.`,
      "BT-116, BT-117, BT-119",
      function* (invoice) {
        for (const { field, row } of rowsOf(invoice, category))
          yield law.rows === "one" ? equals(`${field}.tax`, exact("0"), row.tax) : taxIsProduct(field, row)
      }
    ),
    rule(
      `BR-${id}-10`,
      `What is ${name} has ${reason ? "a reason" : "no reason"} why it is not taxed.`,
      "BT-120, BT-121",
      function* (invoice) {
        for (const { field, row } of rowsOf(invoice, category)) {
          const given = isThere(row.exemptionReason) ? row.exemptionReason : row.exemptionCode
          yield reason ? present(`${field}.exemptionReason`, given, "a reason or its code") : absent(`${field}.exemptionReason`, given)
        }
      }
    )
  ]
}

/** Rules of each category of tax: BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF (IGIC) and BR-AG (IPSI). */
export const categoryRules: ReadonlyArray<InvoiceRule> = [
  ...laws.flatMap(rulesOf),
  rule("BR-IC-11", "An intra-community supply has a date of delivery or a period.", "BT-72, BG-14", function* (invoice) {
    const { start, end } = invoice.period ?? {}
    if (rowsOf(invoice, "K").length > 0) yield present("delivery.date", [invoice.delivery?.date, start, end].find(isThere))
  }),
  rule("BR-IC-12", "An intra-community supply says to which country it went.", "BT-80", function* (invoice) {
    if (rowsOf(invoice, "K").length > 0) yield present("delivery.address.country", invoice.delivery?.address?.country)
  }),
  rule("BR-O-11", "What is outside the scope stands alone in the breakdown.", "BT-118", function* (invoice) {
    if (rowsOf(invoice, "O").length === 0) return
    for (const { field, row } of subtotalsOf(invoice)) if (row.category !== "O") yield other(field, row.category)
  }),
  rule("BR-O-12", "Beside what is outside the scope there are lines of that category alone.", "BT-151", function* (invoice) {
    if (rowsOf(invoice, "O").length === 0) return
    for (const [i, { category }] of (invoice.lines ?? []).entries()) if (category !== "O") yield other(`lines.${i}`, category)
  }),
  ...[false, true].map((charge) =>
    rule(
      `BR-O-${charge ? 14 : 13}`,
      `Beside what is outside the scope there are ${charge ? "charges" : "allowances"} of that category alone.`,
      charge ? "BT-102" : "BT-95",
      function* (invoice) {
        if (rowsOf(invoice, "O").length === 0) return
        for (const part of documentParts(invoice, charge))
          if (part.category !== "O") yield other(`allowancesAndCharges.${invoice.allowancesAndCharges!.indexOf(part)}`, part.category)
      }
    )
  )
]

const other = (field: string, category: string | undefined): Finding => ({
  field: `${field}.category`,
  expected: "O",
  got: shown(category)
})
