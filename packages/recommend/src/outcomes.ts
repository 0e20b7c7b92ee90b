import { fail, Id, operation, reactor, type Tx } from "@omni/core"
import * as z from "zod"

import { ShowingNotFound } from "./errors.ts"
import {
  type Enrolment,
  ExperimentReached,
  type ExperimentStep,
  RecommendationClicked,
  RecommendationConverted,
  RecommendationShown,
  type Showing,
  Showings,
  Tallies,
  tallyId
} from "./model.ts"
import { LEFT } from "./models/left.ts"
import { REMEMBERED_SHOWINGS } from "./people.ts"
import { agreedIds, isNamed } from "./person.ts"
import { planOf } from "./serve/experiment.ts"
import type { Settings } from "./settings.ts"
import { MOST } from "./slot.ts"

const whose = { customer: Id.exactOptional(), session: Id.exactOptional() }

/** What of an answer was really seen; `model` as the answer had it. */
const shownSchema = <S extends string>({ isSlot, slots }: Settings<S>) =>
  z
    .object({
      slot: z.custom<S>(isSlot, { error: `Name a slot of the options: ${[...slots.keys()].join(", ")}` }),
      items: z.array(Id).max(MOST).readonly(),
      model: Id.exactOptional(),
      ...whose
    })
    .readonly()

/** A recommended item that somebody followed. */
export const RecordClick = z.object({ showing: Id, item: Id, ...whose }).readonly()

type Row = { readonly shown: ReadonlyArray<Showing>; readonly enrolments: ReadonlyArray<Enrolment> }

const rowOf = (tx: Tx, person: string): Row => {
  const row = tx.get(Showings, person)
  return { shown: row?.shown ?? [], enrolments: row?.enrolments ?? [] }
}

/** Notes that a person reached steps of an experiment; each is told once, and all but the first within the window. */
const reach = (
  tx: Tx,
  settings: Settings,
  enrolments: ReadonlyArray<Enrolment>,
  steps: (enrolment: Enrolment) => ReadonlyArray<ExperimentStep>,
  at: number
): ReadonlyArray<Enrolment> =>
  enrolments.map((enrolment) => {
    const { experiment, reached, variant } = enrolment
    if (at < enrolment.at || at > enrolment.at + settings.attribution) return enrolment
    const fresh = steps(enrolment).filter((step) => !reached.includes(step))
    for (const step of fresh) tx.emit(ExperimentReached, experiment, { experiment, variant, step })
    return fresh.length === 0 ? enrolment : { ...enrolment, reached: [...reached, ...fresh] }
  })

const telling = ({ experiment, id, model, slot, variant }: Showing, person: string) => ({
  showing: id,
  slot,
  ...(model === undefined ? {} : { model }),
  ...(experiment === undefined ? {} : { experiment }),
  ...(variant === undefined ? {} : { variant }),
  person
})

/** What was shown to a person, and what they then put into a cart or bought, is told; each outcome of a showing once. */
export const attribute = (
  tx: Tx,
  settings: Settings,
  person: string,
  { at, items, kind }: { readonly at: number; readonly items: ReadonlyArray<string>; readonly kind: "order" | "cart" | "view" }
): void => {
  if (kind === "view") return
  const known = tx.get(Showings, person)
  if (known === undefined) return
  const row = rowOf(tx, person)
  const bought = new Set(items)
  const through = new Set<string>()
  const shown = row.shown.map((showing) => {
    if (at < showing.at || at > showing.at + settings.attribution) return showing
    const met = showing.items.filter((item) => bought.has(item))
    if (met.length > 0 && showing.experiment !== undefined) through.add(showing.experiment)
    const fresh = met.filter((item) => !showing.told.includes(`${kind} ${item}`))
    for (const item of fresh)
      tx.emit(RecommendationConverted, showing.id, { ...telling(showing, person), item, outcome: kind, shownAt: showing.at })
    return fresh.length === 0 ? showing : { ...showing, told: [...showing.told, ...fresh.map((item) => `${kind} ${item}`)] }
  })
  const enrolments = reach(
    tx,
    settings,
    row.enrolments,
    ({ experiment }) => (kind === "cart" ? ["carted"] : through.has(experiment) ? ["ordered", "orderedShown"] : ["ordered"]),
    at
  )
  tx.put(Showings, person, { person, shown, enrolments })
}

/** Exposure and outcome. */
export const showing = <S extends string>(settings: Settings<S>) => {
  const running = new Set([...settings.slots.values()].map(({ experiment }) => experiment?.id ?? ""))
  return {
    /**
     * Records what was shown to somebody, of an answer of `forSlot`; those who are held out are recorded with no items. Gives the id by which a click is
     * told. Without consent it is counted, but not kept with anybody.
     */
    recordShown: operation("recommend.recordShown", shownSchema(settings), function* (tx, { customer, items, model, session, slot }) {
      const [person] = agreedIds(tx, settings, { customer, session })
      const { experiment, variant } = planOf(tx, settings.slots.get(slot)!, person)
      const id = tx.newId("shw")
      const showing: Showing = {
        id,
        at: tx.now,
        slot,
        items: [...new Set(items)],
        ...(model === undefined ? {} : { model }),
        ...(experiment === undefined ? {} : { experiment }),
        ...(variant === undefined ? {} : { variant }),
        told: []
      }
      const { person: _, ...facts } = telling(showing, "")
      tx.emit(RecommendationShown, id, {
        ...facts,
        ...(person === undefined && isNamed(tx) ? {} : { items: [...showing.items] }),
        ...(person === undefined ? {} : { person })
      })
      if (person === undefined) return { showing: id }
      const row = rowOf(tx, person)
      const isNew = experiment !== undefined && !row.enrolments.some((one) => one.experiment === experiment)
      const entered: ReadonlyArray<Enrolment> =
        isNew && variant !== undefined ? [{ experiment, variant, at: tx.now, reached: ["entered"] }] : []
      for (const one of entered)
        tx.emit(ExperimentReached, one.experiment, { experiment: one.experiment, variant: one.variant, step: "entered" })
      tx.put(Showings, person, {
        person,
        shown: [showing, ...row.shown].slice(0, REMEMBERED_SHOWINGS),
        // One that is not declared here may still run in a process with older options.
        enrolments: [...row.enrolments.filter((one) => running.has(one.experiment) || one.at > tx.now - LEFT), ...entered]
      })
      return { showing: id }
    }),

    /** Somebody followed a recommendation that was shown to them. Refuses with `ShowingNotFound`. */
    recordClick: operation("recommend.recordClick", RecordClick, function* (tx, { customer, item, session, showing: id }) {
      const [person] = agreedIds(tx, settings, { customer, session })
      const row = person === undefined ? undefined : rowOf(tx, person)
      const found = row?.shown.find((one) => one.id === id && one.items.includes(item))
      if (person === undefined || row === undefined || found === undefined) return yield* fail(notFound(id))
      if (found.told.includes(`click ${item}`)) return
      tx.emit(RecommendationClicked, id, { ...telling(found, person), item })
      const enrolments = reach(
        tx,
        settings,
        row.enrolments,
        ({ experiment }) => (experiment === found.experiment ? ["clicked"] : []),
        tx.now
      )
      const told = { ...found, told: [...found.told, `click ${item}`] }
      tx.put(Showings, person, { person, shown: row.shown.map((one) => (one === found ? told : one)), enrolments })
    })
  }
}

const notFound = (showing: string): ShowingNotFound =>
  new ShowingNotFound({
    showing,
    message: `"${showing}" is no showing of this person and item, or it was too long ago. Give the id that recordShown gave, and the same customer or session.`
  })

/** Counts the steps of experiments. It follows their events, so that no order waits for a counter. */
export const counting = reactor(
  "recommend.tallies",
  [ExperimentReached],
  function* (tx, { data: { experiment, step, variant } }) {
    const id = tallyId(experiment, variant)
    const counts = tx.get(Tallies, id)?.counts ?? {}
    tx.put(Tallies, id, { counts: { ...counts, [step]: (counts[step] ?? 0) + 1 }, at: tx.now })
  },
  { from: "start", imports: "run" }
)
