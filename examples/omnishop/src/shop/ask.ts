import { Id, operation, PositiveCount } from "@omni/core"
import { availabilityOf, LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

import { AvailabilityAsked } from "./model.ts"

/** Asks a shop for an article: whether there is enough of it, and if not, where else. The answer is kept, because it tells what is missing. */
export const ask = operation(
  "omnishop.ask",
  z.object({ sku: Sku, quantity: PositiveCount, location: LocationId, customer: Id.exactOptional() }),
  function* (tx, { sku, quantity, location, customer }) {
    const [answer] = availabilityOf(tx, { items: [{ sku, quantity }], location })
    if (answer === undefined) return undefined
    const { code, sentence } = answer.reason
    tx.emit(AvailabilityAsked, sku, { sku, requested: quantity, location, ...(customer === undefined ? {} : { customer }), code, sentence })
    return answer
  }
)
