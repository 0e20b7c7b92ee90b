import { fail, Id, type Instant, PositiveCount, query } from "@omni/core"
import * as z from "zod"

import { invalidInput } from "./errors.ts"
import type { Reader } from "./levels.ts"
import { type Location, Locations } from "./locations-model.ts"
import { LocationId, Sku } from "./model.ts"
import { type Pickup, pickupToday } from "./pickup.ts"
import { availableToPromise, type Promised } from "./promise.ts"
import { type AvailabilityReason, reasonOf } from "./reasons.ts"
import { sellingOn, undeclaredChannel } from "./shortage.ts"
import { type Stand, standsOf } from "./stand.ts"

/** How many places are named where something else is to be had: those that have most. */
const PLACES = 20

/** Which articles, how many of each (1 unless told), where (at one location, in a pool of them, or anywhere), and for which channel. */
export const AvailabilityRequest = z.object({
  items: z
    .array(z.object({ sku: Sku, quantity: PositiveCount.exactOptional() }))
    .min(1)
    .max(1000),
  location: LocationId.exactOptional(),
  /** `Channel.stockPool` of the channel that asks; not looked at when a location is given. */
  pool: Id.exactOptional(),
  /** The channel that asks: what it may see, and from which pool unless one is named. See `defineChannel`. */
  channel: Id.exactOptional()
})
export type AvailabilityRequest = z.infer<typeof AvailabilityRequest>

/** A location where something is available. */
export interface Spot {
  readonly location: string
  readonly name?: string
  readonly available: number
}

/** The answer for one article. */
export interface Availability {
  readonly sku: string
  readonly requested: number
  /** What can be had now where, and by whom, it was asked for; never below zero. */
  readonly available: number
  /** `available` is at least what was requested. */
  readonly isAvailable: boolean
  /** What `hold` would promise: what is available, and what may be backordered or preordered; `"unlimited"` when that has no limit. */
  readonly promisable: number | "unlimited"
  /** From when on the requested quantity can be had: now, when announced goods have come, or not known. */
  readonly availableAt?: Instant
  /** When more comes: how many can be had by then, all in all. */
  readonly later: ReadonlyArray<Promised>
  /** Where in the place asked for it is available, most first: one location, or those of the pool. */
  readonly here: ReadonlyArray<Spot>
  /** Where else it is available, most first, at most 20 places. */
  readonly elsewhere: ReadonlyArray<Spot>
  /** Whether the requested quantity can be collected today, for each location asked for; only those that could are named when no location is. */
  readonly pickup: ReadonlyArray<Pickup>
  readonly reason: AvailabilityReason
}

/** What both faces below answer: by key alone, in few loads, so that an operation can ask too. */
export const availabilityOf = (reader: Reader, request: AvailabilityRequest): ReadonlyArray<Availability> => {
  const { items, location, channel } = request
  const selling = channel === undefined ? undefined : sellingOn(reader, channel)
  const pool = request.pool ?? selling?.pool
  const stands = standsOf(
    reader,
    items.map(({ sku }) => sku),
    selling?.seller,
    // A channel that sells from a pool has nothing from elsewhere.
    selling?.pool === undefined ? undefined : pool
  )
  const places = [...new Set([...stands.flat().map((stand) => stand.location), ...(location === undefined ? [] : [location])])]
  const about = new Map(reader.getMany(Locations, places).map((row, i) => [places[i]!, row]))
  const isSold = (place: string): boolean => pool === undefined || about.get(place)?.pools.includes(pool) === true
  const isHere = (place: string): boolean => (location === undefined ? isSold(place) : place === location)
  // A channel that sells from a pool has nothing from elsewhere, named or not.
  const isBarred = location !== undefined && selling?.pool !== undefined && !isSold(location)
  return items.map(({ sku, quantity = 1 }, i) => {
    const here = isBarred ? [] : stands[i]!.filter((stand) => isHere(stand.location))
    const rest = stands[i]!.filter((stand) => !isHere(stand.location) && (selling?.pool === undefined || isSold(stand.location)))
    return answer(reader.now, sku, quantity, { here, rest, about, location })
  })
}

/** How many of each article can be had, from where, when more comes, whether it can be collected today, and if not, why not. */
export const availability = query("inventory.availability", AvailabilityRequest, function* (view, request) {
  const wrong = undeclaredChannel(view, request.channel)
  if (wrong.length > 0) return yield* fail(invalidInput("inventory.availability", wrong))
  return availabilityOf(view, request)
})

interface Found {
  readonly here: ReadonlyArray<Stand>
  readonly rest: ReadonlyArray<Stand>
  readonly about: ReadonlyMap<string, Location | undefined>
  readonly location: string | undefined
}

const answer = (now: Instant, sku: string, requested: number, { here, rest, about, location }: Found): Availability => {
  const sum = (of: (stand: Stand) => number) => here.reduce((total, stand) => total + of(stand), 0)
  const atMost = Math.min(Infinity, ...here.map((stand) => stand.atMost))
  const available = Math.min(
    atMost,
    sum(({ seen }) => Math.max(0, seen))
  )
  const promisable = Math.min(
    atMost,
    sum((stand) => stand.promisable)
  )
  const later = availableToPromise(
    sum(({ seen }) => seen),
    here.flatMap(({ due }) => due),
    now
  )
    .map(({ at, quantity }) => ({ at, quantity: Math.min(atMost, quantity) }))
    .filter(({ quantity }) => quantity > available)
  const next = later.find(({ quantity }) => quantity >= requested) ?? later[0]
  const from = available >= requested ? now : later.find(({ quantity }) => quantity >= requested)?.at
  const elsewhere = spotsOf(rest, about)
  const [most] = elsewhere
  const facts = {
    requested,
    available,
    onHand: sum((stand) => stand.onHand),
    reserved: sum((stand) => stand.reserved),
    allocated: sum((stand) => stand.allocated)
  }
  return {
    sku,
    requested,
    available,
    isAvailable: available >= requested,
    promisable: Number.isFinite(promisable) ? promisable : "unlimited",
    ...(from === undefined ? {} : { availableAt: from }),
    later,
    here: spotsOf(here, about),
    elsewhere: elsewhere.slice(0, PLACES),
    pickup: pickupsOf(now, requested, here, about, location),
    reason: reasonOf(sku, facts, {
      isKept: here.length > 0,
      unseen: sum((stand) => Math.max(0, stand.available)),
      promisable,
      isPreorder: here.some((stand) => stand.isPreorder),
      elsewhere: most === undefined ? undefined : { available: most.available, place: most.name ?? most.location },
      next
    })
  }
}

const spotsOf = (stands: ReadonlyArray<Stand>, about: Found["about"]): ReadonlyArray<Spot> =>
  stands
    .map(({ location, seen, atMost }) => ({ location, available: Math.min(seen, atMost) }))
    .filter(({ available }) => available > 0)
    .sort((a, b) => b.available - a.available || (a.location < b.location ? -1 : 1))
    .map((spot) => ({ ...nameOf(spot.location, about), available: spot.available }))

const nameOf = (location: string, about: Found["about"]): { readonly location: string; readonly name?: string } => {
  const name = about.get(location)?.name
  return name === undefined ? { location } : { location, name }
}

const pickupsOf = (
  now: Instant,
  requested: number,
  here: ReadonlyArray<Stand>,
  about: Found["about"],
  location: string | undefined
): ReadonlyArray<Pickup> =>
  (location === undefined ? here.map((stand) => stand.location) : [location]).flatMap((place): ReadonlyArray<Pickup> => {
    const named = nameOf(place, about)
    const terms = about.get(place)?.pickup
    if (terms === undefined)
      return location === undefined ? [] : [{ ...named, today: false, code: "no-pickup", sentence: "Nothing can be collected here." }]
    const stand = here.find((one) => one.location === place)
    const there = Math.max(0, Math.min(stand?.seen ?? 0, stand?.atMost ?? 0))
    if (there < requested) return [{ ...named, today: false, code: "not-enough", sentence: `${there} are here, not ${requested}.` }]
    return [{ ...named, ...pickupToday(terms, now) }]
  })
