import { CartAbandoned, CartCheckedOut, CartMerged, CartRecovered } from "@omni/cart"
import type { SendRequest } from "@omni/channels"
import { type DataOf, days, type Json } from "@omni/core"
import { define, type Defined } from "@omni/journeys"
import { defineSurvey } from "@omni/nps"
import { OrderReady } from "@omni/orders"

import { nameOfPlace } from "./places.ts"

const cartWaits = ({ cart, code, value, lines, lastChannel }: DataOf<typeof CartAbandoned>): Omit<SendRequest, "customer"> => ({
  purpose: "reminders",
  category: "marketing",
  content: {
    template: "cart-waits",
    data: { cart, code, value: { ...value }, pieces: lines.reduce((sum, { quantity }) => sum + quantity, 0), channel: lastChannel }
  },
  kinds: ["email", "push"],
  about: cart
})

/** Two reminders of a cart that was abandoned, two days apart; none any more once somebody is at it again, or it was bought. */
export const abandonedCart: Defined = define({
  id: "abandoned-cart",
  on: CartAbandoned,
  key: ({ subject }) => subject,
  again: "restart",
  steps: [{ send: ({ event: { data } }) => cartWaits(data) }, { wait: days(2) }, { send: ({ event: { data } }) => cartWaits(data) }],
  exit: [
    { on: CartRecovered },
    { on: CartCheckedOut },
    { on: CartMerged, when: { "==": [{ var: "exit.data.from" }, { var: "entry.key" }] } }
  ]
})

/** Says that an order can be fetched, as soon as it can. */
export const orderReady: Defined = define({
  id: "order-ready",
  on: OrderReady,
  key: ({ subject }) => subject,
  steps: [
    {
      send: ({ event: { data } }) => ({
        purpose: "order-status",
        category: "transactional",
        content: { template: "ready", data: { place: nameOfPlace(data.location ?? ""), code: data.code } },
        kinds: ["sms"],
        about: data.order
      })
    }
  ]
})

const mail = (template: string, customer: string, about: string | undefined, data: Readonly<Record<string, Json>>): SendRequest => ({
  customer,
  purpose: "feedback",
  category: "transactional",
  content: { template, data },
  kinds: ["email"],
  ...(about === undefined ? {} : { about })
})

/** Asked two days after an order was collected. Whoever is not content hears from the shop. */
export const pickupSurvey = defineSurvey<SendRequest>({
  id: "pickup",
  delay: days(2),
  invitation: ({ customer, about, token }) => mail("survey", customer, about, { token }),
  replies: { detractor: ({ customer, about, location }) => mail("sorry", customer, about, { place: nameOfPlace(location ?? "") }) },
  followUp: { within: days(2) }
})
