import { type Currency, fail, type Tx } from "@omni/core"

import { OrderNotFound } from "../errors.ts"
import { type Order, Orders } from "../model.ts"
import type { Draft } from "./draft.ts"
import { DeliveryInvoiced, NothingToInvoice } from "./errors.ts"
import { draftLines, draftParts, type Units } from "./from-order.ts"
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
  const open = of.charges === false ? [] : order.charges.flatMap((_charge, i) => (before.charges.includes(i) ? [] : [i]))
  if (units.length === 0 && open.length === 0) return yield* fail(nothing(order.id))
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
        lines: { ...before.lines, ...Object.fromEntries(units.map(({ line, to }) => [line.id, to])) },
        charges: [...before.charges, ...open],
        deliveries: delivery === undefined ? before.deliveries : { ...before.deliveries, [delivery]: invoice },
        invoices: [...before.invoices, invoice]
      })
  }
}

function* unitsToInvoice(
  order: Order,
  { lines: named }: OfOrder,
  invoiced: Readonly<Record<string, number>>
): Generator<NothingToInvoice, ReadonlyArray<Units>, unknown> {
  const lines = order.lines.filter(({ status }) => status !== "cancelled")
  const done = (line: string): number => invoiced[line] ?? 0
  if (named === undefined)
    return lines.flatMap((line) => (done(line.id) < line.quantity ? [{ line, from: done(line.id), to: line.quantity }] : []))
  const wanted = new Map<string, number>()
  for (const { line, quantity } of named) wanted.set(line, (wanted.get(line) ?? 0) + quantity)
  const units: Array<Units> = []
  for (const [id, quantity] of wanted) {
    const line = lines.find((one) => one.id === id)
    const left = line === undefined ? 0 : line.quantity - done(id)
    if (line === undefined || quantity > left) return yield* fail(nothing(order.id, id, left))
    units.push({ line, from: done(id), to: done(id) + quantity })
  }
  return units
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
