import { Id, Locale, query } from "@omni/core"
import * as z from "zod"

import { agreedIds } from "../person.ts"
import type { Asked } from "../ports.ts"
import type { Settings } from "../settings.ts"
import { MOST, type Source } from "../slot.ts"
import { type Choice, choose, type Dropped } from "./choose.ts"
import { planOf } from "./experiment.ts"
import { gather } from "./gather.ts"
import type { Reason } from "./reasons.ts"
import { type Speaker, speakersWith } from "./sentences.ts"
import { type Candidate, candidatesOf } from "./sources.ts"

/** An item to show, what found it, and why, the first reason first. */
export interface Recommendation {
  readonly item: string
  readonly source: Source
  readonly reasons: ReadonlyArray<Reason>
}

/** What a slot shows. `recordShown` takes `slot`, `model` and the items that were really seen. */
export interface SlotAnswer<S extends string = string> {
  readonly slot: S
  readonly items: ReadonlyArray<Recommendation>
  /** The version of the model that was read; absent before anything was learnt. */
  readonly model?: string
  readonly experiment?: string
  /** The variant of the experiment; of those who are held out it is "holdout", and nothing is to be shown. */
  readonly variant?: string
  /** Whether the history of who asks was used. */
  readonly personal: boolean
  /** What was found and is not shown, and why, where it was asked for. */
  readonly dropped?: ReadonlyArray<Dropped>
}

const Items = (most: number) => z.array(Id).max(most).readonly().exactOptional()

/** What a slot is asked with: for whom, and what is looked at, in the cart, and not to be shown. */
const askedFor = <S extends string>({ isSlot, slots }: Settings<S>) =>
  z
    .object({
      slot: z.custom<S>(isSlot, { error: `Name a slot of the options: ${[...slots.keys()].join(", ")}` }),
      customer: Id.exactOptional(),
      session: Id.exactOptional(),
      items: Items(1_000),
      cart: Items(10_000),
      exclude: Items(10_000),
      channel: Id.exactOptional(),
      location: Id.exactOptional(),
      locale: Locale.exactOptional(),
      segment: Id.exactOptional(),
      limit: z.int().min(0).max(MOST).exactOptional(),
      explain: z.boolean().exactOptional()
    })
    .readonly()

/**
 * What to show in a slot, with reasons. Without consent to personalisation nothing but what is looked at, the cart and what is popular counts.
 * Before anything is learnt there is what the catalogue declares.
 */
export const slotQuery = <S extends string>(settings: Settings<S>) => {
  const speakers = speakersWith(settings.sentences)
  return query(
    "recommend.forSlot",
    askedFor(settings),
    function* (view, { exclude = [], explain = false, limit, slot: name, ...input }): Generator<never, SlotAnswer<S>, unknown> {
      const declared = settings.slots.get(name)!
      const [person] = declared.experiment === undefined ? [] : agreedIds(view, settings, input)
      const plan = planOf(view, declared, person)
      const slot = { ...plan.slot, limit: Math.min(limit ?? plan.slot.limit, plan.slot.limit) }
      const told = {
        ...(plan.experiment === undefined ? {} : { experiment: plan.experiment }),
        ...(plan.variant === undefined ? {} : { variant: plan.variant })
      }
      if (plan.held || slot.limit === 0) return { slot: name, items: [], personal: false, ...told, ...(explain ? { dropped: [] } : {}) }
      const { locale = "en", ...context } = input
      const asked: Asked = { ...context, slot: name, items: input.items ?? [], cart: input.cart ?? [], locale }
      const gathered = gather(view, settings, slot, asked)
      const { chosen, dropped, ...spoken } = choose(view, settings, slot, gathered, candidatesOf(gathered, slot), new Set(exclude))
      const { isPersonal, served } = gathered
      const speaker = speakers(locale)
      return {
        slot: name,
        items: chosen.map(({ found, item }) => worded(item, found, spoken, speaker)),
        personal: isPersonal,
        ...(served === undefined ? {} : { model: served.version }),
        ...told,
        ...(explain ? { dropped } : {})
      }
    }
  )
}

const worded = (
  item: string,
  found: ReadonlyArray<Candidate>,
  { names, unnamed }: Pick<Choice, "names" | "unnamed">,
  speaker: Speaker
): Recommendation => {
  const told = found.filter(({ reason }) => !("item" in reason && unnamed.has(reason.item)))
  return {
    item,
    source: found[0]?.source ?? "popular",
    reasons:
      told.length === 0
        ? [speaker({ code: "suggested" }, item)]
        : told.map(({ reason }) => {
            const about = "item" in reason ? reason.item : item
            return speaker(reason, names.get(about) ?? about)
          })
  }
}
