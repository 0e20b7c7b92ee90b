import type { Currency } from "@omni/core"

import type { BasePrice } from "../products/model.ts"
import { isSame } from "../same.ts"
import { baseCandidates, candidateList, candidateOf, holds } from "./candidates.ts"
import { choosePrice, type ChoosePrice } from "./choose.ts"
import type { ListVersion, PriceChange, PriceList, PriceListKind } from "./model.ts"
import type { PriorPriceRule } from "./prior.ts"

/** What a list was, and what a variant cost by it, over time. Both ascend; the last before a moment holds at it. */
export interface ListHistory {
  readonly list: Pick<PriceList, "id" | "currency" | "tax">
  readonly versions: ReadonlyArray<ListVersion>
  readonly changes: ReadonlyArray<PriceChange>
}

/** Everything that a variant's price to the public has depended on. */
export interface PriceHistory {
  readonly lists: ReadonlyArray<ListHistory>
  readonly base: ReadonlyArray<{ readonly at: number; readonly prices: ReadonlyArray<BasePrice> }>
}

/** What one unit cost the public from a moment on; without an amount it had no price. */
export interface PriceStep {
  readonly from: number
  readonly amount?: number
  readonly kind?: PriceListKind
  readonly list?: string
  /** When the list's reduction was announced, if that was before it began. */
  readonly announced?: number
  /** How the price before it is found, where the list says so. */
  readonly priorPrice?: PriorPriceRule
  /** Whether the list's prices are before tax or with it. */
  readonly tax?: PriceList["tax"]
}

/** Where the public buys. */
export interface PublicPlace {
  readonly currency: Currency
  readonly channel?: string
  readonly country?: string
}

/**
 * What one unit of a variant cost the public, moment by moment, from the first known price on; equal neighbours are one step. Lists begin and end here by
 * their dates as they were known at each moment, so nothing has to happen when they do. Steps after now are what is scheduled. With `since` only what
 * held from then on: its first step may have begun before.
 */
export const priceTimeline = (
  { base, lists }: PriceHistory,
  place: PublicPlace,
  choose: ChoosePrice = choosePrice,
  since = -Infinity
): ReadonlyArray<PriceStep> => {
  const known = { base, lists: lists.filter(({ versions }) => versions.some(({ until = Infinity }) => until > since)) }
  const all = breakpoints(known)
  const later = all.filter((at) => at > since)
  const steps: Array<PriceStep> = []
  for (const at of later.length === all.length ? all : [since, ...later]) {
    const step = stepAt(known, place, at, choose)
    const last = steps.at(-1)
    if (last === undefined ? step.amount !== undefined : !isSameStep(last, step)) steps.push(step)
  }
  return steps
}

const breakpoints = ({ lists, base }: PriceHistory): ReadonlyArray<number> => {
  const all = [
    ...base.map(({ at }) => at),
    ...lists.flatMap(({ versions, changes }) => [
      ...changes.map(({ at }) => at),
      ...versions.flatMap(({ at, from = at, until = at }) => [at, from, until])
    ])
  ]
  return [...new Set(all)].sort((a, b) => a - b)
}

const stepAt = ({ lists, base }: PriceHistory, place: PublicPlace, at: number, choose: ChoosePrice): PriceStep => {
  const { currency, channel, country } = place
  const held = new Map<string, ListVersion>()
  const candidates = [...baseCandidates(inForce(base, at)?.prices ?? [], place)]
  for (const { list, versions, changes } of lists) {
    const version = inForce(versions, at)
    if (version === undefined || list.currency !== currency || !holds(version, place, at)) continue
    const amount = inForce(changes, at)?.amount
    if (amount === undefined) continue
    held.set(list.id, version)
    // All but what a list can never change is as it was then.
    const { id, tax } = list
    candidates.push(candidateOf(list, candidateList({ ...version, id, currency, tax }), amount, []))
  }
  const on = channel === undefined ? {} : { channel }
  const chosen = choose(candidates, { now: at, currency, ...on, audience: { ...on, ...(country === undefined ? {} : { country }) } })
  if (chosen === undefined) return { from: at }
  const { amount, list } = chosen
  const { announced, priorPrice } = held.get(list?.id ?? "") ?? {}
  return {
    from: at,
    amount,
    kind: list?.type ?? "base",
    ...(list === undefined ? {} : { list: list.id, tax: list.entry }),
    ...(announced === undefined ? {} : { announced }),
    ...(priorPrice === undefined ? {} : { priorPrice })
  }
}

/** The last change up to a moment. Every step of a timeline asks every list, so it is searched by halves. */
const inForce = <T extends { readonly at: number }>(changes: ReadonlyArray<T>, at: number): T | undefined => {
  let [low, high] = [0, changes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (changes[middle]!.at <= at) low = middle + 1
    else high = middle
  }
  return changes[low - 1]
}

const isSameStep = (a: PriceStep, b: PriceStep): boolean =>
  a.amount === b.amount && a.kind === b.kind && a.list === b.list && a.announced === b.announced && isSame(a.priorPrice, b.priorPrice)
