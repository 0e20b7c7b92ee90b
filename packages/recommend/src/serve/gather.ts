import { allOf, type View } from "@omni/core"

import { type History, seeds } from "../learn/history.ts"
import type { ItemRow } from "../learn/model.ts"
import { itemRows, type Popular, popularRows, type Served, servedUnder } from "../models/versions.ts"
import { agreedIds, historyUnder } from "../person.ts"
import type { Asked, Better, Curated, ItemFacts } from "../ports.ts"
import { boughtAgain } from "../replenishment.ts"
import type { Settings } from "../settings.ts"
import type { DecidedSlot, Source } from "../slot.ts"
import type { Known } from "./rules.ts"

/** Lines of a cart, and items that are looked at, from which recommendations follow: the last ones. */
const CONTEXT = 60
/** Items that better ones are looked for. */
const BETTER_FOR = 3

/** All that an answer is worked out from. */
export interface Gathered {
  readonly asked: Asked
  readonly now: number
  /** What is looked at and in the cart: the part that recommendations follow from. */
  readonly context: ReadonlyArray<string>
  /** All that is looked at and in the cart. */
  readonly present: ReadonlySet<string>
  readonly isPersonal: boolean
  readonly served: Served | undefined
  readonly history: History
  readonly rows: ReadonlyMap<string, ItemRow>
  readonly popular: ReadonlyArray<Popular>
  readonly related: ReadonlyArray<Curated>
  readonly better: ReadonlyArray<Better & { readonly from: string }>
  readonly soldOut: ReadonlySet<string>
  /** What is known of the items that are there; of all of them where rules ask. */
  readonly facts: ReadonlyMap<string, ItemFacts>
  /** The same as rules take it; of what may not be shown here nothing is known but that it is there. */
  readonly there: ReadonlyArray<Known>
  readonly hidden: ReadonlyArray<string>
  /** How many orders have to agree before a reason says how many they are. */
  readonly atLeast: number
}

/** Reads what a slot needs, in as few loads as what depends on what allows. */
export const gather = (view: View, settings: Settings, slot: DecidedSlot, input: Asked): Gathered => {
  const wants = (...sources: ReadonlyArray<Source>): boolean => sources.some((source) => slot.sources.includes(source))
  const looked = [...new Set(input.items)].slice(-CONTEXT)
  const context = [...new Set([...looked, ...input.cart.slice(-CONTEXT)])].slice(0, CONTEXT)
  const present = new Set([...input.items, ...input.cart])
  const known = settings.rules.length > 0 ? [...present] : context
  const [served, ids, ownSegment, related, better, stock, facts] = allOf<
    [
      Served | undefined,
      ReadonlyArray<string>,
      string | undefined,
      ReadonlyArray<Curated>,
      ReadonlyArray<Better & { readonly from: string }>,
      ReadonlyArray<boolean>,
      ReadonlyArray<ItemFacts | undefined>
    ]
  >(
    () => servedUnder(view, slot.model),
    () => agreedIds(view, settings, input),
    () => segmentOf(view, settings, input),
    () => (context.length > 0 && wants("related", "substitutes", "up-sell") ? settings.related(view, context, input) : []),
    () =>
      wants("up-sell")
        ? looked.slice(-BETTER_FOR).flatMap((from) => settings.upSell(view, from, input).map((one) => ({ ...one, from })))
        : [],
    () => (context.length > 0 && wants("substitutes") ? settings.stock(view, context, input) : context.map(() => true)),
    () => (known.length > 0 ? settings.items(view, known, input) : [])
  )
  const asked = { ...input, ...(ownSegment === undefined ? {} : { segment: ownSegment }) }
  const [history, near, popular] = allOf<[History, ReadonlyMap<string, ItemRow>, ReadonlyArray<Popular>]>(
    () => (ids.length > 0 && wants("for-you", "again", "viewed") ? historyUnder(view, settings, ids) : boughtOf(view, settings, slot, ids)),
    () => (wants("together", "substitutes") ? itemRows(view, served?.version, context) : new Map<string, ItemRow>()),
    () => (wants("popular", "for-you") ? popularRows(view, served?.version, asked.segment, settings.season(view.now)) : [])
  )
  const wanted = [
    ...(served !== undefined && wants("for-you") ? seeds(history, view.now, served.settings) : []),
    ...(wants("again") ? boughtAgain(history) : [])
  ]
  const far = itemRows(
    view,
    served?.version,
    [...new Set(wanted)].filter((item) => !near.has(item))
  )
  return {
    asked,
    now: view.now,
    context,
    present,
    isPersonal: history.length > 0,
    served,
    history,
    rows: new Map([...near, ...far]),
    popular,
    related,
    better,
    soldOut: new Set(context.filter((_, at) => stock[at] === false)),
    there: known.map((item, at) => ({ item, facts: facts[at] ?? { categories: [] } })),
    hidden: known.filter((_, at) => facts[at] === undefined),
    atLeast: settings.atLeast,
    facts: new Map(known.flatMap((item, at) => (facts[at] === undefined ? [] : [[item, facts[at]] as const])))
  }
}

/** What was bought matters also where nothing personal is a source: it is not shown again. */
const boughtOf = (view: View, settings: Settings, slot: DecidedSlot, ids: ReadonlyArray<string>): History =>
  ids.length === 0 || slot.repeats ? [] : historyUnder(view, settings, ids)

const segmentOf = (view: View, settings: Settings, { customer, segment }: Asked): string | undefined =>
  segment ?? (customer === undefined || !settings.consent(view, customer) ? undefined : settings.segment(view, customer))
