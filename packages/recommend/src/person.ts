import type { Tx } from "@omni/core"

import { type History, mergeHistories } from "./learn/history.ts"
import { type Settings as LearnSettings, settingsOf } from "./learn/settings.ts"
import { Histories, historyId, type HistoryRow, InterestKind } from "./model.ts"
import type { Reader } from "./ports.ts"
import type { Settings } from "./slot.ts"

/** Who is meant: a customer, a session of somebody unknown, both, or nobody known. */
export interface Who {
  readonly customer?: string | undefined
  readonly session?: string | undefined
}

/**
 * The ids that somebody's history lies under, the one that holds first, if they agreed to be recommended to personally; else none. A customer is
 * known by all of their ids and by the session.
 */
export const agreedIds = (reader: Reader, settings: Settings, { customer, session }: Who): ReadonlyArray<string> => {
  const asked = customer ?? session
  if (asked === undefined || !settings.consent(reader, asked)) return []
  const ids = customer === undefined ? [asked] : settings.identities(reader, customer)
  return [...new Set(session === undefined ? ids : [...ids, session])]
}

/** How much is remembered of a person: as the first model says. */
export const rememberedBy = ({ models }: Settings): LearnSettings => models.get("main") ?? [...models.values()][0] ?? settingsOf()

/** A row as learning takes it. */
export const historyOf = (row: HistoryRow | undefined): History => {
  const { baskets, kind, person } = row ?? {}
  return kind === undefined ? [] : (baskets ?? []).map((basket) => ({ ...basket, kind, ...(person === undefined ? {} : { person }) }))
}

/** All that is remembered under some ids, latest first. Three keys for each id, in one load. */
export const historyUnder = (reader: Reader, settings: Settings, ids: ReadonlyArray<string>): History =>
  reader
    .getMany(
      Histories,
      ids.flatMap((id) => InterestKind.options.map((kind) => historyId(kind, id)))
    )
    .map(historyOf)
    .reduce((all, part) => mergeHistories(all, part, rememberedBy(settings)), [])

/** Items of a history's baskets that one row holds: the latest. */
const MOST_ITEMS = 5_000

/** The latest baskets that a row holds, and always the last one. What of two histories is held is held of both together. */
const held = (history: History): History => {
  let room = MOST_ITEMS
  const end = history.findIndex(({ items }, at) => (room -= items.length) < 0 && at > 0)
  return end === -1 ? history : history.slice(0, end)
}

/** Writes a person's history of a kind; one that is empty goes. */
export const putHistory = (
  tx: Tx,
  kind: InterestKind,
  person: string,
  history: History,
  segment: string | undefined = tx.get(Histories, historyId(kind, person))?.segment
): void => {
  const id = historyId(kind, person)
  const at = history[0]?.at
  if (at === undefined) {
    if (tx.get(Histories, id) !== undefined) tx.remove(Histories, id)
    return
  }
  const baskets = held(history).map(({ at: when, id: basket, items }) => ({ id: basket, at: when, items }))
  tx.put(Histories, id, { kind, person, ...(segment === undefined ? {} : { segment }), at, baskets })
}
