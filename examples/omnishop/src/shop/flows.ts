import { CartCheckedOut, CartUpdated } from "@omni/cart"
import type { SendRequest } from "@omni/channels"
import { days, hours, type Json } from "@omni/core"
import { define, type Defined } from "@omni/journeys"
import { defineSurvey } from "@omni/nps"
import { OrderReady } from "@omni/orders"

import { nameOfPlace } from "./places.ts"

/** One reminder, an hour after the last change of a cart that has something in it; none once it was bought. */
export const abandonedCart: Defined = define({
  id: "abandoned-cart",
  on: CartUpdated,
  when: { "!!": [{ var: "event.data.lines" }] },
  key: ({ subject }) => subject,
  again: "restart",
  steps: [
    { wait: hours(1) },
    {
      send: ({ event: { data } }) => ({
        purpose: "reminders",
        category: "marketing",
        content: { template: "cart-waits", data: { cart: data.cart, value: { ...data.value } } },
        kinds: ["email", "push"],
        about: data.cart
      })
    }
  ],
  exit: [{ on: CartCheckedOut }]
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
