import type { OrderLine, Part } from "./model.ts"
import type { Units } from "./units.ts"

/** Units of a line that something is done to, all of one part, as they were before. */
export interface Move extends Units {
  readonly line: OrderLine
  readonly part: Part
}

/**
 * Up to `quantity` units of a line out of the parts that have a rank: those of the lowest rank first, within it the lowest numbers.
 * Answers them in the order of their numbers.
 */
export const takeUnits = (line: OrderLine, rank: (part: Part) => number | undefined, quantity: number): ReadonlyArray<Move> => {
  let from = 0
  const candidates = line.parts.flatMap((part) => {
    const at = { line, part, from, count: part.count }
    from += part.count
    const rated = rank(part)
    return rated === undefined ? [] : [{ at, rated }]
  })
  let left = quantity
  return candidates
    .sort((a, b) => a.rated - b.rated || a.at.from - b.at.from)
    .flatMap(({ at }) => {
      const count = Math.min(left, at.count)
      left -= count
      return count === 0 ? [] : [{ ...at, count }]
    })
    .sort((a, b) => a.from - b.from)
}

/** The parts of a line after some of its units changed; neighbours that share a fate are one part. `moves` are in the order of their numbers. */
export const changeParts = (parts: ReadonlyArray<Part>, moves: ReadonlyArray<Units & { readonly to: Part }>): ReadonlyArray<Part> => {
  const out: Array<Part> = []
  const push = (part: Part, count: number): void => {
    if (count === 0) return
    const last = out.at(-1)
    if (last !== undefined && sameFate(last, part)) out[out.length - 1] = { ...last, count: last.count + count }
    else out.push({ ...part, count })
  }
  let [from, next] = [0, 0]
  for (const part of parts) {
    const end = from + part.count
    while (moves[next] !== undefined && moves[next]!.from < end) {
      const move = moves[next++]!
      push(part, move.from - from)
      push(move.to, move.count)
      from = move.from + move.count
    }
    push(part, end - from)
    from = end
  }
  return out
}

const sameFate = (a: Part, b: Part): boolean =>
  a.status === b.status && a.fulfilment === b.fulfilment && a.hold === b.hold && a.parcel === b.parcel && a.return === b.return

/** So many pieces of the moves. */
export const countOf = (moves: ReadonlyArray<Units>): number => moves.reduce((sum, { count }) => sum + count, 0)

/** Moves by line, in the order of the lines' first mention. */
export const byLine = <M extends { readonly line: OrderLine }>(
  moves: ReadonlyArray<M>
): ReadonlyArray<{ line: OrderLine; units: ReadonlyArray<M> }> =>
  [...Map.groupBy(moves, ({ line }) => line.id).values()].map((units) => ({ line: units[0]!.line, units }))

/** All units of an order's lines whose part is wanted. */
export const unitsWhere = (lines: ReadonlyArray<OrderLine>, wanted: (part: Part) => boolean): ReadonlyArray<Move> =>
  lines.flatMap((line) => takeUnits(line, (part) => (wanted(part) ? 0 : undefined), Infinity))
