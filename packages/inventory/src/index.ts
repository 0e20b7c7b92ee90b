export { availability, type Availability, type AvailabilityCode, availabilityOf, AvailabilityRequest, type Spot } from "./availability.ts"
export { HoldClosed, HoldNotFound, InsufficientStock, NotHeld, type Shortage } from "./errors.ts"
export { commitHold, expireHold, extendHold, hold, HOLD_TTL, HoldTtl, releaseHold } from "./hold.ts"
export { inventory } from "./inventory.ts"
export { readLevels, type Reader, type StockLevel } from "./levels.ts"
export { stockId, totalPerStock } from "./lines.ts"
export { defineLocation } from "./locations.ts"
export {
  type Hold,
  HoldLine,
  Holds,
  HoldStatus,
  LocationId,
  Locations,
  type Movement,
  Movements,
  Placements,
  Sku,
  Stock,
  StockCommitted,
  StockHeld,
  type StockKey,
  StockLine,
  StockLines,
  StockMoved,
  StockOversold,
  StockReleased
} from "./model.ts"
export { adjust, receive, sell } from "./move.ts"
export { holdById, levels, movements } from "./queries.ts"
