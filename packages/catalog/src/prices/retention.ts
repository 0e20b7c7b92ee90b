import { days } from "@omni/core"

/** How long former prices are kept: the 30 days before a reduction that is announced for up to a year. */
export const RETENTION = days(400)

/** The most former values that are kept of one price, the newest. */
const MOST = 1_000

/**
 * A history with one more change, without what nobody asks for any more. A change at the same moment takes the place of the one there is; one that is told
 * late, as of an earlier moment, comes to stand where it belongs.
 */
export const recorded = <C extends { readonly at: number }>(history: ReadonlyArray<C>, change: C): ReadonlyArray<C> => {
  const all = [...history.filter(({ at }) => at < change.at), change, ...history.filter(({ at }) => at > change.at)]
  const newest = all.at(-1)!.at
  // The last one before the cut still says what held at it.
  const first = all.findLastIndex(({ at }) => at <= newest - RETENTION)
  return all.slice(Math.max(0, first, all.length - MOST))
}
