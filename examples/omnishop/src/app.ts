import { cart } from "@omni/cart"
import { catalog } from "@omni/catalog"
import { search } from "@omni/catalog/search"
import { type ChannelDriver, channels as talking } from "@omni/channels"
import { type Clock, createOmni, hours, type StoreDriver } from "@omni/core"
import { inventory } from "@omni/inventory"
import { journeys } from "@omni/journeys"
import { nps } from "@omni/nps"
import { OrderPlaced, orders } from "@omni/orders"
import { entryFor, profile, ProfilesMerged, recipientOf, subjectsOf } from "@omni/profile"

import { history } from "./import/operations.ts"
import { abandonedCart, orderReady, pickupSurvey } from "./shop/flows.ts"
import { shop } from "./shop/module.ts"
import { channels } from "./shop/places.ts"
import { suggestions } from "./shop/suggestions.ts"
import { templates, voice } from "./shop/texts.ts"

/** Who delivers each kind of message. */
export interface Drivers {
  readonly email: ChannelDriver
  readonly push: ChannelDriver
  readonly sms: ChannelDriver
}

/** What an Omnishop is opened over. */
export interface ShopOptions {
  readonly store: StoreDriver
  readonly clock: Clock
  readonly drivers: Drivers
  /** Runs each operation twice and compares; an import of a million rows does without. */
  readonly verify?: boolean
}

/** What search needs of the store; who looks for something opens an index over it. */
export const searching = search({ channels })

/** All packages as one app. The ports between them are operations and functions over `tx`, so whatever they decide is one commit. */
const modulesWith = (drivers: Drivers) => {
  const people = profile({
    timeline: [
      entryFor(OrderPlaced, ({ data: { customer, order } }) =>
        customer === undefined ? undefined : { profile: customer, type: "order placed", properties: { order } }
      )
    ]
  })
  const talk = talking({
    channels,
    drivers,
    templates,
    voice,
    recipient: recipientOf,
    customersMerged: ProfilesMerged,
    quietHours: { from: "21:00", to: "08:00" },
    caps: [{ name: "two a day", limit: 2, window: hours(24) }]
  })
  const { send, withdraw } = talk.operations
  const surveys = nps({ surveys: [pickupSurvey], send, sent: ({ status }) => status !== "skipped", identities: subjectsOf })
  return {
    profile: people,
    catalog: catalog(),
    search: searching,
    inventory: inventory(),
    orders: orders(),
    cart: cart({
      channels,
      tax: { entry: "gross", rates: { standard: 19 } },
      idle: hours(1),
      identities: subjectsOf,
      customersMerged: ProfilesMerged
    }),
    channels: talk,
    journeys: journeys({
      journeys: [abandonedCart, orderReady],
      send,
      withdraw,
      identities: subjectsOf,
      customersMerged: ProfilesMerged
    }),
    nps: surveys,
    recommend: suggestions(),
    shop: shop({ identify: people.operations.identify, send, inviteLater: surveys.operations.inviteLater }),
    history: history()
  }
}

/** An Omnishop over a store. */
export const openShop = ({ store, clock, drivers, verify }: ShopOptions) =>
  createOmni({ store, clock, modules: modulesWith(drivers), ...(verify === undefined ? {} : { verify }) })

/** What `openShop` gives: the client that the story and the import talk to. */
export type Omnishop = ReturnType<typeof openShop>
