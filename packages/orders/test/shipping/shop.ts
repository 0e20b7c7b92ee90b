import { createOmni, money, toInstant } from "@omni/core"
import { memory } from "@omni/core/memory"
import { recordedCarrier, shipping, type ShippingMethod } from "@omni/orders"

import { setClock } from "../payment/shop.ts"

const everyDay = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

/** Evenings in Berlin, for two orders each. */
export const evenings: ShippingMethod = {
  id: "evening",
  name: "Evening delivery",
  kind: "delivery",
  rates: [{ rate: { currency: "EUR", amount: 590 } }],
  dispatch: { zone: "Europe/Berlin", cutOff: "12:00", workdays: [...everyDay], holidays: ["2026-12-25"] },
  slots: {
    windows: [
      { from: "18:00", to: "20:00", days: [...everyDay], capacity: 2 },
      { from: "20:00", to: "22:00", days: ["friday"], capacity: 1, fee: 200 }
    ],
    days: 14,
    lead: 3_600_000
  }
}

export const NOW = toInstant("2026-12-03T10:00", "Europe/Berlin")

/** A shop on Thursday, 3 December 2026, ten o'clock, with one carrier. */
export const shippingShop = () => {
  const carrier = recordedCarrier([{ service: "parcel", amount: money(410, "EUR") }])
  const clock = setClock(NOW)
  const store = memory()
  const omni = createOmni({ store, clock, modules: { shipping: shipping({ methods: [evenings], carriers: { carrier } }) } })
  const again = () =>
    createOmni({ store: store.shared(), clock, modules: { shipping: shipping({ methods: [evenings], carriers: { carrier } }) } })
  return { omni, carrier, clock, again }
}
