import { fail, Id, query } from "@omni/core"
import * as z from "zod"

import { ExperimentNotFound } from "./errors.ts"
import { type ExperimentStep, Tallies, tallyId } from "./model.ts"
import { differenceOf, type RateDifference, rateOf, type Rate } from "./rates.ts"
import type { Settings } from "./settings.ts"
import { HOLDOUT } from "./slot.ts"

/** A variant of an experiment: how many people entered it, and how many of them reached each step, with the share and its interval. */
export interface VariantReport {
  readonly variant: string
  readonly people: number
  readonly steps: { readonly [S in Exclude<ExperimentStep, "entered">]: Rate }
}

/** How a variant's share of people who ordered differs from that of the variant it is compared with. */
export interface VariantDifference extends RateDifference {
  readonly variant: string
  readonly than: string
}

/** What an experiment shows so far. */
export interface ExperimentReport {
  readonly experiment: string
  /** Those declared, in their order, then "holdout" where somebody is held out. */
  readonly variants: ReadonlyArray<VariantReport>
  /** Every variant against the first one declared, and against those who were held out: the share of people who ordered. */
  readonly differences: ReadonlyArray<VariantDifference>
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
    const names = [...Object.keys(experiment.variants), ...((experiment.holdout ?? 0) > 0 ? [HOLDOUT] : [])]
    const rows = view.getMany(
      Tallies,
      names.map((variant) => tallyId(id, variant))
    )
    const variants = names.map((variant, at): VariantReport => {
      const counts = rows[at]?.counts ?? {}
      const people = counts["entered"] ?? 0
      const rate = (step: ExperimentStep): Rate => rateOf(counts[step] ?? 0, people, confidence)
      return {
        variant,
        people,
        steps: { clicked: rate("clicked"), carted: rate("carted"), ordered: rate("ordered"), orderedShown: rate("orderedShown") }
      }
    })
    const [first, ...rest] = variants
    const held = variants.find(({ variant }) => variant === HOLDOUT)
    const pairs = [
      ...rest.filter((one) => one !== held).map((one) => [one, first] as const),
      ...variants.filter((one) => one !== held).map((one) => [one, held] as const)
    ]
    const differences = pairs.flatMap(([one, than]) =>
      than === undefined
        ? []
        : [{ variant: one.variant, than: than.variant, ...differenceOf(one.steps.ordered, than.steps.ordered, confidence) }]
    )
    const report: ExperimentReport = { experiment: id, variants, differences }
    return report
  })

const notFound = (experiment: string, slots: Settings["slots"]): ExperimentNotFound => {
  const known = [...slots.values()].flatMap((slot) => (slot.experiment === undefined ? [] : [slot.experiment.id]))
  return new ExperimentNotFound({
    experiment,
    message: `No slot has an experiment "${experiment}". There are: ${known.length === 0 ? "none" : known.join(", ")}.`
  })
}
