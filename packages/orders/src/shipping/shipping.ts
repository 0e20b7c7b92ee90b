import { checkOptions, type KnownOptions, module, query } from "@omni/core"
import * as z from "zod"

import { arriving } from "./arrive.ts"
import type { CarrierDriver } from "./carrier.ts"
import { forgetEarly } from "./follow.ts"
import { ShippingMethod } from "./method.ts"
import {
  EarlyReports,
  ShipmentFailed,
  ShipmentLabelled,
  ShipmentMoved,
  ShipmentNotCancelled,
  FulfilmentShipments,
  Shipments,
  SlotReferences,
  Slots,
  TrackingNumbers
} from "./model.ts"
import { shippingOptions, ShippingRequest } from "./options.ts"
import { freePlace } from "./places.ts"
import { shipment, shipmentsBy, shipmentsOf } from "./queries.ts"
import { shipmentOperations } from "./ship.ts"
import { slotOperations } from "./slots.ts"

/** What an app says about how its goods reach customers. */
export interface ShippingModuleOptions {
  readonly methods?: ReadonlyArray<ShippingMethod>
  readonly carriers?: { readonly [name: string]: CarrierDriver }
}

const known: KnownOptions<ShippingModuleOptions> = { methods: true, carriers: true }

/** The module: what shipping costs and when it arrives, slots, labels and tracking. Throws `TypeError` for methods that are none, and `InvalidOptions`. */
export const shipping = (told: ShippingModuleOptions = {}) => {
  checkOptions("shipping()", told, known)
  const { methods = [], carriers = {} } = told
  const all = methodsOf(methods)
  const places = slotOperations(all)
  const { operations, handlers } = shipmentOperations(new Map(Object.entries(carriers)))
  const options = query("shipping.options", z.object(ShippingRequest.omit({ at: true }).shape), function* (view, request) {
    return shippingOptions([...all.values()], { ...request, at: view.now })
  })
  return module("shipping", {
    collections: [Slots, SlotReferences, Shipments, FulfilmentShipments, TrackingNumbers, EarlyReports],
    events: [ShipmentLabelled, ShipmentMoved, ShipmentFailed, ShipmentNotCancelled],
    operations: { ...places.operations, ...operations },
    queries: { options, ...places.queries, shipment, shipmentsOf, shipmentsBy },
    internal: [forgetEarly, freePlace],
    reactors: [arriving, places.booking],
    handlers: handlers()
  })
}

/** What a method says twice, if it does: a location, or a window of a day. */
const contradictionOf = ({ locations = [], slots }: ShippingMethod): string | undefined => {
  const twice = repeated(locations.map(({ id }) => id))
  if (twice !== undefined) return `the location "${twice}" is named twice`
  for (const plan of [slots, ...locations.map((location) => location.slots)]) {
    const window = repeated((plan?.windows ?? []).flatMap(({ from, days }) => days.map((day) => `${day} at ${from}`)))
    if (window !== undefined) return `two windows begin on ${window}`
  }
  return undefined
}

const repeated = (names: ReadonlyArray<string>): string | undefined => names.find((name, i) => names.indexOf(name) < i)

const methodsOf = (methods: ReadonlyArray<ShippingMethod>): ReadonlyMap<string, ShippingMethod> => {
  const all = new Map<string, ShippingMethod>()
  for (const [i, method] of methods.entries()) {
    const { success, error, data } = ShippingMethod.safeParse(method)
    if (!success) throw new TypeError(`Shipping method ${i} (${method.id}) does not fit: ${z.prettifyError(error)}`)
    if (all.has(data.id)) throw new TypeError(`Two shipping methods have the id "${data.id}".`)
    const wrong = contradictionOf(data)
    if (wrong !== undefined) throw new TypeError(`Shipping method ${i} (${data.id}) contradicts itself: ${wrong}.`)
    all.set(data.id, data)
  }
  return all
}
