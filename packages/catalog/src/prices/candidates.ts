import type { Currency, Tx, View } from "@omni/core"

import { type BasePrice, Products, Variants } from "../products/model.ts"
import {
  BasePriceHistories,
  ListScopes,
  type ListPrice,
  type ListVersion,
  priceId,
  type PriceList,
  PriceLists,
  Prices,
  scopeId,
  type Tier
} from "./model.ts"

/** For whom prices are asked. */
export interface PriceSelectors {
  readonly currency: Currency
  readonly channel?: string
  readonly country?: string
  /** The customer groups that the buyer belongs to. */
  readonly groups?: ReadonlyArray<string>
  /** The company account that is bought for. */
  readonly company?: string
  /** When; now unless told. */
  readonly at?: number
}

/** Who buys where, by name: `channel`, `country`, `customerGroup`, `company`. One of several values is enough. */
export type Audience = Readonly<Record<string, string | ReadonlyArray<string>>>

/** The list that a price is on, as price selection reads it. An ordinary list has no `type`. */
export interface CandidateList {
  readonly id: string
  readonly name: string
  readonly type?: "sale" | "override"
  readonly priority: number
  readonly for?: Audience
  readonly from?: number
  readonly until?: number
  readonly entry: "net" | "gross"
}

/** A price that a buyer may be given, in minor units, as the price selection of `@omni/pricing` takes it. A variant's own price is on no list. */
export interface PriceCandidate {
  readonly id: string
  readonly amount: number
  readonly currency: Currency
  readonly channel?: string
  readonly tiers?: ReadonlyArray<Tier>
  readonly list?: CandidateList
  /** The lowest amount of the 30 days before a reduction, to be shown with it; see `withPriorPrices`. */
  readonly lowest30?: number
}

/**
 * The prices that a buyer may be given for each variant, aligned with `variants`; which of them holds is for the price selection to say. Lists are
 * found by who they are for, so contracts of other companies cost nothing. Three loads.
 */
export const pricesOf = (
  reader: Pick<Tx & View, "get" | "getMany"> & { readonly now: number; readonly prefetch?: Tx["prefetch"] },
  variants: ReadonlyArray<string>,
  selectors: PriceSelectors
): ReadonlyArray<ReadonlyArray<PriceCandidate>> => {
  reader.prefetch?.(Variants, variants)
  const ids = [...new Set(reader.getMany(ListScopes, scopesFor(selectors)).flatMap((row) => row?.lists ?? []))]
  const at = selectors.at ?? reader.now
  const lists = reader.getMany(PriceLists, ids).flatMap((row) => (row !== undefined && holds(row.list, selectors, at) ? [row.list] : []))
  const told = lists.map(candidateList)
  // Whoever shows a reduction asks for what there was before it: see `withPriorPrices`.
  if (lists.some(({ kind }) => kind === "sale")) reader.prefetch?.(BasePriceHistories, variants)
  const own = reader.getMany(Variants, variants)
  const rows = reader.getMany(
    Prices,
    variants.flatMap((variant) => lists.map(({ id }) => priceId(id, variant)))
  )
  return variants.map((_, index) => [
    ...baseCandidates(own[index]?.prices ?? [], selectors),
    ...lists.flatMap((list, place) => {
      const row = rows[index * lists.length + place]
      return row?.amount === undefined ? [] : [candidateOf(list, told[place]!, row.amount, row.tiers)]
    })
  ])
}

/**
 * Says that offers of these will be read, and their prices for a buyer: what can be told of it is loaded together with the next row that is missing. With it,
 * `offersOf` and `pricesOf` cost three loads in all, for whichever number of variants.
 */
export const foreseeOffers = (
  tx: Pick<Tx, "prefetch">,
  offers: ReadonlyArray<{ readonly variant: string; readonly product?: string }>,
  selectors: PriceSelectors
): void => {
  tx.prefetch(
    Variants,
    offers.map(({ variant }) => variant)
  )
  tx.prefetch(Products, [...new Set(offers.flatMap(({ product }) => product ?? []))])
  tx.prefetch(ListScopes, scopesFor(selectors))
}

/** Where the lists of a buyer are looked up. */
export const scopesFor = ({ currency, groups = [], company }: PriceSelectors): ReadonlyArray<string> => [
  scopeId(currency),
  ...groups.map((group) => scopeId(currency, { group })),
  ...(company === undefined ? [] : [scopeId(currency, { company })])
]

/** Whether a list gives prices to a buyer at a moment. */
export const holds = (list: PriceList | ListVersion, { channel, country, company, groups = [] }: PriceSelectors, at: number): boolean =>
  list.active &&
  (list.from ?? -Infinity) <= at &&
  at < (list.until ?? Infinity) &&
  meets(list.channels, channel) &&
  meets(list.countries, country) &&
  meets(list.companies, company) &&
  (list.groups === undefined || list.groups.some((group) => groups.includes(group)))

const meets = (wanted: ReadonlyArray<string> | undefined, value: string | undefined): boolean =>
  wanted === undefined || (value !== undefined && wanted.includes(value))

/** A variant's own prices for a buyer. */
export const baseCandidates = (prices: ReadonlyArray<BasePrice>, { currency, channel }: PriceSelectors): ReadonlyArray<PriceCandidate> =>
  prices
    .filter((price) => price.currency === currency && (price.channel === undefined || price.channel === channel))
    .map((price) => ({ id: `base${price.channel === undefined ? "" : ` ${price.channel}`}`, ...price }))

/** What price selection reads of a list. */
export const candidateList = (list: PriceList): CandidateList => {
  const { id, name, kind, priority, tax, from, until } = list
  const audience = {
    ...(list.channels === undefined ? {} : { channel: list.channels }),
    ...(list.countries === undefined ? {} : { country: list.countries }),
    ...(list.groups === undefined ? {} : { customerGroup: list.groups }),
    ...(list.companies === undefined ? {} : { company: list.companies })
  }
  return {
    id,
    name,
    priority,
    entry: tax,
    ...(kind === "base" ? {} : { type: kind }),
    ...(Object.keys(audience).length === 0 ? {} : { for: audience }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until })
  }
}

/** A price of a list. */
export const candidateOf = (
  { id, currency }: Pick<PriceList, "id" | "currency">,
  list: CandidateList,
  amount: number,
  tiers: ListPrice["tiers"]
): PriceCandidate => ({ id, amount, currency, ...(tiers.length === 0 ? {} : { tiers }), list })
