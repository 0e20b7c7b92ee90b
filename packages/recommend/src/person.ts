import { allOf, type Tx } from "@omni/core"

import type { Basket } from "./learn/basket.ts"
import { type History, mergeHistories } from "./learn/history.ts"
import { type Settings as LearnSettings, settingsOf } from "./learn/settings.ts"
import { Histories, historyId, type HistoryRow, InterestKind } from "./model.ts"
import type { Reader } from "./ports.ts"
import type { Settings } from "./settings.ts"

/** Who is meant: a customer, a session of somebody unknown, both, or nobody known. */
export interface Who {
  readonly customer?: string | undefined
  readonly session?: string | undefined
}

/** The ids that somebody's history lies under, the one that holds first: all those of a customer, and the session. */
export const idsOf = (reader: Reader, settings: Settings, { customer, session }: Who): ReadonlyArray<string> => {
  const ids = customer === undefined ? [] : settings.identities(reader, customer)
  return [...new Set(session === undefined ? ids : [...ids, session])]
}

/**
 * The same, if they agreed to be recommended to personally; else none. A session that did not agree is not one of them: what was remembered of it before is
 * no customer's either.
 */
export const agreedIds = (reader: Reader, settings: Settings, { customer, session }: Who): ReadonlyArray<string> => {
  const agrees = (id: string | undefined) => (): boolean => id !== undefined && settings.consent(reader, id)
  const [customerAgrees, sessionAgrees] = allOf<[boolean, boolean]>(agrees(customer), agrees(session))
  if (!(customer === undefined ? sessionAgrees : customerAgrees)) return []
  return idsOf(reader, settings, { customer, session: sessionAgrees ? session : undefined })
}

/** Whoever acts is named in the log beside what they do: what somebody who did not agree bought or was shown is then not told there. */
export const isNamed = ({ actor }: Tx): boolean => actor.kind === "customer" && actor.id !== undefined

/** How much is remembered of a person: as the first model says. */
export const rememberedBy = ({ models }: Settings): LearnSettings => models.get("main") ?? [...models.values()][0] ?? settingsOf()

/** A basket as a row has it; `back` is what of an order came back. */
export interface RememberedBasket extends Basket {
  readonly back?: ReadonlyArray<string> | undefined
}

/** A row as it is, with the carts that were emptied or ordered, and what came back of orders. */
export const historyOf = (row: HistoryRow | undefined): ReadonlyArray<RememberedBasket> => {
  const { baskets, kind, person } = row ?? {}
  return kind === undefined ? [] : (baskets ?? []).map((basket) => ({ ...basket, kind, ...(person === undefined ? {} : { person }) }))
}

/** A row as learning takes it: the baskets that have something in them. */
export const basketsOf = (row: HistoryRow | undefined): History =>
  historyOf(row).flatMap((one) => {
    const { back: _, ...basket } = one
    return basket.items.length > 0 ? [basket] : []
  })

/** All that is remembered under some ids, latest first. Three keys for each id, in one load. */
export const historyUnder = (reader: Reader, settings: Settings, ids: ReadonlyArray<string>): History =>
  reader
    .getMany(
      Histories,
      ids.flatMap((id) => InterestKind.options.map((kind) => historyId(kind, id)))
    )
    .map(basketsOf)
    .reduce((all, part) => mergeHistories(all, part, rememberedBy(settings)), [])

/** Items of a history's baskets that one row holds: the latest. */
const MOST_ITEMS = 5_000

/** The latest baskets that a row holds, and always the last one. What of two histories is held is held of both together. */
const held = (history: ReadonlyArray<RememberedBasket>): ReadonlyArray<RememberedBasket> => {
  let room = MOST_ITEMS
  const end = history.findIndex(({ items }, at) => (room -= items.length) < 0 && at > 0)
  return end === -1 ? history : history.slice(0, end)
}

/** How long (ms) a cart that was emptied or ordered is remembered as such: news of what was in it before may come late. */
const EMPTIED = 7 * 86_400_000

/** Writes a person's history of a kind; one that is empty goes. */
export const putHistory = (
  tx: Tx,
  kind: InterestKind,
  person: string,
  history: ReadonlyArray<RememberedBasket>,
  segment: string | undefined = tx.get(Histories, historyId(kind, person))?.segment
): void => {
  const id = historyId(kind, person)
  const kept = held(history.filter(({ at: when, back, items }) => items.length > 0 || back !== undefined || when > tx.now - EMPTIED))
  const at = kept[0]?.at
  if (at === undefined) {
    if (tx.get(Histories, id) !== undefined) tx.remove(Histories, id)
    return
  }
  const baskets = kept.map(({ at: when, back, id: basket, items, quantities }) => ({
    id: basket,
    at: when,
    items,
    ...(quantities === undefined ? {} : { quantities }),
    ...(back === undefined ? {} : { back })
  }))
  tx.put(Histories, id, { kind, person, ...(segment === undefined ? {} : { segment }), at, baskets })
}
