import { withoutAbsent } from "../absent.ts"
import type { RepeatsBy } from "./repeats.ts"

/**
 * What learning and scoring are set to. The defaults stand for every shop; they were chosen on periods that come
 * before those that the figures of the package are told of.
 */
export interface Settings {
  /** Baskets of a kind that are remembered of a person: the latest. */
  readonly remembered: { readonly order: number; readonly cart: number; readonly view: number }
  /** How much a basket of a kind says, beside an order's 1. */
  readonly worth: { readonly order: number; readonly cart: number; readonly view: number }
  /** Days after which a basket says half as much of who likes what. */
  readonly halfLifeDays: number
  /** Days after which an order says half as much of how often its person orders. */
  readonly repeatHalfLifeDays: number
  /** Days after which a sale says half as much of what sells now. */
  readonly trendHalfLifeDays: number
  /** Sales that are taken to have gone as always before a trend is believed. Unless told it follows from how the sales of items go up and down. */
  readonly trendPrior?: number | undefined
  /** What is added to the diagonal of the Gram matrix: how many persons have to agree before a link is believed. Unless told the one that would have found best what the latest orders brought. */
  readonly ridge?: number | undefined
  /** What tells which items come back to a person, see `RepeatsBy`. Unless told what would have found best what came back in the latest orders. */
  readonly repeatsBy?: RepeatsBy | undefined
  /** The most sold items whose links are worked out all at once; those of the others stand for themselves. */
  readonly dense: number
  /** Neighbours kept in the row of an item. */
  readonly neighbours: number
  /** Items kept in a row of what is popular. */
  readonly popular: number
  /** Items of a person's history whose rows are read for a recommendation. */
  readonly seeds: number
}

export const defaults: Settings = {
  remembered: { order: 200, cart: 20, view: 100 },
  worth: { order: 1, cart: 0.5, view: 0.2 },
  halfLifeDays: 365,
  repeatHalfLifeDays: 730,
  trendHalfLifeDays: 14,
  dense: 2000,
  neighbours: 64,
  popular: 1000,
  seeds: 64
}

/** The defaults with some of them changed. */
export const settingsOf = (changed: Partial<Settings> = {}): Settings => ({ ...defaults, ...withoutAbsent(changed) })
