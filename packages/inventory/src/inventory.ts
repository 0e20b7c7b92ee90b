import { module } from "@omni/core"

import { Articles, ChannelRules, KitsOf, Settings, StockPolicies, StockRulesChanged } from "./articles-model.ts"
import { defineArticle, defineChannel, defineStock, requireDeclared } from "./articles.ts"
import { assembleKits } from "./assemble.ts"
import { availability } from "./availability.ts"
import { allocateHold, extendHold, rehold } from "./change-hold.ts"
import { channelListing, channelStock } from "./channel-stock.ts"
import { count } from "./count.ts"
import { approveCount, cancelCount, CountApproved, countReport, CycleCountLines, CycleCounts, recordCount, startCount } from "./counting.ts"
import { commitHold, releaseHold } from "./end-hold.ts"
import { expireHold } from "./expire.ts"
import { hold } from "./hold.ts"
import { loadStock } from "./import.ts"
import { InboundClosed, InboundExpected, InboundReceived, Inbounds, Incoming } from "./inbound-model.ts"
import { expectPurchase, rescheduleInbound } from "./inbound.ts"
import { StockPages } from "./journal.ts"
import { Movements, StockBack, StockLow, StockMoved, StockOut, StockOversold } from "./ledger.ts"
import { Locations } from "./locations-model.ts"
import { defineLocation } from "./locations.ts"
import { recallLot } from "./lot-operations.ts"
import { LotRecalled, Lots, Recalls, Serials } from "./lots-model.ts"
import { Holds, Placements, Stock, StockAllocated, StockCommitted, StockHeld, StockReleased } from "./model.ts"
import { adjust, moveStock, receive, sell } from "./move.ts"
import { articles, holdById, inboundById, inbounds, levels, lots, movements, serials, trace } from "./queries.ts"
import { closeInbound, receiveInbound } from "./receive-inbound.ts"
import { sourceAndHold, sourcing } from "./sourcing/hold.ts"
import { sendTransfer } from "./transfer.ts"

/** The module: stock by article and location, holds, the ledger of movements, what is on its way, counts, and what is available. */
export const inventory = () =>
  module("inventory", {
    collections: [
      Stock,
      Placements,
      Locations,
      Holds,
      Movements,
      StockPages,
      Articles,
      KitsOf,
      StockPolicies,
      ChannelRules,
      Settings,
      Lots,
      Serials,
      Recalls,
      Inbounds,
      Incoming,
      CycleCounts,
      CycleCountLines
    ],
    events: [
      StockMoved,
      StockHeld,
      StockAllocated,
      StockCommitted,
      StockReleased,
      StockOversold,
      StockLow,
      StockOut,
      StockBack,
      StockRulesChanged,
      LotRecalled,
      InboundExpected,
      InboundReceived,
      InboundClosed,
      CountApproved
    ],
    operations: {
      hold,
      extendHold,
      allocateHold,
      rehold,
      commitHold,
      releaseHold,
      sourceAndHold,
      receive,
      adjust,
      sell,
      moveStock,
      assembleKits,
      recallLot,
      expectPurchase,
      sendTransfer,
      receiveInbound,
      rescheduleInbound,
      closeInbound,
      count,
      startCount,
      recordCount,
      approveCount,
      cancelCount,
      loadStock,
      defineArticle,
      defineStock,
      defineChannel,
      defineLocation,
      requireDeclared
    },
    queries: {
      availability,
      levels,
      movements,
      holdById,
      articles,
      inboundById,
      inbounds,
      lots,
      serials,
      trace,
      countReport,
      channelStock,
      channelListing,
      sourcing
    },
    internal: [expireHold]
  })
