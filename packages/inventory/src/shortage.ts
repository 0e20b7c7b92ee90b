import type { Tx } from "@omni/core"

import { ChannelRules, Settings, SETTINGS } from "./articles-model.ts"
import { InsufficientStock, type Problem, type Shortage, type ShortageCode } from "./errors.ts"
import { allowanceOf, availableOf, promisableOf } from "./levels.ts"
import type { Need } from "./lines.ts"
import { Locations } from "./locations-model.ts"
import type { Stock } from "./model.ts"
import type { Seller } from "./rules.ts"

/** Who sells on a channel, and from which pool of locations, if it is one. */
export interface Selling {
  readonly seller: Seller
  readonly pool: string | undefined
}

/** What is said of a channel; one that nothing is said of sees all. */
export const sellingOn = (reader: Pick<Tx, "get">, channel: string): Selling => {
  const { pool, ...rules } = reader.get(ChannelRules, channel) ?? { backorder: true }
  return { seller: { ...rules, channel }, pool }
}

/** What is wrong with the name of a channel, where only those are sold on that are declared. */
export const undeclaredChannel = (reader: Pick<Tx, "get">, channel: string | undefined): ReadonlyArray<Problem> => {
  if (channel === undefined || reader.get(ChannelRules, channel) !== undefined) return []
  if (reader.get(Settings, SETTINGS)?.channels !== "declared") return []
  return [{ path: "channel", message: `there is no channel "${channel}"` }]
}

/** Loads what a channel's rules are together with what is read first; without a channel there is nothing. */
export const foreseeChannel = (tx: Tx, channel: string | undefined, lines: ReadonlyArray<Pick<Need, "location">>): void => {
  if (channel === undefined) return
  tx.prefetch(ChannelRules, [channel])
  tx.prefetch(Settings, [SETTINGS])
  tx.prefetch(
    Locations,
    lines.map(({ location }) => location)
  )
}

/** The refusal that these needs meet, if they ask for more than can be promised. */
export const insufficient = (
  tx: Tx,
  needs: ReadonlyArray<Need>,
  stocks: ReadonlyArray<Stock>,
  channel?: string
): InsufficientStock | undefined => {
  if (channel !== undefined) return insufficientOn(tx, needs, stocks, sellingOn(tx, channel))
  const { now } = tx
  if (needs.every(({ quantity }, i) => quantity <= promisableOf(stocks[i]!, now))) return undefined
  return InsufficientStock.of(
    needs.flatMap((need, i) => {
      const available = promisableOf(stocks[i]!, now)
      return need.quantity <= available ? [] : [short(need, stocks[i]!, available, codeOf(need, stocks[i]!, available, now))]
    })
  )
}

const insufficientOn = (tx: Tx, needs: ReadonlyArray<Need>, stocks: ReadonlyArray<Stock>, { seller, pool }: Selling) => {
  const { now } = tx
  const places =
    pool === undefined
      ? []
      : tx.getMany(
          Locations,
          needs.map(({ location }) => location)
        )
  const asked = new Map<string, number>()
  const shortages = needs.flatMap((need, i) => {
    const stock = stocks[i]!
    if (pool !== undefined && places[i]?.pools.includes(pool) !== true) return [short(need, stock, 0, "not-sold-from-here")]
    // A channel sees at most so many of an article, from wherever they come.
    const before = asked.get(need.sku) ?? 0
    asked.set(need.sku, before + need.quantity)
    const most = Math.max(0, (allowanceOf(stock.rules, seller).atMost ?? Infinity) - before)
    const available = Math.min(most, promisableOf(stock, now, seller))
    return need.quantity <= available ? [] : [short(need, stock, available, codeOf(need, stock, available, now))]
  })
  return shortages.length === 0 ? undefined : InsufficientStock.of(shortages)
}

const short = ({ sku, location, quantity }: Need, _: Stock, available: number, code: ShortageCode): Shortage => ({
  sku,
  location,
  requested: quantity,
  available,
  code
})

const codeOf = ({ quantity }: Need, stock: Stock, available: number, now: number): ShortageCode => {
  if (availableOf(stock, now) >= quantity) return "kept-back"
  if (available > 0) return "insufficient"
  return stock.onHand > 0 ? "reserved" : "out-of-stock"
}

/** The refusal that these needs meet, if more is to be taken from the shelf than lies there. */
export const notThere = (needs: ReadonlyArray<Need>, stocks: ReadonlyArray<Stock>): InsufficientStock | undefined => {
  const missing = needs.flatMap((need, i) => {
    const onHand = Math.max(0, stocks[i]!.onHand)
    return need.quantity <= onHand ? [] : [short(need, stocks[i]!, onHand, onHand > 0 ? "insufficient" : "out-of-stock")]
  })
  return missing.length === 0 ? undefined : InsufficientStock.of(missing)
}
