import { START, StoreUnavailable, type Position } from "@omni/core"

/** Positions are counts of one scope, in sixteen digits so that they compare as text. */
export const toPosition = (count: number): Position => (count === 0 ? START : (String(count).padStart(16, "0") as Position))

/** `NaN` for a position that this store never gave, which equals nothing in the file. */
export const toCount = (position: Position): number => (position === START ? 0 : position.length === 16 ? Number(position) : Number.NaN)

/** For cursors: one that this store never gave is an error. */
export const cursorOf = (position: Position): number => {
  const count = toCount(position)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new StoreUnavailable({
    message: `"${position}" is no position of this store. Start from "" or from one that it answered.`,
    cause: position,
    final: true
  })
}
