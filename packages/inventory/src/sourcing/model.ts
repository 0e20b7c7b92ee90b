import { Coordinates, Count, Id, PositiveCount } from "@omni/core"
import * as z from "zod"

import { LocationId, Sku } from "../model.ts"

/**
 * What may decide between two plans that serve equally much; each is a number, the less the better.
 *
 * - `fewest-parcels`: locations that send or hand over something.
 * - `nearest`: metres to the destination, summed over pieces; a location whose distance nobody knows counts as the antipode.
 * - `pickup-first`: pieces that do not come from the shop where the order is picked up.
 * - `cheapest`: the cost of the parcels and of the pieces in them; where nobody knows the cost, it is that of the dearest.
 * - `keep-floor`: pieces taken from what a location would keep for itself.
 * - `preferred`: the place of the location in `rules.preferred`, summed over pieces.
 * - `fullest`: the place of the location among those that have most of the article, summed over pieces.
 */
export const SourcingRule = z.enum(["fewest-parcels", "nearest", "pickup-first", "cheapest", "keep-floor", "preferred", "fullest"])
export type SourcingRule = z.infer<typeof SourcingRule>

/** A line of an order that has to come from somewhere. */
export const SourcingLine = z.object({
  id: Id,
  sku: Sku,
  quantity: PositiveCount.max(1_000_000_000),
  /** All from one location, or not at all. */
  whole: z.boolean().exactOptional(),
  /** Lines of one bundle come, each whole, from one location, or not at all. */
  bundle: Id.exactOptional(),
  /** What is short may be promised from where `backorder` is allowed. */
  backorder: z.boolean().exactOptional()
})
export type SourcingLine = z.infer<typeof SourcingLine>

/** What is asked for, and where it shall go: to `destination`, or to the shop where it is picked up. */
export const SourcingOrder = z.object({
  lines: z.array(SourcingLine).min(1).max(1000),
  destination: Coordinates.exactOptional(),
  pickup: LocationId.exactOptional()
})
export type SourcingOrder = z.infer<typeof SourcingOrder>

/** A location that might serve, and what it takes to get from there to the order's destination. */
export const SourcingLocation = z.object({
  id: LocationId,
  name: z.string().min(1).max(200).exactOptional(),
  coordinates: Coordinates.exactOptional(),
  /** By road, as `roadDistances` asks for; without it the great circle counts. */
  kilometres: z.number().nonnegative().max(100_000).exactOptional(),
  /** Of a parcel from here, in minor units of the shop's currency. */
  parcelCost: Count.max(1e12).exactOptional(),
  /** Of each piece in it. */
  pieceCost: Count.max(1e9).exactOptional(),
  /** Whether it sends parcels, to customers and to shops; it does unless told. */
  ships: z.boolean().exactOptional(),
  /** Whether orders can be picked up here; they can unless told. */
  pickup: z.boolean().exactOptional()
})
export type SourcingLocation = z.infer<typeof SourcingLocation>

/** What a location has of an article. */
export const SourcingLevel = z.object({
  sku: Sku,
  location: LocationId,
  /** What may be promised; below zero counts as nothing. */
  available: z.int(),
  /** The last pieces, which the location keeps for itself: never given away, or only if needed, by `rules.floor`. */
  floor: Count.exactOptional(),
  /** How many more it may promise than it has: `true` for any number. */
  backorder: z.union([z.boolean(), Count]).exactOptional(),
  /** What `fullest` ranks by, where that is not `available`. */
  fullness: z.int().exactOptional()
})
export type SourcingLevel = z.infer<typeof SourcingLevel>

/** Locations and what they have. A location of which nothing is said but its stock need not be listed. */
export const SourcingStock = z.object({
  locations: z.array(SourcingLocation).max(10_000).exactOptional(),
  levels: z.array(SourcingLevel).max(1_000_000)
})
export type SourcingStock = z.infer<typeof SourcingStock>

/** How the shop wants its orders served. */
export const SourcingRules = z.object({
  /** First what matters most; a rule decides only what those before it leave open. Serving more comes before all rules. */
  rank: z.array(SourcingRule).max(7),
  /** `if-needed` (unless told): as little as the order allows, before all other rules unless `keep-floor` has its own rank. */
  floor: z.enum(["never", "if-needed"]).exactOptional(),
  /** For `preferred`: first the most preferred; those not named come after, all alike. */
  preferred: z.array(LocationId).max(10_000).exactOptional(),
  /** Articles that only these locations may send: dangerous goods, for example. */
  only: z.record(Sku, z.array(LocationId)).exactOptional(),
  /** At most so many locations serve an order. */
  maxParcels: PositiveCount.exactOptional(),
  /** `line`: no line is split. `order`: one location serves all of it, or nothing is served. */
  whole: z.enum(["line", "order"]).exactOptional(),
  /** Nothing is served unless everything is, from stock or as backorder. */
  complete: z.boolean().exactOptional(),
  /** So many times the usual work may go into an order that is too large to try everything: 1 unless told, 20 to 50 milliseconds. */
  effort: z.number().positive().max(10_000).exactOptional()
})
export type SourcingRules = z.infer<typeof SourcingRules>
