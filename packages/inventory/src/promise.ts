import type { Instant } from "@omni/core"

import type { IncomingRow } from "./inbound-model.ts"

/** How many can be had by an instant, all in all: what is there and what has come by then, less what is promised. */
export interface Promised {
  readonly at: Instant
  readonly quantity: number
}

/**
 * Available to promise over time (APICS: cumulative ATP): what is available now, and what is announced, less what is promised beyond
 * what is there: that is served first. What is overdue is not counted on until it has a new date.
 */
export const availableToPromise = (available: number, due: IncomingRow["due"], now: Instant): ReadonlyArray<Promised> => {
  const dates = new Map<number, number>()
  for (const { expectedAt, quantity } of due) if (expectedAt > now) dates.set(expectedAt, (dates.get(expectedAt) ?? 0) + quantity)
  let sum = available
  return [...dates]
    .sort(([a], [b]) => a - b)
    .map(([at, quantity]) => ({ at, quantity: Math.max(0, (sum += quantity)) }))
    .filter(({ quantity }) => quantity > Math.max(0, available))
}
