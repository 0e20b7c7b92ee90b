import type { Settings } from "./settings.ts"

/** How an item is bought again: what `replenish` works from. */
export interface Rhythm {
  /** The median time between two orders of it by the same person, in milliseconds, as if each had been of one. */
  readonly interval: number
  /** Intervals that the median is of. */
  readonly seen: number
}

/**
 * What is known of an item, in one row. Its neighbours are columns, heaviest first, which are quicker to read than
 * objects: interest in this item adds `weights[n]` to what is expected of `items[n]`, and of its `of` orders
 * `together[n]` had that one too.
 */
export interface ItemRow {
  readonly item: string
  readonly of: number
  readonly items: ReadonlyArray<string>
  readonly weights: ReadonlyArray<number>
  readonly together: ReadonlyArray<number>
  /** Its sales, of late or all along as `repeatsBy` has it, and the share of its buyers that bought it again: what a repeat is judged by. */
  readonly recent: number
  readonly again: number
  readonly rhythm?: Rhythm | undefined
}

/** What sells now in a segment, most first, as columns. The segment of everybody is "". */
export interface PopularRow {
  readonly segment: string
  readonly items: ReadonlyArray<string>
  /** The share of the orders to come that is expected to have the item. */
  readonly weights: ReadonlyArray<number>
  /** What is left of that share for somebody whose history says nothing of the item. */
  readonly bases?: ReadonlyArray<number> | undefined
  /** The same as in the item's own row. */
  readonly recent?: ReadonlyArray<number> | undefined
  readonly again?: ReadonlyArray<number> | undefined
}

/** What was learnt: plain rows of bounded size that can be stored one by one, with the instant that they are true of. */
export interface Model {
  readonly at: number
  /** What it was learnt with, and what was decided where they left it open. */
  readonly settings: Settings
  readonly items: ReadonlyArray<ItemRow>
  readonly popular: ReadonlyArray<PopularRow>
}

/** A neighbour of an item: of the `of` orders with the item, `together` had the neighbour too. */
export interface Neighbour {
  readonly item: string
  readonly weight: number
  readonly together: number
  readonly of: number
}

/** The neighbours of a row as objects. */
export const neighboursOf = (row: ItemRow): ReadonlyArray<Neighbour> =>
  row.items.map((item, index) => ({ item, weight: row.weights[index] ?? 0, together: row.together[index] ?? 0, of: row.of }))

/** Why something is recommended: the fact, for a sentence such as "bought with X by 31 of 120". */
export type Because =
  | { readonly reason: "together"; readonly item: string; readonly together: number; readonly of: number }
  | { readonly reason: "popular" }
  | { readonly reason: "again"; readonly times: number; readonly last: number }

/** An item with how much speaks for it, and what. Scores are comparable within one answer only. */
export interface Recommended {
  readonly item: string
  readonly score: number
  readonly because: Because
}
