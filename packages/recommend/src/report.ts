import { fail, Id, query } from "@omni/core"
import * as z from "zod"

import { ExperimentNotFound } from "./errors.ts"
import { type ExperimentStep, Tallies, tallyId } from "./model.ts"
import { differenceOf, type RateDifference, rateOf, type Rate } from "./rates.ts"
import { HOLDOUT, type Settings } from "./slot.ts"

/** A variant of an experiment: how many people entered it, and how many of them reached each step, with the share and its interval. */
export interface Arm {
  readonly variant: string
  readonly people: number
  readonly steps: { readonly [S in Exclude<ExperimentStep, "entered">]: Rate }
}

/** How a variant's share of people who ordered differs from that of the variant it is compared with. */
export interface ArmDifference extends RateDifference {
  readonly variant: string
  readonly than: string
}

/** What an experiment shows so far. */
export interface ExperimentReport {
  readonly experiment: string
  readonly arms: ReadonlyArray<Arm>
  /** Every variant against the first one declared, and against those who were held out: the share of people who ordered. */
  readonly differences: ReadonlyArray<ArmDifference>
}

const Asked = z.object({ experiment: Id, confidence: z.number().gt(0).lt(1).exactOptional() }).readonly()

/**
 * What an experiment shows so far: people, not showings, are counted, each once, in the variant in which they were shown something first. Refuses with
 * `ExperimentNotFound`.
 */
export const reporting = ({ slots }: Settings) =>
  query("recommend.experiment", Asked, function* (view, { confidence = 0.95, experiment: id }) {
    const experiment = [...slots.values()].find((slot) => slot.experiment?.id === id)?.experiment
    if (experiment === undefined) return yield* fail(notFound(id, slots))
    const variants = [...Object.keys(experiment.variants), ...((experiment.holdout ?? 0) > 0 ? [HOLDOUT] : [])]
    const rows = view.getMany(
      Tallies,
      variants.map((variant) => tallyId(id, variant))
    )
    const arms = variants.map((variant, at): Arm => {
      const counts = rows[at]?.counts ?? {}
      const people = counts["entered"] ?? 0
      const rate = (step: ExperimentStep): Rate => rateOf(counts[step] ?? 0, people, confidence)
      return {
        variant,
        people,
        steps: { clicked: rate("clicked"), carted: rate("carted"), ordered: rate("ordered"), orderedShown: rate("orderedShown") }
      }
    })
    const [first, ...rest] = arms
    const held = arms.find(({ variant }) => variant === HOLDOUT)
    const pairs = [
      ...rest.filter((arm) => arm !== held).map((arm) => [arm, first] as const),
      ...arms.filter((arm) => arm !== held).map((arm) => [arm, held] as const)
    ]
    const differences = pairs.flatMap(([arm, than]) =>
      than === undefined
        ? []
        : [{ variant: arm.variant, than: than.variant, ...differenceOf(arm.steps.ordered, than.steps.ordered, confidence) }]
    )
    const report: ExperimentReport = { experiment: id, arms, differences }
    return report
  })

const notFound = (experiment: string, slots: Settings["slots"]): ExperimentNotFound => {
  const known = [...slots.values()].flatMap((slot) => (slot.experiment === undefined ? [] : [slot.experiment.id]))
  return new ExperimentNotFound({
    experiment,
    message: `No slot has an experiment "${experiment}". There are: ${known.length === 0 ? "none" : known.join(", ")}.`
  })
}
