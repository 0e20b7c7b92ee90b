import { allOf, Erased, Id, operation, reactor, type Tx } from "@omni/core"
import * as z from "zod"

import { mergeHistories } from "./learn/history.ts"
import { type Enrolment, Histories, historyId, InterestKind, Showings, Supplies } from "./model.ts"
import { historyOf, putHistory, rememberedBy } from "./person.ts"
import type { Recording } from "./record.ts"
import { watchKey } from "./replenishment.ts"
import { lessReturned } from "./returned.ts"
import type { Settings } from "./settings.ts"

/** One id turned out to be the person of another: a session that signed in, a profile that was merged. */
export const JoinPeople = z.object({ from: Id, into: Id }).readonly()

/** The keys of all histories of people. */
export const keysOf = (...people: ReadonlyArray<string>): ReadonlyArray<string> =>
  people.flatMap((person) => InterestKind.options.map((kind) => historyId(kind, person)))

/**
 * Brings what is remembered of one id to another, if both agreed; else it is forgotten: what a visitor agreed to no more is not the customer's either.
 * Twice is as good as once.
 */
export const join = (tx: Tx, { settings, watch }: Recording, from: string, into: string): void => {
  if (from === into) return
  const [fromAgrees, intoAgrees] = allOf<[boolean, boolean]>(
    () => settings.consent(tx, from),
    () => settings.consent(tx, into)
  )
  if (!fromAgrees || !intoAgrees) return forget(tx, from)
  tx.prefetch(Showings, [from, into])
  tx.prefetch(Supplies, [from])
  tx.getMany(Histories, keysOf(from, into))
  for (const kind of InterestKind.options) {
    const row = tx.get(Histories, historyId(kind, from))
    if (row === undefined) continue
    const known = tx.get(Histories, historyId(kind, into))
    const histories = [historyOf(known), historyOf(row)]
    const [ours = [], theirs = []] = kind === "order" ? lessReturned(tx, ...histories) : histories
    const both = mergeHistories(ours, theirs, rememberedBy(settings))
    putHistory(tx, kind, into, both, known?.segment ?? row.segment)
    tx.remove(Histories, historyId(kind, from))
    if (kind === "order") watch(tx, into, from)
  }
  if (tx.get(Supplies, from) !== undefined) tx.remove(Supplies, from)
  const shown = tx.get(Showings, from)
  if (shown === undefined) return
  const known = tx.get(Showings, into)
  const all = [...(known?.shown ?? []), ...(shown.shown ?? [])].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
  tx.put(Showings, into, {
    person: into,
    shown: all.slice(0, REMEMBERED_SHOWINGS),
    enrolments: earliest([...(known?.enrolments ?? []), ...(shown.enrolments ?? [])])
  })
  tx.remove(Showings, from)
}

/** How many showings a person's row remembers. */
export const REMEMBERED_SHOWINGS = 50

/** Of each experiment the enrolment that came first. */
const earliest = (enrolments: ReadonlyArray<Enrolment>): ReadonlyArray<Enrolment> => {
  const first = new Map<string, Enrolment>()
  for (const one of [...enrolments].sort((a, b) => a.at - b.at)) if (!first.has(one.experiment)) first.set(one.experiment, one)
  return [...first.values()]
}

/** Removes all that is remembered of a person. */
export const forget = (tx: Tx, person: string): void => {
  tx.cancel(watchKey(person))
  tx.prefetch(Showings, [person])
  tx.prefetch(Supplies, [person])
  const keys = keysOf(person)
  tx.getMany(Histories, keys).forEach((row, at) => {
    if (row !== undefined) tx.remove(Histories, keys[at] ?? "")
  })
  if (tx.get(Showings, person) !== undefined) tx.remove(Showings, person)
  if (tx.get(Supplies, person) !== undefined) tx.remove(Supplies, person)
}

/** The same, under all ids of theirs. */
export const forgetAll = (tx: Tx, settings: Settings, person: string): void => {
  for (const id of new Set([person, ...settings.identities(tx, person)])) forget(tx, id)
}

/** Removes what is left of a person whose key was destroyed: that they are known, when they bought last, until when they were told what runs out. */
export const erasing = reactor(
  "recommend.forget",
  [Erased],
  function* (tx, { data: { subject } }) {
    forget(tx, subject)
  },
  { from: "start", imports: "run" }
)

/** Who is one person, and whom to forget: by their wish, or because consent was withdrawn. */
export const joining = (recording: Recording) => ({
  joinPeople: operation("recommend.joinPeople", JoinPeople, function* (tx, { from, into }) {
    join(tx, recording, from, into)
  }),
  forgetPerson: operation("recommend.forgetPerson", z.object({ person: Id }), function* (tx, { person }) {
    forgetAll(tx, recording.settings, person)
  })
})
