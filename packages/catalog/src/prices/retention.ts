import { days } from "@omni/core"

/** How long former prices are kept: the 30 days before a reduction that is announced for up to a year. */
export const RETENTION = days(400)

/** The most former values that are kept of one price, the newest. */
const MOST = 1_000

/** A history with one more change at its end, without what nobody asks for any more. A change at the same moment takes the place of the last. */
export const recorded = <C extends { readonly at: number }>(history: ReadonlyArray<C>, change: C): ReadonlyArray<C> => {
  const before = history.at(-1)?.at === change.at ? history.slice(0, -1) : history
  const all = [...before, change]
  // The last one before the cut still says what held at it.
  const first = all.findLastIndex(({ at }) => at <= change.at - RETENTION)
  return all.slice(Math.max(0, first, all.length - MOST))
}
