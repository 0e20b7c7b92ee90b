import { channels, type ChannelsModuleOptions, type Recipient, recorder } from "@omni/channels"
import { createOmni, event, hours, type Id, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { define, journeys, type JourneysOptions } from "@omni/journeys"
import * as z from "zod"

import { clockAt } from "./clock.ts"

/** Tuesday, 2026-11-10T11:00:00Z: noon in Berlin. */
export const NOON = Date.UTC(2026, 10, 10, 11)

export const CartChanged = event("shop.CartChanged", z.object({ cart: z.string(), customer: z.string(), total: z.number() }))
export const OrderPlaced = event("shop.OrderPlaced", z.object({ order: z.string(), customer: z.string().exactOptional() }))
export const Merged = event("shop.Merged", z.object({ from: z.string(), into: z.string() }))

const emits = (name: string, type: typeof CartChanged | typeof OrderPlaced | typeof Merged, subject: (data: never) => Id) =>
  operation(name, z.object({ data: z.any() }), function* (tx, { data }) {
    tx.emit(type as typeof OrderPlaced, subject(data as never), data)
  })

const shop = module("shop", {
  events: [CartChanged, OrderPlaced, Merged],
  operations: {
    cart: emits("shop.cart", CartChanged, ({ cart }: { cart: string }) => cart),
    order: emits("shop.order", OrderPlaced, ({ order }: { order: string }) => order),
    merge: emits("shop.merge", Merged, ({ into }: { into: string }) => into)
  }
})

/** An hour after the last change of a cart, a reminder; a day later another; an order ends it. */
export const abandoned = define({
  id: "abandoned-cart",
  on: CartChanged,
  when: { ">": [{ var: "event.data.total" }, 0] },
  again: "restart",
  key: ({ data }) => data.cart,
  steps: [
    { wait: hours(1) },
    {
      send: ({ event }) => ({
        purpose: "cart",
        category: "marketing",
        about: event.data.cart,
        content: {
          push: { subject: "Your cart", text: `It is still there: ${event.data.cart}` },
          email: { subject: "Your cart", text: "Still there" }
        }
      })
    },
    { wait: hours(24) },
    { send: { purpose: "cart", category: "marketing", content: { subject: "Last call", text: "Your cart" }, kinds: ["email"] } }
  ],
  exit: [{ on: OrderPlaced }]
})

export const person = (profile: string): Recipient => ({
  profile,
  addresses: { email: `${profile}@example.com`, push: `token-of-${profile}` },
  consents: [{ purpose: "cart", status: "granted", at: 0 }],
  preferred: ["push"],
  timeZone: "Europe/Berlin"
})

export const recorders = () => ({ push: recorder("push"), email: recorder("email") })

export const open = ({
  channels: how = {},
  journeys: which = {},
  store = memory(),
  clock = clockAt(NOON),
  drivers = recorders()
}: {
  readonly channels?: Partial<ChannelsModuleOptions>
  readonly journeys?: Partial<JourneysOptions>
  readonly store?: ReturnType<typeof memory>
  readonly clock?: ReturnType<typeof clockAt>
  readonly drivers?: ReturnType<typeof recorders>
} = {}) => {
  const talk = channels({ recipient: (_, customer) => person(customer), drivers, ...how })
  const { send, withdraw } = talk.operations
  const omni = createOmni({
    store,
    clock,
    modules: { shop, channels: talk, journeys: journeys({ send, withdraw, journeys: [abandoned], ...which }) },
    onError: (error) => console.error(error)
  })
  return { omni, clock, drivers, store }
}
