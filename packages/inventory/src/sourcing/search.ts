import { branch } from "./branch.ts"
import { gainOf, give, lackingOf } from "./cover.ts"
import { type Dual, dualOf } from "./dual.ts"
import { descend, rebuild } from "./improve.ts"
import type { Problem } from "./problem.ts"
import { type Choice, priceOf, Search } from "./run.ts"
import { secondOf } from "./second.ts"

/** Searches for the best choice where there are too many to try them all: greedy ones, improved, then branch and bound within limits. */
export const search = (problem: Problem): Choice => {
  const run = new Search(problem)
  const { cover } = run
  run.offer(
    greedy(
      run,
      cover.needs.map((need) => 1 / need)
    )
  )
  if (Number.isFinite(problem.maxParcels)) coverWithFew(run)
  const dual = dualOf(
    cover,
    () => run.price,
    (relaxed, round) => {
      run.spend(20 * cover.needs.length)
      if (round % 3 === 0) suggest(run, relaxed)
    }
  )
  descend(run)
  const proven = cover.whole ? prove(run, dual) : { cheapest: false, best: false, second: undefined }
  if (!proven.best) rebuild(run, dual, proven.cheapest, proven.second)
  return { open: run.best.open, optimal: proven.best && run.isExact }
}

/** First looks only for choices that are cheaper; then for those of the same price that are better by the rules after. */
const prove = (run: Search, dual: Dual) => {
  const from = run.cover.forced
  const cheapest = branch(run, dual, { from, limit: () => run.price - 1, work: run.work * 0.8 })
  if (!cheapest) return { cheapest, best: false, second: undefined }
  const { cover, problem } = run
  const second = secondOf(problem, cover, { price: run.price, score: run.best.score, open: run.best.open }, (open) => {
    run.spend(20 * cover.needs.length)
    const made = pruned(run, greedy(run, dual.row, pruned(run, open)))
    if (priceOf(cover, made) <= run.price) run.offer(made)
  })
  const best = branch(run, dual, { from, limit: () => run.price, work: run.work * 0.9, second })
  return { cheapest, best, second }
}

/** Where only so many parcels may be sent, a choice that serves everything may be hard to come by: it is searched for first. */
const coverWithFew = (run: Search): void => {
  const { cover, problem, best } = run
  if (lackingOf(cover, best.open).every((left) => left <= 0)) return
  const short = best.score[0]!
  run.cover = { ...cover, price: cover.price.map(() => 1) }
  const dual = dualOf(run.cover, () => problem.maxParcels + 1)
  const limit = () => (best.score[0]! < short ? 0 : problem.maxParcels)
  branch(run, dual, { from: cover.forced, limit, work: run.work * 0.4 })
  run.cover = cover
  run.price = priceOf(cover, best.open)
}

/** What the prices of rows make worth opening, completed and pruned, is often a good choice (J. E. Beasley, 1990). */
const suggest = (run: Search, { row, reduced }: Dual): void => {
  const { cover } = run
  const open = cover.forced.map((is, l) => (is === 1 || reduced[l]! < 0 ? 1 : 0))
  const made = pruned(run, greedy(run, row, open))
  if (priceOf(cover, made) <= run.price) run.offer(made)
}

/** Closes what is not needed, the dearest first. */
const pruned = ({ cover }: Search, open: Uint8Array): Uint8Array => {
  const left = lackingOf(cover, open)
  const dearest = [...open.keys()]
    .filter((l) => open[l] === 1 && cover.forced[l] === 0)
    .sort((a, b) => cover.price[b]! - cover.price[a]! || a - b)
  for (const l of dearest) {
    const { rows, gives } = cover.columns[l]!
    if (rows.some((i, j) => left[i]! + gives[j]! > 0)) continue
    give(cover.columns[l]!, left, -1)
    open[l] = 0
  }
  return open
}

/** Opens what covers most for its price until everything is covered that can be, or no more may be opened. */
const greedy = (run: Search, weights: ArrayLike<number>, from: Uint8Array = run.cover.forced): Uint8Array => {
  const { columns, price } = run.cover
  const open = from.slice()
  const left = lackingOf(run.cover, open)
  let parcels = open.reduce((sum, one) => sum + one, 0)
  for (; parcels < run.problem.maxParcels && left.some((rest) => rest > 0); parcels++) {
    run.spend(left.length * 20)
    let best = -1
    let most = 0
    for (let l = 0; l < open.length; l++) {
      const worth = open[l] === 1 ? 0 : (gainOf(columns[l]!, left, weights) + 1e-9 * gainOf(columns[l]!, left, left)) / (price[l]! + 1e-9)
      if (worth > most) [best, most] = [l, worth]
    }
    if (best === -1) break
    open[best] = 1
    give(columns[best]!, left, 1)
  }
  return open
}
