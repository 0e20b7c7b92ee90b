import { setTimeout as wait } from "node:timers/promises"

import { type Clock, createOmni, type EventType, fail } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, type PaymentOptions, type PaymentProvider, payments, recordedProvider, type Tender, TenderDeclined } from "@omni/orders"

import { line, request } from "../shop.ts"

/** A clock that a test sets. */
export const setClock = (now = 1_750_000_000_000): Clock & { by(milliseconds: number): void } => {
  let time = now
  return {
    now: () => time,
    // What waits for a provider waits in real time.
    sleep: (milliseconds, signal) =>
      wait(milliseconds, undefined, signal === undefined ? {} : { signal }).then(
        () => undefined,
        () => undefined
      ),
    by: (milliseconds) => {
      time += milliseconds
    }
  }
}

/** A gift card with so much on it, kept in this process: good enough for one shop that is never run twice. */
export const giftCard = (balance: number): Tender & { readonly left: () => number } => {
  const moved = new Map<string, number>()
  const left = () => balance - [...moved.values()].reduce((sum, amount) => sum + amount, 0)
  return {
    left,
    *authorise(_tx, { payment, amount }) {
      moved.delete(payment)
      if (amount > left())
        yield* fail(new TenderDeclined({ provider: "gift", available: left(), message: `Only ${left()} are left on the card.` }))
      moved.set(payment, amount)
    },
    release: (_tx, { payment, amount }) => void moved.set(`${payment} back`, -amount),
    refund: (_tx, { payment, amount }) => void moved.set(`${payment} refunded`, -amount)
  }
}

/** A shop in Lyon with ten shavers and ten cases, where cards are paid by a provider in memory. */
export const payShop = async (options: Partial<PaymentOptions> = {}, store = memory()) => {
  const card = recordedProvider()
  const clock = setClock()
  const pays = payments({ providers: { card }, ...options })
  const omni = createOmni({ store, clock, modules: { inventory: inventory(), orders: orders(), payments: pays } })
  await omni.inventory.receive({ lines: ["shaver", "case"].map((sku) => ({ sku, location: "lyon", quantity: 10 })) }, { key: "opening" })
  const stock = async (sku: string) => {
    const { items } = await omni.inventory.levels({ location: "lyon" })
    const level = items.find(({ row }) => row.sku === sku)!.row
    return [level.onHand, level.reserved + level.allocated]
  }
  /** Hands a webhook of the card's provider in. */
  const hook = async (request: Parameters<typeof card.webhook>[0]) =>
    omni.payments.report({ provider: "card", reports: [...(await card.webhook(request))] })
  const view = (checkout: string) => omni.payments.checkout({ checkout })
  return { omni, card, clock, stock, hook, view }
}

/** Ten cases at 15 euros, shipped from Lyon, paid by card; its provider can be made to fail by `execute`. */
export const failingShop = async (
  options: Omit<NonNullable<Parameters<typeof payShop>[0]>, "providers"> = {},
  port: Partial<PaymentProvider> = {}
) => {
  const inner = recordedProvider()
  const control = { execute: inner.execute }
  const card: PaymentProvider = { ...inner, ...port, execute: (command, how) => control.execute(command, how) }
  const made = await payShop({ ...options, providers: { card } })
  const order = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await made.omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
  await made.omni.drain()
  const hook = async (raw: Parameters<typeof inner.webhook>[0]) =>
    made.omni.payments.report({ provider: "card", reports: [...(await inner.webhook(raw))] })
  const pass = async (milliseconds: number, steps = 1) => {
    for (let step = 0; step < steps; step++) {
      made.clock.by(milliseconds)
      await made.omni.drain()
    }
  }
  const count = async (type: EventType) => (await made.omni.events({ types: [type] })).events.length
  const placed = async () => (await made.view(id)).order!
  const balance = async () => made.omni.payments.balance({ order: await placed() })
  return { ...made, card: inner, control, hook, pass, count, id, payment: payments[0]!, placed, balance }
}

/** Ten cases at 15 euros, shipped from Lyon, paid by card as it is placed. */
export const paidShop = async (options: Parameters<typeof payShop>[0] = {}, store = memory()) => {
  const made = await payShop(options, store)
  const ordered = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await made.omni.payments.openCheckout({ order: ordered, tenders: [{ provider: "card" }] })
  await made.omni.drain()
  await made.hook(made.card.authorise(payments[0]!))
  await made.omni.drain()
  const order = (await made.view(id)).order!
  const balance = async () => {
    await made.omni.drain()
    return made.omni.payments.balance({ order })
  }
  const figures = async () => {
    const { captured, refunded, reversed, chargedBack, due } = await balance()
    return [captured.amount, refunded.amount, reversed.amount, chargedBack.amount, due.amount]
  }
  const tasks = async () => (await made.omni.orders.tasksOf({ order })).items.map(({ row }) => `${row.kind} ${row.status}`)
  const cancel = (quantity: number) => made.omni.orders.cancel({ order, lines: [{ line: "1", quantity }] })
  return { ...made, order, payment: payments[0]!, balance, figures, tasks, cancel }
}
