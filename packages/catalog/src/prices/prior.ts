import { days, type Duration } from "@omni/core"

import type { PriceStep } from "./timeline.ts"

/** How the price before a reduction is found. */
export interface PriorPriceRule {
  /** The period before the reduction whose lowest price counts: 30 days unless told, which is the least that the directive allows. */
  readonly window?: Duration
  /**
   * Whether a reduction that is increased step by step keeps the price from before its first step (Article 6a(5), where a member state has made use of
   * it). Not unless told: each step is a reduction of its own.
   */
  readonly progressive?: boolean
  /** Nothing has to be told beside a reduction: of goods that perish, where a member state has made use of Article 6a(3). Not unless told. */
  readonly exempt?: boolean
}

/** What a reduction may be compared with. */
export interface Reduction {
  /** When it was announced: its beginning, or earlier where its list says so. */
  readonly announced: number
  readonly amount: number
  /** The list that reduces it. */
  readonly list?: string
  /** The lowest price of the period before; absent when there was none, or when it need not be told. A reduction is one only if it lies below. */
  readonly prior?: number
  /** When the price is first known in that period: later than its beginning for what has not been on sale for so long. */
  readonly knownFrom?: number
  /** Present when the prior price need not be told. */
  readonly exempt?: true
}

/** What one unit costs, and has cost. */
export interface LowestPrice {
  readonly amount?: number
  /** The lowest price of the period before now, what it costs now included. */
  readonly lowest?: number
  /** Present while the price is that of a sale list. */
  readonly reduction?: Reduction
}

/**
 * What a shop has to tell beside a price at a moment: while a reduction is announced, the lowest price in the 30 days before it was. Source: Directive
 * 98/6/EC, Article 6a, and the Commission's guidance on it (OJ C 526, 29.12.2021). Prices for companies and customer groups are not the public's and do
 * not count; nor do prices before tax count for one with tax, or the other way round. A list's own rule goes before `rule`, field by field.
 */
export const lowestPrice = (timeline: ReadonlyArray<PriceStep>, at: number, rule: PriorPriceRule = {}): LowestPrice => {
  const { step, announced, window, exempt } = periodOf(timeline, at, rule)
  // What holds at `at` itself is in the period that ends with it.
  const lowest = lowestBetween(timeline, at - window, at + 1, step).amount
  if (step?.amount === undefined) return lowest === undefined ? {} : { lowest }
  const told = { amount: step.amount, ...(lowest === undefined ? {} : { lowest }) }
  if (step.kind !== "sale") return told
  const prior = exempt ? {} : lowestBetween(timeline, announced - window, announced, step)
  return {
    ...told,
    reduction: {
      announced,
      amount: step.amount,
      ...(step.list === undefined ? {} : { list: step.list }),
      ...(prior.amount === undefined ? {} : { prior: prior.amount, knownFrom: prior.knownFrom! }),
      ...(exempt ? { exempt } : {})
    }
  }
}

/** The price at a moment, when it was announced if it is reduced (else that moment), and the period before that counts: its length, and when it begins. */
export const periodOf = (timeline: ReadonlyArray<PriceStep>, at: number, rule: PriorPriceRule = {}) => {
  const now = timeline.findLastIndex(({ from }) => from <= at)
  const step = timeline[now]
  const { window = days(30), progressive = false, exempt = false } = { ...rule, ...step?.priorPrice }
  const first = step?.kind === "sale" ? firstOf(timeline, now, progressive) : undefined
  const announced = first === undefined ? at : Math.min(first.announced ?? first.from, first.from)
  return { step, announced, window, exempt, from: announced - window }
}

/** The lowest price from a moment until before another, of those that are like one with or without tax, and from when on there is one. */
const lowestBetween = (
  timeline: ReadonlyArray<PriceStep>,
  from: number,
  until: number,
  one: PriceStep | undefined
): { readonly amount?: number; readonly knownFrom?: number } => {
  let amount: number | undefined
  let knownFrom: number | undefined
  for (const [index, step] of timeline.entries()) {
    const end = timeline[index + 1]?.from ?? Infinity
    if (step.amount === undefined || step.from >= until || end <= from) continue
    // A variant's own price is as the shop's tax policy says, which the catalog does not know.
    if (step.tax !== undefined && one?.tax !== undefined && step.tax !== one.tax) continue
    amount = Math.min(amount ?? Infinity, step.amount)
    knownFrom ??= Math.max(step.from, from)
  }
  return amount === undefined ? {} : { amount, knownFrom: knownFrom! }
}

/** The first step of the reduction that one is part of: it has been the same since, or, where that is allowed, has only been increased. */
const firstOf = (timeline: ReadonlyArray<PriceStep>, now: number, progressive: boolean): PriceStep => {
  let at = now
  while (at > 0 && isPartOf(timeline[at - 1]!, timeline[at]!, progressive)) at--
  return timeline[at]!
}

const isPartOf = (before: PriceStep, step: PriceStep, progressive: boolean): boolean => {
  if (before.kind !== "sale" || before.amount === undefined) return false
  if (progressive) return before.amount >= step.amount!
  return before.amount === step.amount && before.list === step.list && before.announced === step.announced
}
