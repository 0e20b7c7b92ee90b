/**
 * Where recommendations come from. `related`: what the catalogue declares to go with it; `up-sell`: better ones; `substitutes`: for what is
 * out of stock; `together`: what others bought with it; `for-you`: what fits a person's history; `again`: what a person buys regularly, when it
 * runs out; `viewed`: what a person looked at lately, on any channel; `popular`: what sells now.
 */
export const SOURCES = ["related", "substitutes", "up-sell", "together", "for-you", "again", "viewed", "popular"] as const
export type Source = (typeof SOURCES)[number]

/** What a slot shows: a place on a page, at a till, in a mail. */
export interface SlotSettings {
  /** In the order in which they fill the slot; all but `again` and `viewed` unless told, what is curated first. */
  readonly sources?: ReadonlyArray<Source>
  /** How many items at most; 10 unless told, and a caller may ask for fewer. */
  readonly limit?: number
  /** How many items of one category at most; no limit unless told. */
  readonly perCategory?: number
  /** Whether what a person has bought before may be shown; `again` always may. */
  readonly repeats?: boolean
  /** The model that it reads; "main" unless told. */
  readonly model?: string
}

/** A variant of an experiment: its share of people, in parts of the sum of all, and what differs from the slot. */
export interface Variant extends SlotSettings {
  readonly share: number
}

/** Two or more ways to fill a slot, compared. Who sees which follows from the person and the id of the experiment alone. */
export interface Experiment {
  readonly id: string
  readonly variants: { readonly [variant: string]: Variant }
  /** The share of people who are shown nothing, in the same parts: the variant "holdout". None unless told. */
  readonly holdout?: number
}

export interface Slot extends SlotSettings {
  readonly experiment?: Experiment
}

/** A slot with everything decided. */
export type DecidedSlot = Required<Omit<SlotSettings, "perCategory">> & {
  readonly perCategory: number
  readonly experiment: Experiment | undefined
}

/** The most items that a slot shows. */
export const MOST = 100

/** The variant of those who are shown nothing. */
export const HOLDOUT = "holdout"
