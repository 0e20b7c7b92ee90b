import { Coordinates, Id, operation } from "@omni/core"
import * as z from "zod"

import { Locations, PickupTerms } from "./locations-model.ts"
import { LocationId } from "./model.ts"

/**
 * Names a location, the pools of stock that it belongs to, and how orders are collected there; what was said before is replaced. Stock
 * needs no location defined, unless `requireDeclared` says so.
 */
export const defineLocation = operation(
  "inventory.defineLocation",
  z.object({
    location: LocationId,
    name: z.string().min(1).max(200),
    pools: z.array(Id).max(100).exactOptional(),
    pickup: PickupTerms.exactOptional(),
    coordinates: Coordinates.exactOptional()
  }),
  function* (tx, { location, pools = [], ...about }) {
    tx.put(Locations, location, { ...about, pools })
  }
)
