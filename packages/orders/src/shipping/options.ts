import { type CivilDate, Country, Currency, Id, Instant, type Money, money, Money as MoneySchema, Count } from "@omni/core"
import { LocationId } from "@omni/inventory"
import * as z from "zod"

import { dispatchDate, workdaysAfter } from "./calendar.ts"
import { methodAt, type Rate, type ShippingMethod } from "./method.ts"
import { isInZone } from "./zone.ts"

/** What is to be sent, and where to. */
export const ShippingRequest = z.object({
  /** Absent for pickup alone. */
  destination: z
    .object({ country: Country, region: z.string().max(200).exactOptional(), postalCode: z.string().max(20).exactOptional() })
    .exactOptional(),
  /** From where it is sent, or where it is fetched; its calendar counts. */
  location: LocationId.exactOptional(),
  currency: Currency,
  /** What the goods cost, after discounts. */
  value: MoneySchema,
  items: Count,
  /** Grams in all. */
  weight: Count.exactOptional(),
  /** Marks of its articles: "dangerous". */
  marks: z.array(Id).max(100).exactOptional(),
  at: Instant,
  /** What carriers answered when they were asked, and when: `Carrier.rates`. */
  quotes: z
    .array(z.object({ carrier: Id, service: Id, amount: MoneySchema, at: Instant }))
    .max(1000)
    .exactOptional()
})
export type ShippingRequest = z.infer<typeof ShippingRequest>

/** Why a method can be had, or not. */
export type ShippingCode = "available" | "not-there" | "not-from-there" | "too-heavy" | "excluded" | "no-address" | "no-rate"

/** What one method costs, and when it brings the goods. */
export interface ShippingOption {
  readonly method: string
  readonly name: string
  readonly kind: "delivery" | "pickup"
  readonly available: boolean
  /** Absent where it cannot be had. */
  readonly amount?: Money
  /** What it would cost if nothing made it free. */
  readonly usual?: Money
  /** Where the amount is from: the shop's rate, or what the carrier answered at a time. */
  readonly source?: { readonly kind: "rate" } | { readonly kind: "quote"; readonly carrier: string; readonly at: number }
  /** The day on which the goods leave (or lie ready), and those between which they arrive. */
  readonly promise?: { readonly dispatch: CivilDate; readonly from: CivilDate; readonly to: CivilDate }
  readonly reason: { readonly code: ShippingCode; readonly facts: { readonly [fact: string]: number | string }; readonly sentence: string }
}

/** What each method costs for what is to be sent, when it arrives, or why it cannot be had. Pure: the time is in the request. */
export const shippingOptions = (methods: ReadonlyArray<ShippingMethod>, request: ShippingRequest): ReadonlyArray<ShippingOption> =>
  methods.map((everywhere) => {
    const { id, name, kind } = everywhere
    const about = { method: id, name, kind }
    const method = methodAt(everywhere, request.location)
    if (method === undefined) return { ...about, available: false, reason: notFrom(name, request.location!) }
    const refused = refusal(method, request)
    if (refused !== undefined) return { ...about, available: false, reason: refused }
    const priced = priceOf(method, request)
    if (priced === undefined) return { ...about, available: false, reason: noRate(method, request) }
    const promise = promiseOf(method, request.at)
    const sentence = kind === "pickup" ? `Ready on ${promise.dispatch}.` : `Arrives ${range(promise.from, promise.to)}.`
    return { ...about, ...priced, available: true, promise, reason: { code: "available", facts: {}, sentence } }
  })

const refusal = (method: ShippingMethod, { destination, weight, marks = [] }: ShippingRequest): ShippingOption["reason"] | undefined => {
  if (method.kind === "delivery" && destination === undefined)
    return { code: "no-address", facts: {}, sentence: `${method.name} needs to know where to.` }
  if (method.maxWeight !== undefined && weight !== undefined && weight > method.maxWeight) {
    const facts = { weight, maxWeight: method.maxWeight }
    return { code: "too-heavy", facts, sentence: `${method.name} takes at most ${method.maxWeight} g; this is ${weight} g.` }
  }
  const mark = marks.find((some) => method.excludes?.includes(some))
  return mark === undefined ? undefined : { code: "excluded", facts: { mark }, sentence: `${method.name} does not take what is ${mark}.` }
}

const notFrom = (name: string, location: string): ShippingOption["reason"] => ({
  code: "not-from-there",
  facts: { location },
  sentence: `${name} does not go from ${location}.`
})

const noRate = ({ name, rates }: ShippingMethod, { destination, currency }: ShippingRequest): ShippingOption["reason"] => {
  const goes = rates.some(({ zone }) => zone === undefined || (destination !== undefined && isInZone(zone, destination)))
  if (goes) return { code: "no-rate", facts: { currency }, sentence: `${name} has no price in ${currency}.` }
  const to = [destination?.postalCode, destination?.region, destination?.country].filter((part) => part !== undefined).join(", ")
  return { code: "not-there", facts: { destination: to }, sentence: `${name} does not go to ${to}.` }
}

/** The first rate of the destination's zone in the currency; what the carrier answered takes its place, but not the shop's gift. */
const priceOf = (
  { rates, carrier }: ShippingMethod,
  request: ShippingRequest
): Pick<ShippingOption, "amount" | "usual" | "source"> | undefined => {
  const { destination, currency, quotes = [], value } = request
  const found = rates.find(
    ({ zone, rate }) => rate.currency === currency && (zone === undefined || (destination !== undefined && isInZone(zone, destination)))
  )?.rate
  if (found === undefined) return undefined
  const quote = quotes
    .filter((some) => some.carrier === carrier?.name && some.service === carrier.service && some.amount.currency === currency)
    .reduce<(typeof quotes)[number] | undefined>((newest, some) => (newest === undefined || some.at > newest.at ? some : newest), undefined)
  const usual = quote?.amount ?? money(rateFor(found, request), currency)
  const isFree = found.freeFrom !== undefined && value.currency === currency && value.amount >= found.freeFrom
  const source = quote === undefined ? { kind: "rate" as const } : { kind: "quote" as const, carrier: quote.carrier, at: quote.at }
  return { amount: isFree ? money(0, currency) : usual, ...(isFree && usual.amount > 0 ? { usual } : {}), source }
}

const rateFor = ({ amount, tiers }: Rate, { weight = 0, value, items }: ShippingRequest): number => {
  if (tiers === undefined) return amount
  const measure = { weight, value: value.amount, items }[tiers.by]
  const reached = tiers.steps.filter(({ from }) => from <= measure)
  return reached.reduce((best, step) => (step.from >= best.from ? step : best), { from: -1, amount }).amount
}

const promiseOf = ({ dispatch, transit = { min: 0, max: 0 } }: ShippingMethod, at: Instant) => {
  const leaves = dispatchDate(dispatch, at)
  return {
    dispatch: leaves,
    from: workdaysAfter(dispatch, leaves, transit.min),
    to: workdaysAfter(dispatch, leaves, Math.max(transit.min, transit.max))
  }
}

const range = (from: CivilDate, to: CivilDate): string => (from === to ? `on ${from}` : `between ${from} and ${to}`)
