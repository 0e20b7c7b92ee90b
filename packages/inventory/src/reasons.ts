import { type Instant, toIso } from "@omni/core"

/**
 * Why an article is, or is not, to be had: `in-stock`; `backorder`, `preorder`: not now, but it can be promised; `insufficient`: some,
 * but less than asked; `reserved`: there, but all of it promised to others; `kept-back`: there, but not for this channel;
 * `out-of-stock`: kept here, none left; `not-kept-here`: other locations keep it; `unknown-sku`: no location ever did.
 */
export type AvailabilityCode =
  | "in-stock"
  | "backorder"
  | "preorder"
  | "insufficient"
  | "reserved"
  | "kept-back"
  | "out-of-stock"
  | "not-kept-here"
  | "unknown-sku"

/** What a reason rests on. */
export interface AvailabilityFacts {
  readonly requested: number
  readonly available: number
  readonly onHand: number
  readonly reserved: number
  readonly allocated: number
}

/** Why, in a code, the facts and a sentence. */
export interface AvailabilityReason {
  readonly code: AvailabilityCode
  readonly facts: AvailabilityFacts
  readonly sentence: string
}

/** What else a reason looks at: what there is apart from the channel that asks, what can be promised, where else it is. */
export interface Circumstances {
  readonly isKept: boolean
  readonly unseen: number
  readonly promisable: number
  readonly isPreorder: boolean
  readonly elsewhere: { readonly available: number; readonly place: string } | undefined
  readonly next: { readonly at: Instant; readonly quantity: number } | undefined
}

/** The reason for an answer. */
export const reasonOf = (sku: string, facts: AvailabilityFacts, about: Circumstances): AvailabilityReason => {
  const code = codeOf(facts, about)
  const { elsewhere, next } = about
  const more = code === "in-stock" || next === undefined ? "" : ` ${next.quantity} can be had from ${toIso(next.at).slice(0, 10)}.`
  const where = code === "in-stock" || elsewhere === undefined ? "" : ` ${elsewhere.available} at ${elsewhere.place}.`
  return { code, facts, sentence: sentences[code](sku, facts) + more + where }
}

const codeOf = ({ requested, available, onHand }: AvailabilityFacts, about: Circumstances): AvailabilityCode => {
  if (available >= requested) return "in-stock"
  if (about.promisable >= requested) return about.isPreorder ? "preorder" : "backorder"
  if (available > 0) return "insufficient"
  if (!about.isKept) return about.elsewhere === undefined ? "unknown-sku" : "not-kept-here"
  if (about.unseen > 0) return "kept-back"
  return onHand > 0 ? "reserved" : "out-of-stock"
}

const sentences: { readonly [C in AvailabilityCode]: (sku: string, facts: AvailabilityFacts) => string } = {
  "in-stock": (sku, { available }) => `${available} of ${sku} can be had here.`,
  backorder: (sku, { available, requested }) => `${available} of ${sku} can be had here now, and ${requested} can be ordered.`,
  preorder: (sku, { requested }) => `${sku} is not out yet; ${requested} can be ordered beforehand.`,
  insufficient: (sku, { available, requested }) => `Only ${available} of ${sku} can be had here, not ${requested}.`,
  reserved: (sku, { onHand }) => `${onHand} of ${sku} are here, but all are reserved for others.`,
  "kept-back": (sku, { onHand }) => `${onHand} of ${sku} are here, but none for this channel.`,
  "out-of-stock": (sku) => `${sku} is sold out here.`,
  "not-kept-here": (sku) => `${sku} is not kept here.`,
  "unknown-sku": (sku) => `${sku} is not kept anywhere.`
}
