export { defineArticle, defineChannel, defineStock, requireDeclared } from "./articles.ts"
export { type Article, Articles, ChannelRules, KIT_DEPTH, StockRulesChanged } from "./articles-model.ts"
export { assembleKits } from "./assemble.ts"
export { availability, type Availability, availabilityOf, AvailabilityRequest, type Spot } from "./availability.ts"
export { allocateHold, extendHold, rehold } from "./change-hold.ts"
export { channelListing, channelStock, type ChannelStock, stockChanges, type StockChanges, type StockLog } from "./channel-stock.ts"
export { count, CountLine, type Counted, type CountOutcome } from "./count.ts"
export {
  approveCount,
  cancelCount,
  CountApproved,
  countReport,
  type CycleCount,
  type CycleCountLine,
  CycleCountLines,
  CycleCounts,
  recordCount,
  startCount
} from "./counting.ts"
export { commitHold, releaseHold } from "./end-hold.ts"
export {
  AlreadyClosed,
  HoldClosed,
  HoldNotFound,
  InsufficientStock,
  NotFound,
  NotHeld,
  type Shortage,
  type ShortageCode,
  StaleCount
} from "./errors.ts"
export { expireHold } from "./expire.ts"
export { hold, HOLD_TTL, HoldTtl } from "./hold.ts"
export { importStock, loadStock, type StockImportOptions, type StockLoader, StockRow } from "./import.ts"
export { expectPurchase, rescheduleInbound } from "./inbound.ts"
export { type Inbound, InboundClosed, InboundExpected, InboundLine, InboundReceived, Inbounds } from "./inbound-model.ts"
export { inventory } from "./inventory.ts"
export {
  type Account,
  accountOf,
  type Movement,
  Movements,
  Outside,
  StockBack,
  StockLow,
  StockMoved,
  StockOut,
  StockOversold,
  StockState
} from "./ledger.ts"
export { readLevels, type Reader, type StockLevel } from "./levels.ts"
export { GoodsLine, GoodsLines, LotLine, stockId, totalPerStock } from "./lines.ts"
export { defineLocation } from "./locations.ts"
export { type Location, Locations, OpeningHours, PickupTerms } from "./locations-model.ts"
export { Lot, LotRecalled, Lots, type LotsRow, Serials } from "./lots-model.ts"
export { recallLot } from "./lot-operations.ts"
export {
  Component,
  type Hold,
  HoldLine,
  Holds,
  HoldStatus,
  KeptLine,
  LocationId,
  Placements,
  Sku,
  Stock,
  StockAllocated,
  StockCommitted,
  StockHeld,
  type StockKey,
  StockLine,
  StockLines,
  StockReleased
} from "./model.ts"
export { adjust, moveStock, receive, sell } from "./move.ts"
export { type Pickup, type PickupCode, pickupToday } from "./pickup.ts"
export { availableToPromise, type Promised } from "./promise.ts"
export { articles, holdById, inboundById, inbounds, levels, lots, movements, serials, trace } from "./queries.ts"
export { type AvailabilityCode, type AvailabilityFacts, type AvailabilityReason } from "./reasons.ts"
export { closeInbound, receiveInbound } from "./receive-inbound.ts"
export { Allowance, Credit, Policy, type Seller, StockRules, Tracking } from "./rules.ts"
export { sendTransfer } from "./transfer.ts"
export { type DistanceDriver, roadDistances } from "./sourcing/distance.ts"
export { InvalidSourcing, OrderNotCovered } from "./sourcing/errors.ts"
export { sourceAndHold, sourcing, SourcingRequest, stockFor } from "./sourcing/hold.ts"
export {
  SourcingLevel,
  SourcingLine,
  SourcingLocation,
  SourcingOrder,
  SourcingRule,
  SourcingRules,
  SourcingStock
} from "./sourcing/model.ts"
export {
  type Parcel,
  type Served,
  type ServedCode,
  type ShortCode,
  type SourcedLine,
  type SourcingPlan,
  type SourcingReason,
  type SplitCode,
  stockLinesOf
} from "./sourcing/plan.ts"
export { source } from "./sourcing/source.ts"
