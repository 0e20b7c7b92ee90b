/**
 * When what is reserved lapses: pairs of an instant and a quantity, earliest first, on the stock's own row, so that the stock of a hold
 * whose time is up is available at once, without its timer and without reading the hold.
 *
 * At most 16 instants are kept: then the two that lie closest become the later of them. So what has lapsed is never said too early, and
 * on a stock of very many holds perhaps a little late; at the latest when the timer has run. What lapses at any instant is never more
 * than what the holds that end by then keep.
 */

const LIMIT = 16

/** How many have lapsed by `now`. */
export const lapsedBy = (lapses: ReadonlyArray<number> | undefined, now: number): number => {
  if (lapses === undefined) return 0
  let sum = 0
  for (let i = 0; i < lapses.length && lapses[i]! <= now; i += 2) sum += lapses[i + 1]!
  return sum
}

/** Adds what lapses at an instant. */
export const withLapse = (lapses: ReadonlyArray<number> | undefined, at: number, quantity: number): Array<number> => {
  const next = lapses === undefined ? [] : [...lapses]
  let i = next.length
  while (i > 0 && next[i - 2]! >= at) i -= 2
  if (next[i] === at) next[i + 1]! += quantity
  else next.splice(i, 0, at, quantity)
  return next.length > 2 * LIMIT ? merged(next) : next
}

/** Takes back what was to lapse at an instant: from there on, as far as it has gone into later ones. */
export const withoutLapse = (lapses: ReadonlyArray<number> | undefined, at: number, quantity: number): Array<number> | undefined => {
  const next: Array<number> = []
  let rest = quantity
  for (let i = 0; lapses !== undefined && i < lapses.length; i += 2) {
    const taken = lapses[i]! < at ? 0 : Math.min(rest, lapses[i + 1]!)
    rest -= taken
    if (lapses[i + 1]! > taken) next.push(lapses[i]!, lapses[i + 1]! - taken)
  }
  return next.length === 0 ? undefined : next
}

const merged = (lapses: Array<number>): Array<number> => {
  let closest = 2
  for (let i = 4; i < lapses.length; i += 2) if (lapses[i]! - lapses[i - 2]! < lapses[closest]! - lapses[closest - 2]!) closest = i
  lapses[closest + 1]! += lapses[closest - 1]!
  lapses.splice(closest - 2, 2)
  return lapses
}
