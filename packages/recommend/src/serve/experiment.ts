import { withoutAbsent } from "../absent.ts"
import { Showings } from "../model.ts"
import type { Reader } from "../ports.ts"
import { type DecidedSlot, type Experiment, HOLDOUT } from "../slot.ts"
import { shareOf } from "./hash.ts"

/** How a slot is filled for somebody: by the slot as it is, by a variant of its experiment, or not at all. */
export interface Plan {
  readonly slot: DecidedSlot
  readonly experiment?: string
  readonly variant?: string
  readonly held: boolean
}

type Share = readonly [variant: string, share: number]

/**
 * The variant of a person. Law: it follows from the person, the id and the shares alone, so every process and channel gives the same, and another
 * experiment divides people anew.
 */
export const variantOf = ({ holdout = 0, id, variants }: Experiment, person: string): string => {
  const declared = Object.entries(variants).map(([name, { share }]): Share => [name, share])
  const shares = [[HOLDOUT, holdout] satisfies Share, ...declared].filter(([, share]) => share > 0)
  const whole = shares.reduce((sum, [, share]) => sum + share, 0)
  let left = shareOf(`${id}\n${person}`) * whole
  for (const [name, share] of shares) {
    if (left < share) return name
    left -= share
  }
  return shares.at(-1)?.[0] ?? HOLDOUT
}

/**
 * The plan of a slot for a person. Who has entered the experiment stays in the variant of then: a visitor who signs in sees on what they saw, and is
 * counted in what they saw. Nobody known is in no experiment.
 */
export const planOf = (reader: Reader, slot: DecidedSlot, person: string | undefined): Plan => {
  const { experiment } = slot
  if (experiment === undefined || person === undefined) return { slot, held: false }
  const entered = reader.get(Showings, person)?.enrolments?.find((one) => one.experiment === experiment.id)?.variant
  const isThere = entered === HOLDOUT || (entered !== undefined && Object.hasOwn(experiment.variants, entered))
  const variant = entered !== undefined && isThere ? entered : variantOf(experiment, person)
  const { share: _, ...changed } = withoutAbsent(experiment.variants[variant] ?? { share: 0 })
  return { slot: { ...slot, ...changed }, experiment: experiment.id, variant, held: variant === HOLDOUT }
}
