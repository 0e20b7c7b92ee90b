import { createOmni, hours, type PostalAddress } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type Order, orders, shipping, type ShippingMethod } from "@omni/orders"

import { setClock } from "../payment/shop.ts"
import { line, request } from "../shop.ts"
import { evenings, NOW } from "./shop.ts"

const everyDay = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const
const dispatch = { zone: "Europe/Berlin", cutOff: "12:00", workdays: [...everyDay] }
const windows = (capacity: number) => ({
  windows: [
    { from: "10:00", to: "12:00", days: [...everyDay], capacity },
    { from: "16:00", to: "18:00", days: [...everyDay], capacity }
  ],
  days: 14
})

/** Counters where orders are fetched: two in Berlin at once, one in Vienna. */
const counter: ShippingMethod = {
  id: "counter",
  name: "Fetch it",
  kind: "pickup",
  rates: [{ rate: { currency: "EUR", amount: 0 } }],
  dispatch,
  slots: windows(2),
  locations: [{ id: "berlin" }, { id: "vienna", slots: windows(1) }]
}
/** A van that goes to some of Berlin. */
const van: ShippingMethod = {
  ...evenings,
  id: "van",
  rates: [{ zone: { countries: ["DE"], postalCodes: ["10"] }, rate: { currency: "EUR", amount: 900 } }]
}

const address = (postalCode: string): PostalAddress => ({ country: "DE", lines: ["Allee 1"], postalCode, locality: "Berlin" })
export const errorOf = <E>(promise: Promise<unknown>): Promise<E> =>
  promise.then(() => undefined as E).catch((error: unknown) => error as E)

/** A shop with counters, a van and an evening round, and orders of cases. */
export const open = async () => {
  const clock = setClock(NOW)
  const sending = shipping({ methods: [evenings, counter, van] })
  const modules = { inventory: inventory(), orders: orders(), shipping: sending }
  const omni = createOmni({ store: memory(), clock, modules })
  await omni.inventory.receive({ lines: ["berlin", "vienna"].map((location) => ({ sku: "case", location, quantity: 500 })) })
  const left = async (slot: { method: string; date: string; from: string; location?: string }) => {
    const { method, date, location, from } = slot
    const offered = await omni.shipping.slots({ method, from: date, days: 1, ...(location === undefined ? {} : { location }) })
    return offered.find((one) => one.from === from)?.left
  }
  const orderOf = (fulfilment: NonNullable<Parameters<typeof request>[0]>["fulfilment"], quantity = 4): Promise<Order> =>
    omni.orders.place(request({ lines: [line("case", quantity)], fulfilment: fulfilment! }))
  return { omni, clock, left, orderOf, sending }
}
export type Shop = Awaited<ReturnType<typeof open>>

export const delivery = (postalCode = "10115") =>
  ({ kind: "delivery", location: "berlin", on: NOW + hours(100), address: address(postalCode) }) as const
export const tonight = { method: "evening", date: "2026-12-03", from: "18:00" }
export const tomorrow = { method: "evening", date: "2026-12-04", from: "18:00" }
/** A fulfilment of an order, the first unless told. */
export const of = ({ id, fulfilments }: Order, n = 0) => ({ order: id, fulfilment: fulfilments[n]! })
