import { START, StoreUnavailable, type Position } from "@omni/core"

/** Positions are counts of one scope, in sixteen digits so that they compare as text. */
export const toPosition = (count: string | number): Position =>
  Number(count) === 0 ? START : (String(count).padStart(16, "0") as Position)

/** -1 for a position that this store never gave, which no row has. */
export const toCount = (position: Position): number => (/^\d{16}$/.test(position) ? Number(position) : -1)

/** For cursors: one that this store never gave is an error. */
export const cursorOf = (position: Position): number => {
  if (position === START) return 0
  const count = toCount(position)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new StoreUnavailable({
    message: `"${position}" is no position of this store. Start from "" or from one that it answered.`,
    cause: position,
    final: true
  })
}
