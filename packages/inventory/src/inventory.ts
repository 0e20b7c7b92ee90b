import { module } from "@omni/core"

import { availability } from "./availability.ts"
import { commitHold, expireHold, extendHold, hold, releaseHold } from "./hold.ts"
import { defineLocation } from "./locations.ts"
import {
  Holds,
  Locations,
  Movements,
  Placements,
  Stock,
  StockCommitted,
  StockHeld,
  StockMoved,
  StockOversold,
  StockReleased
} from "./model.ts"
import { adjust, receive, sell } from "./move.ts"
import { holdById, levels, movements } from "./queries.ts"

/** The module: stock by article and location, holds, the ledger of movements, and what is available. */
export const inventory = () =>
  module("inventory", {
    collections: [Stock, Placements, Locations, Holds, Movements],
    events: [StockMoved, StockHeld, StockCommitted, StockReleased, StockOversold],
    operations: { hold, extendHold, commitHold, releaseHold, receive, adjust, sell, defineLocation },
    queries: { availability, levels, movements, holdById },
    internal: [expireHold]
  })
