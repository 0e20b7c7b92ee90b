import { type Currency, fail, type Tx } from "@omni/core"

import { OrderNotFound } from "../errors.ts"
import { type Order, type OrderLine, Orders } from "../model.ts"
import { countOf, takeUnits } from "../parts.ts"
import type { Units } from "../units.ts"
import type { LineUnits } from "../worth.ts"
import type { Draft } from "./draft.ts"
import { DeliveryInvoiced, NothingToInvoice } from "./errors.ts"
import { draftLines, draftParts } from "./from-order.ts"
import type { IssueRequest } from "./issue-input.ts"
import type { LegalEntity } from "./legal-entity.ts"
import { type IssuedDocument, OrderInvoices } from "./model.ts"

type OfOrder = Extract<IssueRequest["of"], { readonly order: string }>

/** Where the lines of an invoice come from. */
export interface Source {
  readonly currency: Currency
  readonly draft: (entity: LegalEntity) => Draft
  readonly links: Pick<IssuedDocument, "order" | "delivered">
  readonly document: { readonly salesOrder?: string; readonly despatch?: string }
  /** Notes, in the same commit, what is invoiced now, so that it cannot be again. */
  readonly note: (tx: Tx, invoice: string) => void
}

/** Lines that are told, or what of an order is to be invoiced. Errors: `OrderNotFound`, `NothingToInvoice`, `DeliveryInvoiced`. */
export function* sourceOf(tx: Tx, of: IssueRequest["of"]): Generator<OrderNotFound | NothingToInvoice | DeliveryInvoiced, Source, unknown> {
  if ("order" in of) return yield* ofOrder(tx, of)
  const { allowancesAndCharges = [], ...draft } = of
  return { currency: of.currency, draft: () => ({ ...draft, parts: allowancesAndCharges }), links: {}, document: {}, note: () => {} }
}

function* ofOrder(tx: Tx, of: OfOrder): Generator<OrderNotFound | NothingToInvoice | DeliveryInvoiced, Source, unknown> {
  tx.prefetch(OrderInvoices, [of.order])
  const order = tx.get(Orders, of.order) ?? (yield* fail(OrderNotFound.of(of.order)))
  const before = tx.get(OrderInvoices, of.order) ?? { lines: {}, charges: [], deliveries: {}, invoices: [] }
  const { delivery } = of
  const known = delivery === undefined ? undefined : before.deliveries[delivery]
  if (delivery !== undefined && known !== undefined) return yield* fail(deliveryInvoiced(delivery, known))
  const units = yield* unitsToInvoice(order, of, before.lines)
  const open = of.charges === false ? [] : order.charges.flatMap((_charge, i) => (before.charges.some(({ at }) => at === i) ? [] : [i]))
  // A document has at least one line (BR-16).
  if (units.length === 0) return yield* fail(nothing(order.id))
  const charges = open.map((i) => order.charges[i]!)
  return {
    currency: order.currency,
    draft: (entity) => ({
      currency: order.currency,
      taxIncluded: order.taxIncluded,
      lines: draftLines(order, units, entity),
      parts: draftParts(charges, entity)
    }),
    links: { order: order.id, ...(delivery === undefined ? {} : { delivered: delivery }) },
    document: { salesOrder: order.id, ...(delivery === undefined ? {} : { despatch: delivery }) },
    note: (into, invoice) =>
      into.put(OrderInvoices, order.id, {
        lines: {
          ...before.lines,
          ...Object.fromEntries(
            units.map(({ line, units: now }) => [line.id, [...(before.lines[line.id] ?? []), ...now.map((one) => ({ ...one, invoice }))]])
          )
        },
        charges: [...before.charges, ...open.map((at) => ({ at, invoice }))],
        deliveries: delivery === undefined ? before.deliveries : { ...before.deliveries, [delivery]: invoice },
        invoices: [...before.invoices, invoice]
      })
  }
}

/** Nobody pays for these any more. */
const GONE = ["cancelled", "returned", "exchanged"]

/** An invoice was credited as a whole: what it was about can be invoiced anew, as when something in it was wrong. */
export const freeUnits = (tx: Tx, { id, order }: IssuedDocument): void => {
  const row = order === undefined ? undefined : tx.get(OrderInvoices, order)
  if (order === undefined || row === undefined) return
  const others = <A extends { readonly invoice: string }>(some: ReadonlyArray<A>): Array<A> => some.filter(({ invoice }) => invoice !== id)
  tx.put(OrderInvoices, order, {
    ...row,
    lines: Object.fromEntries(Object.entries(row.lines).map(([line, units]) => [line, others(units)])),
    charges: others(row.charges),
    deliveries: Object.fromEntries(Object.entries(row.deliveries).filter(([, invoice]) => invoice !== id))
  })
}

/** Units that somebody pays for and that are not invoiced: of a fulfilment alone, where the delivery is one of the order's. */
const openUnits = (
  { fulfilments }: Order,
  line: OrderLine,
  delivery: string | undefined,
  invoiced: ReadonlyArray<Units>
): ReadonlyArray<Units> => {
  const ofOne = delivery !== undefined && fulfilments.includes(delivery)
  const open = takeUnits(
    line,
    ({ status, fulfilment }) => (GONE.includes(status) || (ofOne && fulfilment !== delivery) ? undefined : 0),
    Infinity
  )
  return open.flatMap((units) => without(units, invoiced))
}

/** What of some units is left without others. */
const without = ({ from, count }: Units, others: ReadonlyArray<Units>): ReadonlyArray<Units> => {
  const end = from + count
  const hit = others.find((other) => other.from < end && other.from + other.count > from)
  if (hit === undefined) return count === 0 ? [] : [{ from, count }]
  const after = hit.from + hit.count
  return [
    ...without({ from, count: Math.max(0, hit.from - from) }, others),
    ...without({ from: Math.max(from, after), count: Math.max(0, end - Math.max(from, after)) }, others)
  ]
}

/** The first so many of some units. */
const firstOf = (units: ReadonlyArray<Units>, quantity: number): ReadonlyArray<Units> => {
  let left = quantity
  return units.flatMap(({ from, count }) => {
    const taken = Math.min(left, count)
    left -= taken
    return taken === 0 ? [] : [{ from, count: taken }]
  })
}

function* unitsToInvoice(
  order: Order,
  { lines: named, delivery }: OfOrder,
  invoiced: Readonly<Record<string, ReadonlyArray<Units>>>
): Generator<NothingToInvoice, ReadonlyArray<LineUnits>, unknown> {
  const open = new Map(order.lines.map((line) => [line.id, openUnits(order, line, delivery, invoiced[line.id] ?? [])]))
  const asked = new Map<string, number>()
  for (const { line, quantity } of named ?? []) asked.set(line, (asked.get(line) ?? 0) + quantity)
  for (const [id, quantity] of asked) {
    const left = countOf(open.get(id) ?? [])
    if (quantity > left) return yield* fail(nothing(order.id, id, left))
  }
  return order.lines.flatMap((line) => {
    const units = firstOf(open.get(line.id)!, named === undefined ? Infinity : (asked.get(line.id) ?? 0))
    return units.length === 0 ? [] : [{ line, units }]
  })
}

const nothing = (order: string, line?: string, left = 0): NothingToInvoice =>
  new NothingToInvoice({
    order,
    ...(line === undefined ? {} : { line }),
    message:
      line === undefined
        ? `Of the order "${order}" everything is invoiced or cancelled.`
        : `Of the line "${line}" of the order "${order}" ${left} units are left to invoice.`
  })

const deliveryInvoiced = (delivery: string, invoice: string): DeliveryInvoiced =>
  new DeliveryInvoiced({ delivery, invoice, message: `The delivery "${delivery}" is invoiced already, by "${invoice}".` })
