import type { Audience, PriceCandidate } from "./candidates.ts"

/** Who buys one unit where, in the form that the price selection of `@omni/pricing` reads. */
export interface ChoiceFacts {
  readonly now: number
  readonly currency: string
  readonly channel?: string
  readonly audience: Audience
}

/** Chooses the price that holds among candidates that all may; `undefined` only when there is none. */
export type ChoosePrice = (candidates: ReadonlyArray<PriceCandidate>, facts: ChoiceFacts) => PriceCandidate | undefined

/**
 * The rule unless the app gives its own, and that of price selection unless it is told another: a price on a list before one that is on none; then by
 * the list's priority; then the one that asks for more of who buys where; then the lowest; then by id.
 */
export const choosePrice: ChoosePrice = (candidates) =>
  candidates.reduce<PriceCandidate | undefined>(
    (best, candidate) => (best === undefined || isBefore(candidate, best) ? candidate : best),
    undefined
  )

const isBefore = (a: PriceCandidate, b: PriceCandidate): boolean => {
  const [left, right] = [rank(a), rank(b)]
  const at = left.findIndex((value, index) => value !== right[index])
  return at !== -1 && left[at]! < right[at]!
}

const rank = ({ id, amount, channel, list }: PriceCandidate): ReadonlyArray<number | string> => [
  list === undefined ? 1 : 0,
  -(list?.priority ?? 0),
  -((channel === undefined ? 0 : 1) + Object.keys(list?.for ?? {}).length),
  amount,
  id
]
