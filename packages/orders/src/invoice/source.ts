import { type Currency, fail, toCivilDate, type Tx } from "@omni/core"

import { AccountOrders } from "../account/model.ts"
import { OrderNotFound } from "../errors.ts"
import { Fulfilments } from "../fulfilment.ts"
import { type Order, Orders } from "../model.ts"
import { countOf } from "../parts.ts"
import { OrderPayments } from "../payment/model.ts"
import type { Units } from "../units.ts"
import type { LineUnits } from "../worth.ts"
import type { Invoice } from "./document.ts"
import type { Draft } from "./draft.ts"
import { DeliveryInvoiced, NothingToInvoice } from "./errors.ts"
import { asLine, draftLines, draftParts, extrasOf } from "./from-order.ts"
import type { IssueRequest } from "./issue-input.ts"
import type { LegalEntity } from "./legal-entity.ts"
import { type IssuedDocument, OrderInvoices } from "./model.ts"
import { moneyOf, takenOf } from "./order-money.ts"
import { concededOf, openOf } from "./uninvoiced.ts"

type OfOrder = Extract<IssueRequest["of"], { readonly order: string }>

/** Where the lines of an invoice come from. */
export interface Source {
  readonly currency: Currency
  readonly draft: (entity: LegalEntity) => Draft
  readonly ordered?: Order
  readonly links: Pick<IssuedDocument, "order" | "delivered">
  readonly document: { readonly salesOrder?: string; readonly despatch?: string }
  /** When and where to it was delivered, as far as its one delivery says so. */
  readonly delivery: (entity: LegalEntity) => Invoice["delivery"]
  /** What is in hand for it, in minor units: the order's money that no other invoice has. */
  readonly money: number
  /** Notes, in the same commit, what is invoiced now and what of the money it takes, so that neither can be again. */
  readonly note: (tx: Tx, invoice: string, money: number) => void
}

/** Lines that are told, or what of an order is to be invoiced. Errors: `OrderNotFound`, `NothingToInvoice`, `DeliveryInvoiced`. */
export function* sourceOf(tx: Tx, of: IssueRequest["of"]): Generator<OrderNotFound | NothingToInvoice | DeliveryInvoiced, Source, unknown> {
  if ("order" in of) return yield* ofOrder(tx, of)
  const { allowancesAndCharges = [], ...draft } = of
  return {
    currency: of.currency,
    draft: () => ({ ...draft, parts: allowancesAndCharges }),
    links: {},
    document: {},
    delivery: () => undefined,
    money: 0,
    note: () => {}
  }
}

function* ofOrder(tx: Tx, of: OfOrder): Generator<OrderNotFound | NothingToInvoice | DeliveryInvoiced, Source, unknown> {
  for (const collection of [OrderInvoices, AccountOrders, OrderPayments]) tx.prefetch(collection, [of.order])
  const order = tx.get(Orders, of.order) ?? (yield* fail(OrderNotFound.of(of.order)))
  const before = tx.get(OrderInvoices, of.order) ?? { lines: {}, charges: [], deliveries: {}, invoices: [] }
  const { delivery } = of
  const known = delivery === undefined ? undefined : before.deliveries[delivery]
  if (delivery !== undefined && known !== undefined) return yield* fail(deliveryInvoiced(delivery, known))
  const left = openOf(order, before, delivery)
  const units = yield* unitsToInvoice(order, of, left.units)
  const charges = of.charges === false ? [] : left.charges
  const kept = of.charges === false ? 0 : left.kept
  // What is asked for by name is goods; charges alone are what is left of all of it.
  const isRest = delivery === undefined && of.lines === undefined
  if (units.length === 0 && ((charges.length === 0 && kept === 0) || !isRest)) return yield* fail(nothing(order.id))
  const { parts: extras, conceded } = extrasOf(order, units, charges, { kept, conceded: concededOf(tx, order.id) })
  return {
    currency: order.currency,
    draft: (entity) => {
      const [lines, parts] = [draftLines(order, units, entity), draftParts(extras, entity)]
      const { currency, taxIncluded } = order
      // A document has a line at least (BR-16): where charges alone are left, they are its lines.
      return lines.length > 0 ? { currency, taxIncluded, lines, parts } : { currency, taxIncluded, lines: parts.map(asLine), parts: [] }
    },
    ordered: order,
    delivery: deliveryOf(tx, order, delivery),
    links: { order: order.id, ...(delivery === undefined ? {} : { delivered: delivery }) },
    document: { salesOrder: order.id, ...(delivery === undefined ? {} : { despatch: delivery }) },
    money: Math.max(0, moneyOf(tx, order) - takenOf(tx, order.id)),
    note: (into, invoice, money) => {
      const added = (some: ReadonlyArray<{ readonly invoice: string; readonly amount: number }> | undefined, amount: number) => [
        ...(some ?? []),
        ...(amount === 0 ? [] : [{ invoice, amount }])
      ]
      into.put(OrderInvoices, order.id, {
        lines: {
          ...before.lines,
          ...Object.fromEntries(
            units.map(({ line, units: now }) => [line.id, [...(before.lines[line.id] ?? []), ...now.map((one) => ({ ...one, invoice }))]])
          )
        },
        charges: [...before.charges, ...charges.map(({ at }) => ({ at, invoice }))],
        deliveries: delivery === undefined ? before.deliveries : { ...before.deliveries, [delivery]: invoice },
        invoices: [...before.invoices, invoice],
        money: added(before.money, money),
        kept: added(before.kept, kept),
        conceded: added(before.conceded, conceded)
      })
    }
  }
}

/** When the goods of a delivery were handed over or left (BT-72), and where they went (BG-15): of the one that is named, or the only one. */
const deliveryOf = (tx: Tx, { fulfilments }: Order, named: string | undefined): Source["delivery"] => {
  const id = named === undefined ? (fulfilments.length === 1 ? fulfilments[0] : undefined) : fulfilments.find((one) => one === named)
  const row = id === undefined ? undefined : tx.get(Fulfilments, id)
  const at = row?.handedOverAt ?? row?.parcels.at(-1)?.at
  const address = row?.address
  if (at === undefined && address === undefined) return () => undefined
  return ({ timeZone }) => ({
    ...(at === undefined ? {} : { date: toCivilDate(at, timeZone) }),
    ...(address === undefined ? {} : { address })
  })
}

/** An invoice was credited as a whole: what it was about can be invoiced anew, as when something in it was wrong. */
export const freeUnits = (tx: Tx, { id, order }: IssuedDocument): void => {
  const row = order === undefined ? undefined : tx.get(OrderInvoices, order)
  if (order === undefined || row === undefined) return
  const others = <A extends { readonly invoice: string }>(some: ReadonlyArray<A>): Array<A> => some.filter(({ invoice }) => invoice !== id)
  tx.put(OrderInvoices, order, {
    ...row,
    lines: Object.fromEntries(Object.entries(row.lines).map(([line, units]) => [line, others(units)])),
    charges: others(row.charges),
    ...(row.kept === undefined ? {} : { kept: others(row.kept) }),
    ...(row.conceded === undefined ? {} : { conceded: others(row.conceded) }),
    deliveries: Object.fromEntries(Object.entries(row.deliveries).filter(([, invoice]) => invoice !== id))
  })
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
  { lines: named }: OfOrder,
  open: ReadonlyMap<string, ReadonlyArray<Units>>
): Generator<NothingToInvoice, ReadonlyArray<LineUnits>, unknown> {
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
