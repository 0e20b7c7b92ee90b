import { CivilDate, CivilTime, Count, Country, Currency, Id, PositiveCount, TimeZone, Weekday } from "@omni/core"
import { LocationId } from "@omni/inventory"
import * as z from "zod"

/**
 * Where something can be sent. A part of a postal code stands for all that begin with it: "75" for Paris; a range as "1000-1999" compares
 * its digits. Without regions and postal codes it is the whole of its countries.
 */
export const Zone = z.object({
  countries: z.array(Country).min(1).max(250),
  regions: z.array(z.string().min(1).max(200)).max(500).exactOptional(),
  postalCodes: z.array(z.string().min(1).max(30)).max(5000).exactOptional(),
  /** What of them it is not. */
  except: z.object({ postalCodes: z.array(z.string().min(1).max(30)).max(5000) }).exactOptional()
})
export type Zone = z.infer<typeof Zone>

/** What sending costs. `tiers` go by what is sent: the last one whose `from` is reached. Amounts in minor units. */
export const Rate = z.object({
  currency: Currency,
  amount: Count,
  tiers: z
    .object({
      by: z.enum(["weight", "value", "items"]),
      steps: z
        .array(z.object({ from: Count, amount: Count }))
        .min(1)
        .max(200)
    })
    .exactOptional(),
  /** Nothing is charged for goods worth so much or more. */
  freeFrom: Count.exactOptional()
})
export type Rate = z.infer<typeof Rate>

/** When goods leave: what is ordered by `cutOff` on a day of work leaves on it, after `prepare` days of work more. */
export const Dispatch = z.object({
  zone: TimeZone,
  cutOff: CivilTime,
  workdays: z.array(Weekday).min(1).max(7),
  holidays: z.array(CivilDate).max(400).exactOptional(),
  prepare: Count.max(60).exactOptional()
})
export type Dispatch = z.infer<typeof Dispatch>

/** When a customer may have it brought, or come for it: windows of a day, each for so many orders. */
export const SlotPlan = z.object({
  windows: z
    .array(
      z.object({
        from: CivilTime,
        to: CivilTime,
        days: z.array(Weekday).min(1).max(7),
        capacity: PositiveCount.max(1000),
        /** What this window costs beside the rate. */
        fee: Count.exactOptional()
      })
    )
    .min(1)
    .max(48),
  /** How many days ahead slots are offered. */
  days: PositiveCount.max(60),
  /** How long before a slot begins it can still be had (ms); until it begins unless told. */
  lead: Count.exactOptional()
})
export type SlotPlan = z.infer<typeof SlotPlan>

/** A way in which goods reach the customer: home delivery, express, a locker, pickup in a shop. */
export const ShippingMethod = z.object({
  id: Id,
  name: z.string().min(1).max(200),
  kind: z.enum(["delivery", "pickup"]),
  /** The first rate whose zone has the destination counts; a rate without a zone has any. A pickup's is its fee. */
  rates: z
    .array(z.object({ zone: Zone.exactOptional(), rate: Rate }))
    .min(1)
    .max(500),
  dispatch: Dispatch,
  /** Days of work on the way, at least and at most; none for pickup. */
  transit: z.object({ min: Count.max(365), max: Count.max(365) }).exactOptional(),
  slots: SlotPlan.exactOptional(),
  /**
   * From where it goes, or where goods are fetched: each with its own calendar and slots, where they differ. Places are then counted for
   * each location, and a slot names it. Without these it goes from anywhere, and its places are the same for all.
   */
  locations: z
    .array(z.object({ id: LocationId, dispatch: Dispatch.exactOptional(), slots: SlotPlan.exactOptional() }))
    .min(1)
    .max(10_000)
    .exactOptional(),
  /** Nothing heavier than so many grams in all. */
  maxWeight: PositiveCount.exactOptional(),
  /** Articles with one of these marks go by another way: "dangerous", "bulky". */
  excludes: z.array(Id).max(100).exactOptional(),
  /** The carrier that is asked for its price; without an answer the rate above counts. */
  carrier: z.object({ name: Id, service: Id }).exactOptional()
})
export type ShippingMethod = z.infer<typeof ShippingMethod>

/** A method as it is at a location, with the calendar and the slots of that; `undefined` where it does not go from there. */
export const methodAt = (method: ShippingMethod, location: string | undefined): ShippingMethod | undefined => {
  if (method.locations === undefined || location === undefined) return method
  const own = method.locations.find(({ id }) => id === location)
  if (own === undefined) return undefined
  const { id: _, ...differs } = own
  return { ...method, ...differs }
}
