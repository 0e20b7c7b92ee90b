import type { TaxCategory } from "../document.ts"
import { SchemeRefused } from "../errors.ts"
import { compare, exact, type Exact, minus, nothing, plus, quotient, round, share, sum, textOf, widen } from "../exact.ts"
import type { IssuedDocument } from "../model.ts"
import type { CfdiLine, CfdiTax } from "./comprobante.ts"

/** What the catalogues of the SAT call an article and its unit. */
export interface CfdiProduct {
  /** Of `c_ClaveProdServ`: "53131608". */
  readonly key: string
  /** Of `c_ClaveUnidad`, "H87" for pieces; that of the line unless told, pieces being "H87". */
  readonly unit?: string
}

/** A line of a document before it is one of CFDI: what its parts come to. */
interface Item {
  readonly name: string
  readonly sku: string | undefined
  readonly quantity: string
  readonly unit: string
  readonly category: TaxCategory
  readonly percent: string | undefined
  /** Before what is taken off it. */
  readonly gross: Exact
  readonly off: Exact
  readonly tax: Exact
}

/** How the categories of tax stand in CFDI: at which rate, exempt, or no object of tax. */
const FACTORS: Readonly<Partial<Record<TaxCategory, "rate" | "exempt" | "none">>> = {
  S: "rate",
  Z: "rate",
  G: "rate",
  E: "exempt",
  O: "none"
}

const refuse = (field: string, expected: string, got: string | undefined): never => {
  throw SchemeRefused.of("cfdi", field, expected, got)
}

/** Lines, and charges of the document as lines of their own. */
const itemsOf = ({ document, lineTaxes, partTaxes }: IssuedDocument): ReadonlyArray<Item> => [
  ...document.lines.map(({ name, sku, quantity, unit, category, percent, net, allowancesAndCharges }, i): Item => {
    if (compare(exact(quantity), nothing) <= 0) refuse("Concepto/Cantidad", "more than 0", quantity)
    const off = sum(allowancesAndCharges.filter(({ charge }) => !charge).map(({ amount }) => exact(amount)))
    return { name, sku, quantity, unit, category, percent, gross: plus(exact(net), off), off, tax: exact(lineTaxes[i]!) }
  }),
  ...document.allowancesAndCharges.flatMap(({ charge, amount, reason, reasonCode, category, percent }, i): ReadonlyArray<Item> =>
    charge
      ? [
          {
            name: reason ?? reasonCode ?? "-",
            sku: undefined,
            quantity: "1",
            unit: "E48",
            category,
            percent,
            gross: exact(amount),
            off: nothing,
            tax: exact(partTaxes[i]!)
          }
        ]
      : []
  )
]

type Taxed = { readonly category: TaxCategory; readonly percent?: string | undefined }

const sameTax = (a: Taxed, b: Taxed): boolean => a.category === b.category && Number(a.percent ?? 0) === Number(b.percent ?? 0)

/** CFDI knows no allowance of the document: each is taken off the lines of its rate, in proportion to what they come to. */
const withAllowances = ({ document, partTaxes }: IssuedDocument, items: ReadonlyArray<Item>, cents: number): ReadonlyArray<Item> =>
  document.allowancesAndCharges.reduce<ReadonlyArray<Item>>((sofar, part, i) => {
    if (part.charge) return sofar
    const whole = sum(sofar.filter((one) => sameTax(one, part)).map(({ gross, off }) => minus(gross, off)))
    if (compare(whole, exact(part.amount)) < 0) refuse("Concepto/Descuento", `no more than ${textOf(whole)}`, part.amount)
    if (whole.units === 0n) return sofar
    let upto = nothing
    const given = { off: nothing, tax: nothing }
    return sofar.map((one) => {
      if (!sameTax(one, part)) return one
      upto = plus(upto, minus(one.gross, one.off))
      const off = share(exact(part.amount), upto, whole, cents, "half-up")
      const tax = share(exact(partTaxes[i]!), upto, whole, cents, "half-up")
      const after = { ...one, off: plus(one.off, minus(off, given.off)), tax: minus(one.tax, minus(tax, given.tax)) }
      given.off = off
      given.tax = tax
      return after
    })
  }, items)

/** A rate as CFDI writes it: "0.160000". */
const rateOf = (percent: string | undefined): string => textOf(widen(quotient(exact(percent ?? "0"), exact("100"), 6, "half-up"), 6))

const transferred = ({ category, percent, tax }: Item, base: string): ReadonlyArray<CfdiTax> => {
  const factor = FACTORS[category]
  if (factor === undefined) return refuse("Traslado/TipoFactor", "of the categories S, Z, G, E or O", category)
  if (factor === "none") return []
  if (factor === "exempt") return [{ Base: base, Impuesto: "002", TipoFactor: "Exento" }]
  return [{ Base: base, Impuesto: "002", TipoFactor: "Tasa", TasaOCuota: rateOf(percent), Importe: textOf(tax) }]
}

/** Taxes that the buyer keeps back, by the code that the SAT has for them. */
const KEPT: Readonly<Record<string, string>> = { ISR: "001", IVA: "002", IEPS: "003", "001": "001", "002": "002", "003": "003" }

/** Each line's part of the taxes that are kept back, in proportion to its base. */
const keptOf = ({ document }: IssuedDocument, bases: ReadonlyArray<Exact>, cents: number): ReadonlyArray<ReadonlyArray<CfdiTax>> => {
  const whole = sum(bases)
  const withheld = whole.units === 0n ? [] : (document.withheld ?? [])
  let upto = nothing
  const given = withheld.map(() => nothing)
  return bases.map((base) => {
    upto = plus(upto, base)
    return withheld.map(({ code, percent, amount }, i): CfdiTax => {
      const next = share(exact(amount), upto, whole, cents, "half-up")
      const part = minus(next, given[i]!)
      given[i] = next
      const Impuesto = KEPT[code] ?? refuse("Retencion/Impuesto", "ISR, IVA or IEPS", code)
      return { Base: textOf(base), Impuesto, TipoFactor: "Tasa", TasaOCuota: rateOf(percent), Importe: textOf(part) }
    })
  })
}

/** The lines of a document as CFDI has them. Throws `SchemeRefused`. */
export const linesOf = (
  issued: IssuedDocument,
  productOf: (line: { readonly sku?: string; readonly name: string }) => CfdiProduct | undefined,
  cents: number
): ReadonlyArray<CfdiLine> => {
  const items = withAllowances(issued, itemsOf(issued), cents)
  const bases = items.map(({ gross, off }) => minus(gross, off))
  const kept = keptOf(issued, bases, cents)
  return items.map((item, i): CfdiLine => {
    const { name, sku, quantity, unit, gross, off, category } = item
    const about = { name, ...(sku === undefined ? {} : { sku }) }
    const product = productOf(about) ?? refuse("Concepto/ClaveProdServ", "a key of the SAT's catalogue", sku ?? name)
    const texts = (value: Exact): string => textOf(round(value, cents, "half-up"))
    return {
      ClaveProdServ: product.key,
      ...(sku === undefined ? {} : { NoIdentificacion: sku }),
      Cantidad: quantity,
      ClaveUnidad: product.unit ?? (unit === "C62" ? "H87" : unit),
      Descripcion: name.slice(0, 1000),
      ValorUnitario: textOf(quotient(gross, exact(quantity), 6, "half-up")),
      Importe: texts(gross),
      ...(off.units === 0n ? {} : { Descuento: texts(off) }),
      ObjetoImp: FACTORS[category] === "none" ? "01" : "02",
      traslados: transferred(item, texts(bases[i]!)),
      retenciones: FACTORS[category] === "none" ? [] : kept[i]!
    }
  })
}

/** The same amounts by tax and rate, as the document sums them up. */
export const sumsOf = (lines: ReadonlyArray<CfdiLine>) => {
  const traslados = new Map<string, CfdiTax>()
  const retenciones = new Map<string, CfdiTax>()
  const more = (a: string | undefined, b: string | undefined): string => textOf(plus(exact(a ?? "0"), exact(b ?? "0")))
  for (const tax of lines.flatMap((line) => line.traslados)) {
    const key = `${tax.Impuesto} ${tax.TipoFactor} ${tax.TasaOCuota}`
    const before = traslados.get(key)
    const { Importe } = tax
    traslados.set(key, {
      ...tax,
      Base: more(before?.Base, tax.Base),
      ...(Importe === undefined ? {} : { Importe: more(before?.Importe, Importe) })
    })
  }
  for (const { Impuesto, Importe } of lines.flatMap((line) => line.retenciones))
    retenciones.set(Impuesto, { Impuesto, Importe: more(retenciones.get(Impuesto)?.Importe, Importe) })
  const total = (list: Iterable<CfdiTax>): Exact => sum([...list].map(({ Importe }) => exact(Importe ?? "0")))
  return {
    traslados: [...traslados.values()],
    retenciones: [...retenciones.values()],
    transferred: total(traslados.values()),
    kept: total(retenciones.values()),
    subtotal: sum(lines.map(({ Importe }) => exact(Importe))),
    discount: sum(lines.map(({ Descuento }) => exact(Descuento ?? "0"))),
    hasRates: [...traslados.values()].some(({ Importe }) => Importe !== undefined)
  }
}
