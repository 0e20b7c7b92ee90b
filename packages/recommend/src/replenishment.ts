import { days, Id, type Instant, type Operation, operation, query, type Tx } from "@omni/core"
import * as z from "zod"

import { withoutAbsent } from "./absent.ts"
import type { History } from "./learn/history.ts"
import type { ItemRow } from "./learn/model.ts"
import { type Due, replenish } from "./learn/replenish.ts"
import { ReplenishmentDue, Supplies } from "./model.ts"
import { itemRows, servedUnder } from "./models/versions.ts"
import { agreedIds, historyUnder, type Who } from "./person.ts"
import type { Reader } from "./ports.ts"
import type { Settings } from "./settings.ts"

/** Items of a history whose rhythm is looked up at most. */
const LOOKED_UP = 200

/** Something that a customer buys regularly: when it was bought last, every how many days, and when it is expected to run out. */
export interface Supply {
  readonly item: string
  readonly last: Instant
  /** Days between two purchases, one decimal. */
  readonly every: number
  readonly expectedAt: Instant
  /** How many of the customer's own intervals say so; where there are few, those of all customers do. */
  readonly own: number
}

/** Items of a history whose rhythm says when they run out: those that were bought again, the latest first. */
export const boughtAgain = (history: History): ReadonlyArray<string> => {
  const times = new Map<string, number>()
  for (const { items, kind } of history) if (kind === "order") for (const item of items) times.set(item, (times.get(item) ?? 0) + 1)
  return [...times].flatMap(([item, count]) => (count > 1 ? [item] : [])).slice(0, LOOKED_UP)
}

/** What somebody's history says will be bought again, the most overdue first, without what the shop says is not. */
const suppliesOf = (reader: Reader, settings: Settings, who: Who, ids: ReadonlyArray<string>): ReadonlyArray<Supply> => {
  const history = historyUnder(reader, settings, ids)
  const supplies = suppliesIn(history, itemRows(reader, versionFor(reader, settings), boughtAgain(history)), reader.now)
  if (supplies.length === 0) return supplies
  const items = supplies.map(({ item }) => item)
  const facts = settings.items(reader, items, { ...withoutAbsent(who), items: [], cart: [], locale: "en" })
  return supplies.filter((_, at) => facts[at]?.repeatable !== false)
}

/** What a history says will be bought again, by what is known of its items. */
export const suppliesIn = (history: History, rows: ReadonlyMap<string, ItemRow>, now: number): ReadonlyArray<Supply> => {
  const rhythms = new Map([...rows].flatMap(([item, { rhythm }]) => (rhythm === undefined ? [] : [[item, rhythm] as const])))
  return replenish(history, rhythms, now).map(supplyOf)
}

const supplyOf = ({ expectedAt, interval, item, last, own }: Due): Supply => ({
  item,
  last,
  every: Math.round((interval / days(1)) * 10) / 10,
  expectedAt: Math.round(expectedAt),
  own
})

/** The version that says what runs out: that of "main", or of the first model there is. */
const versionFor = (reader: Reader, { models }: Settings): string | undefined =>
  servedUnder(reader, models.has("main") ? "main" : ([...models.keys()][0] ?? "main"))?.version

/** A customer or session, and within how many days from now things have to run out: what has, and what will be soon. */
const Replenishment = z
  .object({
    customer: Id.exactOptional(),
    session: Id.exactOptional(),
    within: z.number().min(0).max(3_650).exactOptional(),
    limit: z.int().min(0).max(1_000).exactOptional()
  })
  .readonly()

/** What a customer buys regularly, with the expected date. Empty without consent to personalisation. */
export const replenishing = (settings: Settings) =>
  query("recommend.replenishment", Replenishment, function* (view, { limit = 50, within, ...who }) {
    const ids = agreedIds(view, settings, who)
    if (ids.length === 0) return []
    const supplies = suppliesOf(view, settings, who, ids)
    const until = within === undefined ? Infinity : view.now + days(within)
    return supplies.filter(({ expectedAt }) => expectedAt <= until).slice(0, limit)
  })

const Watch = z.object({ customer: Id, after: z.number() })

/** Looks at a customer's supplies, from inside another operation; in place of those of `instead`, who turned out to be the same customer. */
export type WatchSupplies = (tx: Tx, customer: string, instead?: string) => void

/** The key of a customer's timer. */
export const watchKey = (customer: string): string => `recommend.watchSupplies ${customer}`

/**
 * The timer that tells of what runs out, and looks again when the next thing will: one for each customer. A purchase replaces it, so what was bought
 * anew is not told. Until when everything was told is a row, so a purchase that comes before a late timer takes nothing away; `after` is that until there is one.
 */
export const watchingSupplies = (settings: Settings) => {
  const before = settings.replenishBefore
  const watch: Operation<z.output<typeof Watch>> = operation(
    "recommend.watchSupplies",
    { input: Watch, personal: ({ customer }) => customer },
    function* (tx, { after, customer }) {
      const ids = agreedIds(tx, settings, { customer })
      const [person] = ids
      if (person === undefined || before === undefined) return
      const supplies = suppliesOf(tx, settings, { customer }, ids)
      if (supplies.length === 0) return
      const tellAt = ({ expectedAt }: Supply): number => expectedAt - before
      const toldUntil = tx.get(Supplies, person)?.toldUntil ?? after
      const due = supplies.filter((supply) => tellAt(supply) > toldUntil && tellAt(supply) <= tx.now)
      tx.put(Supplies, person, { person, toldUntil: tx.now })
      const items = due.slice(0, LOOKED_UP).map(({ every, expectedAt, item }) => ({ item, every, expectedAt }))
      if (items.length > 0) tx.emit(ReplenishmentDue, customer, { customer, items })
      const next = Math.min(...supplies.map(tellAt).filter((at) => at > tx.now))
      if (Number.isFinite(next)) schedule(tx, customer, next, tx.now)
    }
  )
  const schedule = (tx: Tx, customer: string, at: number, after: number): void => {
    tx.schedule(at, watch, { customer, after }, { key: watchKey(customer), subject: customer })
  }
  const look: WatchSupplies = (tx, customer, instead) => {
    if (before === undefined) return
    if (instead !== undefined) tx.cancel(watchKey(instead))
    schedule(tx, customer, tx.now, tx.now)
  }
  return { watch, look }
}
