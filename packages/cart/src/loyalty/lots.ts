import type { Member, PointsLot } from "./model.ts"

/** The most lots that a member keeps; beyond that the oldest become one. */
const MOST_LOTS = 1_000

/** What a member has: what can be spent now, and what will be. */
export interface Points {
  readonly available: number
  readonly pending: number
}

/** What a member can spend at a moment. What is owed comes off what is available, and then off what is pending. */
export const pointsOf = ({ lots, owed }: Pick<Member, "lots" | "owed">, now: number): Points => {
  const sum = (some: ReadonlyArray<PointsLot>) => some.reduce((total, { left }) => total + left, 0)
  const live = lots.filter((lot) => !isOver(lot, now))
  const available = sum(live.filter(({ availableAt }) => availableAt <= now))
  const pending = sum(live.filter(({ availableAt }) => availableAt > now))
  return { available: Math.max(0, available - owed), pending: Math.max(0, pending - Math.max(0, owed - available)) }
}

/** All that the ledger has entries of. */
export const balanceOf = ({ lots, owed }: Pick<Member, "lots" | "owed">): number => lots.reduce((sum, { left }) => sum + left, 0) - owed

/** Whether the time of points is up. */
export const isOver = ({ expiresAt }: PointsLot, now: number): boolean => expiresAt !== undefined && expiresAt <= now

/** Takes so many from the lots for which it may, those that expire first and then the oldest first; answers what it could not take too. */
export const takeFrom = (
  lots: ReadonlyArray<PointsLot>,
  points: number,
  may: (lot: PointsLot) => boolean
): { readonly lots: ReadonlyArray<PointsLot>; readonly missing: number } => {
  let missing = points
  const taken = new Map<string, number>()
  for (const lot of lots.filter(may).sort((a, b) => end(a) - end(b) || a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : 1))) {
    const some = Math.min(missing, lot.left)
    if (some > 0) taken.set(lot.id, some)
    missing -= some
  }
  return { lots: lots.map((lot) => ({ ...lot, left: lot.left - (taken.get(lot.id) ?? 0) })), missing }
}

const end = ({ expiresAt = Infinity }: PointsLot): number => expiresAt

/** Lots without those that say nothing any more: used up, too old to count towards a tier, and of no order that may come back. */
export const tidied = (lots: ReadonlyArray<PointsLot>, since: number): ReadonlyArray<PointsLot> => {
  const kept = lots.filter((lot) => lot.left > 0 || lot.earnedAt > since)
  if (kept.length <= MOST_LOTS) return kept
  const [a, b, ...others] = [...kept].sort((x, y) => x.earnedAt - y.earnedAt)
  if (a === undefined || b === undefined) return kept
  // The later of two ends, so that nobody loses by it.
  const { order: _, total: _t, down: _d, earned: _e, expiresAt: _x, ...rest } = b
  const later = Math.max(end(a), end(b))
  const one = { ...rest, points: a.points + b.points, left: a.left + b.left, ...(later === Infinity ? {} : { expiresAt: later }) }
  return tidied([one, ...others], since)
}

/** Points that count towards a tier. */
export const qualifying = (lots: ReadonlyArray<PointsLot>, since: number): number =>
  lots.reduce((sum, { points, earnedAt }) => sum + (earnedAt > since ? points : 0), 0)
