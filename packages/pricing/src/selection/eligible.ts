import type { Audience, PriceCandidate, PriceFacts, PriceListFacts, PriceRefusal } from "./candidate.ts"

/** Why a price does not count for these facts; nothing when it does. */
export const refusalOf = (price: PriceCandidate, facts: PriceFacts): PriceRefusal | undefined => {
  if (price.currency !== facts.currency) return { code: "currency" }
  const { channel, list } = price
  if (channel !== undefined && !meets(channel, valueOf(facts, "channel"))) return { code: "audience", name: "channel" }
  const missed = missedOf(price.for, facts) ?? missedOf(list?.for, facts)
  if (missed !== undefined) return { code: "audience", name: missed }
  const late = timeOf(price, facts.now) ?? (list === undefined ? undefined : timeOf(list, facts.now))
  if (late !== undefined) return { code: late }
  const quantity = quantityFor(price, facts)
  if (price.minQuantity !== undefined && (quantity ?? 1) < price.minQuantity) return { code: "quantity-below" }
  if (price.maxQuantity !== undefined && quantity !== undefined && quantity > price.maxQuantity) return { code: "quantity-above" }
  return undefined
}

/** The quantity that reaches a price's tiers and bounds. */
export const quantityFor = ({ counts }: PriceCandidate, { quantity, productQuantity }: PriceFacts): number | undefined =>
  counts === "product" ? (productQuantity ?? quantity) : quantity

/** Whether a price in this currency counts whoever buys when and however many: most do, and then there is nothing else to look at. */
export const isForAll = (price: PriceCandidate, currency: string): boolean =>
  price.currency === currency &&
  price.channel === undefined &&
  price.for === undefined &&
  price.list === undefined &&
  price.from === undefined &&
  price.until === undefined &&
  price.minQuantity === undefined &&
  price.maxQuantity === undefined

/** How much of the audience a price asks for, with its list. */
export const specificity = ({ channel, for: own, list }: PriceCandidate): number => {
  if (own === undefined && list === undefined) return channel === undefined ? 0 : 1
  return (channel === undefined ? 0 : 1) + countOf(own) + countOf(list?.for)
}

const countOf = (audience: Audience | undefined): number => (audience === undefined ? 0 : Object.keys(audience).length)

const timeOf = ({ from, until }: Pick<PriceListFacts, "from" | "until">, now: number): "not-begun" | "over" | undefined =>
  from !== undefined && now < from ? "not-begun" : until !== undefined && now >= until ? "over" : undefined

const missedOf = (wanted: Audience | undefined, facts: PriceFacts): string | undefined => {
  if (wanted !== undefined) for (const name of Object.keys(wanted)) if (!meets(wanted[name]!, valueOf(facts, name))) return name
  return undefined
}

const valueOf = ({ channel, audience }: PriceFacts, name: string): string | ReadonlyArray<string> | undefined => {
  if (name === "channel" && channel !== undefined) return channel
  return audience !== undefined && Object.hasOwn(audience, name) ? audience[name] : undefined
}

const meets = (wanted: string | ReadonlyArray<string>, actual: string | ReadonlyArray<string> | undefined): boolean => {
  if (actual === undefined) return false
  if (typeof wanted !== "string") return wanted.some((one) => meets(one, actual))
  return typeof actual === "string" ? wanted === actual : actual.includes(wanted)
}
