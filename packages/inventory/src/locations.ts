import { Id, operation } from "@omni/core"
import * as z from "zod"

import { LocationId, Locations } from "./model.ts"

/** Names a location and the pools of stock that it belongs to; what was said before is replaced. Stock needs no location defined. */
export const defineLocation = operation(
  "inventory.defineLocation",
  z.object({ location: LocationId, name: z.string().min(1).max(200), pools: z.array(Id).max(100).exactOptional() }),
  function* (tx, { location, name, pools = [] }) {
    tx.put(Locations, location, { name, pools })
  }
)
