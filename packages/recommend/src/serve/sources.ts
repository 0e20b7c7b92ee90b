import type { Because, ItemRow } from "../learn/model.ts"
import { forYou, together } from "../learn/recommend.ts"
import type { ItemFacts } from "../ports.ts"
import { suppliesIn } from "../replenishment.ts"
import { type DecidedSlot, MOST, type Source } from "../slot.ts"
import type { Gathered } from "./gather.ts"
import type { ReasonFacts } from "./reasons.ts"

/** Something that may be shown, and why. `fits` is asked once it is known what the item is. */
export interface Candidate {
  readonly item: string
  readonly source: Source
  readonly reason: ReasonFacts
  readonly fits?: (facts: ItemFacts) => boolean
}

/** How many candidates a source gives for each item that is asked for, and beyond. */
const MORE = 3
const AT_LEAST = 30

type Find = (gathered: Gathered, slot: DecidedSlot) => ReadonlyArray<Candidate>

const related: Find = ({ related: relations }) =>
  relations.flatMap(({ from, kind, to }): ReadonlyArray<Candidate> => {
    if (kind === "cross-sell") return [{ item: to, source: "related", reason: { code: "goes-with", item: from } }]
    return kind === "accessory" ? [{ item: to, source: "related", reason: { code: "accessory-of", item: from } }] : []
  })

const upSell: Find = ({ better, related: relations }) => [
  ...relations.flatMap(({ from, kind, to }): ReadonlyArray<Candidate> => {
    const text = better.find((one) => one.from === from && one.item === to)?.text
    const reason = { code: "better-than", item: from, ...(text === undefined ? {} : { text }) } as const
    return kind === "up-sell" ? [{ item: to, source: "up-sell", reason }] : []
  }),
  ...better.map(({ from, item, text }): Candidate => ({
    item,
    source: "up-sell",
    reason: { code: "better-than", item: from, ...(text === undefined ? {} : { text }) }
  }))
]

/** What the catalogue declares in place of what is sold out; then what is nearest to it and of the same category. */
const substitutes: Find = ({ facts, related: relations, rows, soldOut }) =>
  [...soldOut].flatMap((gone) => {
    const reason = { code: "in-place-of", item: gone } as const
    const declared = relations.filter(({ from, kind }) => kind === "substitute" && from === gone)
    const category = facts.get(gone)?.categories[0]
    const near = category === undefined ? [] : (rows.get(gone)?.items ?? [])
    return [
      ...declared.map(({ to }): Candidate => ({ item: to, source: "substitutes", reason })),
      ...near.map((item): Candidate => ({ item, source: "substitutes", reason, fits: ({ categories }) => categories[0] === category }))
    ]
  })

const learntReason = (because: Because, gathered: Gathered, otherwise: (item: string) => ReasonFacts): ReasonFacts => {
  if (because.reason === "popular") return { code: "popular" }
  if (because.reason === "again") return { code: "bought-before", times: because.times, last: because.last }
  const { item, of, together: count } = because
  return count >= gathered.atLeast && of > 0 ? { code: "bought-with", item, together: count, of } : otherwise(item)
}

const boughtWith: Find = (gathered, slot) =>
  together(rowsOf(gathered), gathered.context, { limit: enough(slot), exclude: gathered.present }).map(({ because, item }) => ({
    item,
    source: "together",
    reason: learntReason(because, gathered, (from) => ({ code: "chosen-with", item: from }))
  }))

const personal: Find = (gathered, slot) => {
  const { history, now, popular, present } = gathered
  if (history.length === 0) return []
  const bought = new Set(history.flatMap(({ items, kind }) => (kind === "order" ? items : [])))
  const own = popular.find(({ season }) => season === "")
  const repeats = slot.repeats ? "both" : "new"
  const found = forYou({ ...rowsOf(gathered), ...(own === undefined ? {} : { popular: own }) }, history, {
    now,
    limit: enough(slot),
    exclude: present,
    repeats
  })
  return found
    .filter(({ because }) => because.reason !== "popular" || slot.sources.includes("popular"))
    .map(({ because, item }) => ({
      item,
      source: because.reason === "popular" ? "popular" : "for-you",
      reason: learntReason(because, gathered, (from) => ({ code: bought.has(from) ? "goes-with-yours" : "like-seen", item: from }))
    }))
}

/** What runs out within a quarter of the time that it lasts, the most overdue first, unless it is not bought again. */
const again: Find = ({ history, now, rows }) =>
  suppliesIn(history, rows, now)
    .filter(({ every, expectedAt }) => expectedAt <= now + (every * 86_400_000) / 4)
    .map(({ every, expectedAt, item, last }) => ({
      item,
      source: "again",
      reason: { code: "buy-again", every, expectedAt, last },
      fits: ({ repeatable }) => repeatable !== false
    }))

/** How long ago (ms) somebody has looked at something lately. */
const LATELY = 90 * 86_400_000

/** What somebody looked at lately and did not buy since, the latest first. */
const viewed: Find = ({ history, now }) => {
  const bought = new Map<string, number>()
  for (const { at, items, kind } of history)
    if (kind === "order") for (const item of items) bought.set(item, Math.max(at, bought.get(item) ?? 0))
  return history
    .filter(({ at, kind }) => kind === "view" && at > now - LATELY)
    .flatMap(({ at, items }) => items.map((item) => ({ at, item })))
    .filter(({ at, item }) => at >= (bought.get(item) ?? -Infinity))
    .map(({ at, item }) => ({ item, source: "viewed", reason: { code: "viewed", at } }))
}

const popularNow: Find = ({ popular }, slot) =>
  popular.flatMap(({ items, season, segment }) =>
    items.slice(0, MOST + enough(slot)).map((item): Candidate => ({
      item,
      source: "popular",
      reason: { code: "popular", ...(segment === "" ? {} : { segment }), ...(season === "" ? {} : { season }) }
    }))
  )

const FIND: { readonly [S in Source]: Find } = {
  related,
  substitutes,
  "up-sell": upSell,
  together: boughtWith,
  "for-you": personal,
  again,
  viewed,
  popular: popularNow
}

const enough = ({ limit }: DecidedSlot): number => limit * MORE + AT_LEAST

const rowsOf = ({
  rows,
  served
}: Gathered): { readonly items: ReadonlyMap<string, ItemRow>; readonly settings?: NonNullable<Gathered["served"]>["settings"] } => ({
  items: rows,
  ...(served === undefined ? {} : { settings: served.settings })
})

/** What the sources of a slot find, in their order; an item stands where it was found first. */
export const candidatesOf = (gathered: Gathered, slot: DecidedSlot): ReadonlyMap<string, ReadonlyArray<Candidate>> => {
  const found = new Map<string, Array<Candidate>>()
  for (const source of slot.sources)
    for (const one of FIND[source](gathered, slot)) {
      const known = found.get(one.item)
      if (known === undefined) found.set(one.item, [one])
      else if (!known.some(({ reason }) => reason.code === one.reason.code)) known.push(one)
    }
  return found
}
