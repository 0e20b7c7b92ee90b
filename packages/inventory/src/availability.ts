import { Id, PositiveCount, query } from "@omni/core"
import * as z from "zod"

import { readLevels, type Reader, type StockLevel } from "./levels.ts"
import { LocationId, Locations, Placements, Sku } from "./model.ts"

/** How many places are named where something else is to be had: those that have most. */
const PLACES = 20

/** Which articles, how many of each (1 unless told), and where: at one location, in a pool of them, or anywhere. */
export const AvailabilityRequest = z.object({
  items: z
    .array(z.object({ sku: Sku, quantity: PositiveCount.exactOptional() }))
    .min(1)
    .max(1000),
  location: LocationId.exactOptional(),
  /** `Channel.stockPool` of the channel that asks; not looked at when a location is given. */
  pool: Id.exactOptional()
})
export type AvailabilityRequest = z.infer<typeof AvailabilityRequest>

/** A location where something is free. */
export interface Spot {
  readonly location: string
  readonly name?: string
  readonly free: number
}

/**
 * Why an article is, or is not, to be had: `in-stock`; `insufficient`: some, but less than asked; `reserved`: there, but all of it
 * promised to others; `out-of-stock`: kept here, none left; `not-kept-here`: other locations keep it; `unknown-sku`: no location ever did.
 */
export type AvailabilityCode = "in-stock" | "insufficient" | "reserved" | "out-of-stock" | "not-kept-here" | "unknown-sku"

/** The answer for one article. */
export interface Availability {
  readonly sku: string
  readonly requested: number
  /** `free` is at least what was requested. */
  readonly available: boolean
  /** What can be held now where it was asked for; never below zero. */
  readonly free: number
  /** Where in the place asked for it is free, most first: one location, or those of the pool. */
  readonly here: ReadonlyArray<Spot>
  /** Where else it is free, most first, at most 20 places. */
  readonly elsewhere: ReadonlyArray<Spot>
  readonly reason: {
    readonly code: AvailabilityCode
    readonly facts: { readonly requested: number; readonly free: number; readonly onHand: number; readonly reserved: number }
    readonly sentence: string
  }
}

/** What both faces below answer: by key alone, in at most three loads, so that an operation can ask too. */
export const availabilityOf = (reader: Reader, request: AvailabilityRequest): ReadonlyArray<Availability> => {
  const { items } = request
  const placed = reader.getMany(
    Placements,
    items.map(({ sku }) => sku)
  )
  const places = [...new Set(placed.flatMap((row) => row?.locations ?? []))]
  const about = new Map(reader.getMany(Locations, places).map((row, i) => [places[i]!, row]))
  const keys = items.map(({ sku }, i) => (placed[i]?.locations ?? []).map((location) => ({ sku, location })))
  const levels = readLevels(reader, keys.flat())
  const isHere = (location: string): boolean =>
    request.location !== undefined
      ? location === request.location
      : request.pool === undefined || about.get(location)?.pools.includes(request.pool) === true
  let from = 0
  return items.map(({ sku, quantity = 1 }, i) => {
    const own = levels.slice(from, (from += keys[i]!.length))
    const spots = (some: ReadonlyArray<StockLevel>) => spotsOf(some, (location) => about.get(location)?.name)
    const here = own.filter(({ location }) => isHere(location))
    const elsewhere = spots(own.filter(({ location }) => !isHere(location)))
    return answer(sku, quantity, here, spots(here), elsewhere)
  })
}

/** How many of each article can be had at a location or in a channel's pool, where else it is, and if not, why not. */
export const availability = query("inventory.availability", AvailabilityRequest, function* (view, request) {
  return availabilityOf(view, request)
})

const answer = (
  sku: string,
  requested: number,
  levels: ReadonlyArray<StockLevel>,
  here: ReadonlyArray<Spot>,
  elsewhere: ReadonlyArray<Spot>
): Availability => {
  const sum = (of: (level: StockLevel) => number) => levels.reduce((total, level) => total + of(level), 0)
  const free = sum((level) => Math.max(0, level.free))
  const facts = { requested, free, onHand: sum((level) => level.onHand), reserved: sum((level) => level.reserved) }
  const code: AvailabilityCode =
    free >= requested
      ? "in-stock"
      : free > 0
        ? "insufficient"
        : levels.length === 0
          ? elsewhere.length === 0
            ? "unknown-sku"
            : "not-kept-here"
          : facts.onHand > 0
            ? "reserved"
            : "out-of-stock"
  const where =
    free >= requested || elsewhere[0] === undefined ? "" : ` ${elsewhere[0].free} at ${elsewhere[0].name ?? elsewhere[0].location}.`
  const sentence = sentences[code](sku, facts) + where
  return {
    sku,
    requested,
    available: free >= requested,
    free,
    here,
    elsewhere: elsewhere.slice(0, PLACES),
    reason: { code, facts, sentence }
  }
}

const sentences: { readonly [C in AvailabilityCode]: (sku: string, facts: Availability["reason"]["facts"]) => string } = {
  "in-stock": (sku, { free }) => `${free} of ${sku} can be had here.`,
  insufficient: (sku, { free, requested }) => `Only ${free} of ${sku} can be had here, not ${requested}.`,
  reserved: (sku, { onHand }) => `${onHand} of ${sku} are here, but all are reserved for others.`,
  "out-of-stock": (sku) => `${sku} is sold out here.`,
  "not-kept-here": (sku) => `${sku} is not kept here.`,
  "unknown-sku": (sku) => `${sku} is not kept anywhere.`
}

const spotsOf = (levels: ReadonlyArray<StockLevel>, nameOf: (location: string) => string | undefined): ReadonlyArray<Spot> =>
  levels
    .filter(({ free }) => free > 0)
    .sort((a, b) => b.free - a.free || (a.location < b.location ? -1 : 1))
    .map(({ location, free }) => {
      const name = nameOf(location)
      return name === undefined ? { location, free } : { location, name, free }
    })
