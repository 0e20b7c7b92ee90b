import type { View } from "@omni/core"

import type { SalesChannel } from "../content/model.ts"
import { candidateList, candidateOf, holds, type PriceCandidate, type PriceSelectors, scopesFor } from "../prices/candidates.ts"
import { choosePrice, type ChoosePrice } from "../prices/choose.ts"
import { ListScopes, PriceLists } from "../prices/model.ts"
import type { Variant } from "../products/model.ts"
import type { SearchRequest } from "./port.ts"

/** Where a price of a list stands, and a variant's own. */
export const listPlace = (list: string): string => `${LIST}${list}`

/** The list that has a price in a place; `undefined` for a variant's own. */
export const listOf = (place: string): string | undefined => (place.startsWith(LIST) ? place.slice(LIST.length) : undefined)

const LIST = "list:"
const ownPlace = (currency: string, channel?: string): string => `own:${currency}${channel === undefined ? "" : `@${channel}`}`

/** A variant's own prices, by where they stand. */
export const ownPrices = ({ prices }: Pick<Variant, "prices">): Readonly<Record<string, number>> => {
  const least = new Map<string, number>()
  for (const { amount, currency, channel } of prices) {
    const place = ownPlace(currency, channel)
    least.set(place, Math.min(amount, least.get(place) ?? Infinity))
  }
  return Object.fromEntries(least)
}

/** The places where prices stand for a buyer, best first, as the rule has it: see `SearchRequest.prices`. Two loads. */
export const placesFor = (
  view: View,
  channel: SalesChannel,
  buyer: PriceSelectors,
  rule: ChoosePrice = choosePrice
): SearchRequest["prices"] => {
  const { currency } = buyer
  const ids = [...new Set(view.getMany(ListScopes, scopesFor(buyer)).flatMap((row) => row?.lists ?? []))]
  const lists = view
    .getMany(PriceLists, ids)
    .flatMap((row) => (row !== undefined && holds(row.list, buyer, buyer.at ?? view.now) ? [row.list] : []))
  const places = new Map<PriceCandidate, string>([
    ...lists.map((list): [PriceCandidate, string] => [candidateOf(list, candidateList(list), PROBE, []), listPlace(list.id)]),
    [{ id: `base ${channel.id}`, amount: PROBE, currency, channel: channel.id }, ownPlace(currency, channel.id)],
    [{ id: "base", amount: PROBE, currency }, ownPlace(currency)]
  ])
  return ranked([...places.keys()], (of) => rule(of, factsOf(view, channel, buyer))).map((row) => row.map((one) => places.get(one)!))
}

const PROBE = 1_000

const factsOf = (view: View, channel: SalesChannel, { currency, country }: PriceSelectors) => ({
  now: view.now,
  currency,
  channel: channel.id,
  audience: country === undefined ? {} : { country }
})

/** The rule is asked which it would take if all cost the same, and whether one that costs less would go before: then the two are in one row. */
const ranked = (
  candidates: ReadonlyArray<PriceCandidate>,
  choose: (of: ReadonlyArray<PriceCandidate>) => PriceCandidate | undefined
): ReadonlyArray<ReadonlyArray<PriceCandidate>> => {
  const rows: Array<ReadonlyArray<PriceCandidate>> = []
  let left = candidates
  while (left.length > 0) {
    const best = choose(left) ?? left[0]!
    const isLevel = (one: PriceCandidate): boolean => {
      const cheaper = { ...one, amount: PROBE - 1 }
      return one === best || choose([{ ...best, amount: PROBE + 1 }, cheaper]) === cheaper
    }
    rows.push(left.filter(isLevel))
    left = left.filter((one) => !isLevel(one))
  }
  return rows
}
