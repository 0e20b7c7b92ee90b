import { addCivilDays, CivilDate, Id, query, reactor, toCivilDate } from "@omni/core"
import * as z from "zod"

import { type Interval, intervalOf } from "./interval.ts"
import { NpsAnswered, Tallies } from "./model.ts"
import { type Counts, tally } from "./score.ts"
import type { Settings } from "./survey.ts"

const NONE: ReadonlyArray<number> = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

/** The tally of a day; without a location, that of all. */
const tallyId = (survey: string, day: CivilDate, location?: string): string =>
  [survey, day, ...(location === undefined ? [] : [location])].map(encodeURIComponent).join("/")

/** Counts each answer on its day, for its location and for all. It follows the answers, so that they never wait for a counter. */
export const counting = <M, D>({ timeZone }: Settings<M, D>) =>
  reactor(
    "nps.tallies",
    [NpsAnswered],
    function* (tx, { data: { at, location, score, survey } }) {
      const day = toCivilDate(at, timeZone)
      const ids = [tallyId(survey, day), ...(location === undefined ? [] : [tallyId(survey, day, location)])]
      tx.getMany(Tallies, ids).forEach((row, index) => {
        const scores = (row?.scores ?? NONE).map((count, of) => (of === score ? count + 1 : count))
        tx.put(Tallies, ids[index] ?? "", { scores })
      })
    },
    { from: "start", imports: "run" }
  )

const MOST_ROWS = 20_000

const daysOf = ({ from, to }: { readonly from: CivilDate; readonly to: CivilDate }): ReadonlyArray<CivilDate> => {
  const days: Array<CivilDate> = []
  for (let day = from; day <= to && days.length <= MOST_ROWS; day = addCivilDays(day, 1)) days.push(day)
  return days
}

/** A survey and a period of whole days, both included; and the locations whose scores are wanted beside that of all. */
export const ScoreOf = z
  .object({
    survey: Id,
    from: CivilDate,
    to: CivilDate,
    locations: z.array(Id).max(1000).exactOptional(),
    confidence: z.number().gt(0).lt(1).exactOptional()
  })
  .refine(({ from, to }) => from <= to, { error: "The first day comes after the last", path: ["from"] })
  .refine((input) => daysOf(input).length * (1 + (input.locations?.length ?? 0)) <= MOST_ROWS, {
    error: `Days times locations are at most ${MOST_ROWS}: ask for a shorter period or fewer locations`,
    path: ["to"]
  })

/** A score with its interval; of a group that is too small, only how many answers it has. */
export type Figure = { readonly suppressed: true; readonly n: number } | ({ readonly suppressed: false } & Counts & Interval)

/**
 * The score of a survey in a period, in all and by location, each with its adjusted Wald interval. Groups under the declared size are
 * suppressed. It counts the answers that the reactor has come to.
 */
export const scoreWith = <M, D>({ smallestGroup }: Settings<M, D>) =>
  query("nps.score", ScoreOf, function* (view, { confidence = 0.95, locations = [], ...input }) {
    const days = daysOf(input)
    const groups: ReadonlyArray<string | undefined> = [undefined, ...locations]
    const rows = view.getMany(
      Tallies,
      groups.flatMap((location) => days.map((day) => tallyId(input.survey, day, location)))
    )
    const figures = groups.map((_, group) =>
      figureOf(rows.slice(group * days.length, (group + 1) * days.length), smallestGroup, confidence)
    )
    return {
      total: figures[0] ?? { suppressed: true, n: 0 },
      locations: locations.map((location, index) => ({ location, ...(figures[index + 1] ?? { suppressed: true, n: 0 }) }))
    }
  })

const figureOf = (
  rows: ReadonlyArray<{ readonly scores: ReadonlyArray<number> } | undefined>,
  smallestGroup: number,
  confidence: number
): Figure => {
  const counts = NONE.map((_, score) => rows.reduce((sum, row) => sum + (row?.scores[score] ?? 0), 0))
  const n = counts.reduce((sum, count) => sum + count, 0)
  if (n === 0 || n < smallestGroup) return { suppressed: true, n }
  const { detractors, passives, promoters } = kindsOf(counts)
  return { suppressed: false, promoters, passives, detractors, ...intervalOf({ promoters, passives, detractors }, { confidence }) }
}

const kindsOf = (counts: ReadonlyArray<number>): Counts =>
  counts
    .map((count, score) => ({ count, ...tally([score]) }))
    .reduce<Counts>(
      (sum, { count, detractors, passives, promoters }) => ({
        promoters: sum.promoters + count * promoters,
        passives: sum.passives + count * passives,
        detractors: sum.detractors + count * detractors
      }),
      { promoters: 0, passives: 0, detractors: 0 }
    )
