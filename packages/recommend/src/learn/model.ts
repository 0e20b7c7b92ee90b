import type { Settings } from "./settings.ts"

/** How an item is bought again: what `replenish` works from. */
export interface Rhythm {
  /** The median time between two purchases of it by the same person, in milliseconds. */
  readonly interval: number
  /** Intervals that the median is of. */
  readonly seen: number
  /** The share of those who bought it that bought it again. */
  readonly again: number
}

/**
 * What is known of an item: its neighbours, heaviest first, as columns, which are quicker to read than objects.
 * `together[n]` of its `of` orders also had `items[n]`.
 */
export interface ItemRow {
  readonly item: string
  readonly of: number
  readonly items: ReadonlyArray<string>
  readonly weights: ReadonlyArray<number>
  readonly together: ReadonlyArray<number>
  readonly rhythm?: Rhythm | undefined
}

/** What sells of late in a segment, most first. The segment of everybody is "". */
export interface PopularRow {
  readonly segment: string
  readonly items: ReadonlyArray<string>
  readonly weights: ReadonlyArray<number>
}

/** What was learnt: plain rows, each of bounded size, that can be stored one by one. */
export interface Model {
  /** The instant it is true of. */
  readonly at: number
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
  | { readonly reason: "again"; readonly times: number; readonly last: number; readonly interval?: number | undefined }

/** An item with how much speaks for it, and what. Scores are comparable within one answer only. */
export interface Recommended {
  readonly item: string
  readonly score: number
  readonly because: Because
}
