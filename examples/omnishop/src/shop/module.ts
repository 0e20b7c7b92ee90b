import type { Send } from "@omni/channels"
import { Id, module, operation, reactor } from "@omni/core"
import type { nps } from "@omni/nps"
import { OrderCollected } from "@omni/orders"
import * as z from "zod"

import { ask } from "./ask.ts"
import { AvailabilityAsked, StoryEnded } from "./model.ts"
import { type IdentifyOperation, signUpWith } from "./sign-up.ts"

/** What this module calls of the app's other modules. */
export interface ShopPorts {
  readonly identify: IdentifyOperation
  readonly send: Send
  readonly inviteLater: ReturnType<typeof nps>["operations"]["inviteLater"]
}

const endStory = operation("omnishop.endStory", z.object({ story: Id }), function* (tx, { story }) {
  tx.emit(StoryEnded, story, { story })
})

/** What is Omnishop's own: operations over several packages, and what follows from what. */
export const shop = ({ identify, send, inviteLater }: ShopPorts) =>
  module("omnishop", {
    events: [AvailabilityAsked, StoryEnded],
    operations: { signUp: signUpWith(identify, send), ask, endStory },
    reactors: [
      reactor("omnishop.survey", [OrderCollected], function* (tx, { data: { complete, customer, location, order } }) {
        if (!complete || customer === undefined) return
        yield* inviteLater(tx, { survey: "pickup", customer, about: order, ...(location === undefined ? {} : { location }) })
      })
    ]
  })
