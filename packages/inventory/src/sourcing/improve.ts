import { branch } from "./branch.ts"
import { lackingOf } from "./cover.ts"
import type { Dual } from "./dual.ts"
import { priceOf, type Search } from "./run.ts"
import type { Second } from "./second.ts"

/** Takes every step that makes the best choice better, dropping, exchanging or adding a location, until there is none. */
export const descend = (run: Search): void => {
  let again = true
  while (again && run.work > 0) again = drop(run) || exchange(run) || add(run)
}

/** So many locations are closed at once for a part of the best choice to be built again. */
const PART = 5

/** So much work goes into building a part again, at most. */
const PART_WORK = 60_000

/** So many times in vain, and the best choice is left as it is. */
const PATIENCE = 300

/** Closes a part of the best choice and looks for the best way to build it again, over and over, as long as work is left. */
export const rebuild = (run: Search, dual: Dual, isCheapest: boolean, second: Second | undefined): void => {
  const random = randomFrom(1)
  for (let vain = 0; vain < PATIENCE && run.work > 0; vain++) {
    const cheaper = !isCheapest && vain % 2 === 0
    const from = run.best.open.slice()
    const some = chosen(run)
    if (some.length === 0) return
    const many = Math.min(some.length, 2 + Math.floor(random() * (cheaper ? 2 * PART : PART - 1)))
    for (let i = 0; i < many; i++) from[some[Math.floor(random() * some.length)]!] = 0
    const { score } = run.best
    const limit = () => (cheaper ? run.price - 1 : run.price)
    branch(run, dual, { from, limit, work: Math.min(PART_WORK, run.work), ...(cheaper || second === undefined ? {} : { second }) })
    if (run.best.score !== score) {
      descend(run)
      vain = 0
    }
    run.spend(run.cost)
  }
}

const drop = (run: Search): boolean => {
  let better = false
  for (const l of chosen(run)) {
    const open = run.best.open.slice()
    open[l] = 0
    if (run.work > 0) better = run.offer(open) || better
  }
  return better
}

const exchange = (run: Search): boolean => {
  const { cover } = run
  const covered = missing(run, run.best.open).length === 0
  for (const l of chosen(run)) {
    const without = run.best.open.slice()
    without[l] = 0
    const short = missing(run, without)
    run.spend(without.length * (1 + short.length))
    for (let other = 0; other < without.length; other++) {
      if (other === l || without[other] === 1 || run.work <= 0) continue
      if (
        covered &&
        (priceOf(cover, without) + cover.price[other]! > run.price || short.some(([i, left]) => givenOf(run, other, i) < left))
      )
        continue
      without[other] = 1
      if (run.offer(without)) return true
      without[other] = 0
    }
  }
  return false
}

/** Another location is worth its price only where pieces cost something by the same rule, or where not all is served. */
const add = (run: Search): boolean => {
  const { best, cover } = run
  if (cover.whole && missing(run, best.open).length === 0) return false
  for (let l = 0; l < best.open.length; l++) {
    if (best.open[l] === 1 || run.work <= 0) continue
    const open = best.open.slice()
    open[l] = 1
    if (run.offer(open)) return true
  }
  return false
}

const chosen = ({ best, cover }: Search): ReadonlyArray<number> =>
  [...best.open.keys()].filter((l) => best.open[l] === 1 && cover.forced[l] === 0)

/** The rows that a choice does not cover, each with what is lacking. */
const missing = ({ cover }: Search, open: Uint8Array): ReadonlyArray<readonly [number, number]> =>
  [...lackingOf(cover, open).entries()].filter(([, left]) => left > 0)

const givenOf = ({ cover }: Search, location: number, row: number): number => {
  const { rows, gives } = cover.columns[location]!
  return gives[rows.indexOf(row)] ?? 0
}

/** Numbers from 0 to 1 that are always the same (xorshift32, G. Marsaglia, 2003). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}
