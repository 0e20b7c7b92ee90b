import { pairText, readPairs, writePairs } from "./pairs.ts"

/**
 * When what is reserved lapses: pairs of an instant and a quantity, earliest first, on the stock's own row, so that the stock of a hold
 * whose time is up is available at once, without its timer and without reading the hold.
 *
 * When the text gets long, which it does with 18 instants or more, those that lie closest become the later of them, until 16 are left.
 * So what has lapsed is never said too early, and on a stock of very many holds perhaps a little late; at the latest when the timer has
 * run. What lapses at any instant is never more than what the holds that end by then keep.
 */
const LEFT = 16
const LONG = 288

/** How many have lapsed by `now`. */
export const lapsedBy = (lapses: string | undefined, now: number): number => {
  // The first instant is what the text begins with: most often nothing has lapsed.
  if (lapses === undefined || parseInt(lapses, 36) > now) return 0
  const pairs = readPairs(lapses)
  let sum = 0
  for (let i = 0; i < pairs.length && pairs[i]! <= now; i += 2) sum += pairs[i + 1]!
  return sum
}

/** Adds what lapses at an instant. */
export const withLapse = (lapses: string | undefined, at: number, quantity: number): string => {
  if (lapses === undefined) return pairText(at, quantity)
  // Most holds live equally long, so that a new one comes last, or together with the last.
  const start = lapses.lastIndexOf(" ") + 1
  const last = parseInt(lapses.slice(start), 36)
  if (at === last) return lapses.slice(0, start) + pairText(at, quantity + parseInt(lapses.slice(lapses.indexOf(":", start) + 1), 36))
  if (at > last && lapses.length < LONG) return `${lapses} ${pairText(at, quantity)}`
  const next = readPairs(lapses)
  let i = next.length
  while (i > 0 && next[i - 2]! >= at) i -= 2
  if (next[i] === at) next[i + 1]! += quantity
  else next.splice(i, 0, at, quantity)
  if (lapses.length >= LONG) while (next.length > 2 * LEFT) merge(next)
  return writePairs(next)!
}

/** Takes back what was to lapse at an instant: from there on, as far as it has gone into later ones. */
export const withoutLapse = (lapses: string | undefined, at: number, quantity: number): string | undefined => {
  const pairs = readPairs(lapses)
  const next: Array<number> = []
  let rest = quantity
  for (let i = 0; i < pairs.length; i += 2) {
    const taken = pairs[i]! < at ? 0 : Math.min(rest, pairs[i + 1]!)
    rest -= taken
    if (pairs[i + 1]! > taken) next.push(pairs[i]!, pairs[i + 1]! - taken)
  }
  return writePairs(next)
}

/** Makes the two instants that lie closest the later of them. */
const merge = (pairs: Array<number>): void => {
  let closest = 2
  for (let i = 4; i < pairs.length; i += 2) if (pairs[i]! - pairs[i - 2]! < pairs[closest]! - pairs[closest - 2]!) closest = i
  pairs[closest + 1]! += pairs[closest - 1]!
  pairs.splice(closest - 2, 2)
}
