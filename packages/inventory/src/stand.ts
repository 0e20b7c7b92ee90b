import type { IncomingRow } from "./inbound-model.ts"
import { Incoming } from "./inbound-model.ts"
import { partsOf } from "./kits.ts"
import { allowanceOf, availableOf, creditOf, levelOf, none, promisableOf, type Reader, seenBy } from "./levels.ts"
import { stockId } from "./lines.ts"
import { Locations } from "./locations-model.ts"
import { type Component, Placements, Stock } from "./model.ts"
import type { Seller, StockRules } from "./rules.ts"

/** How an article stands at one location; of a kit, how many of it its components make. */
export interface Stand {
  readonly location: string
  readonly onHand: number
  readonly reserved: number
  readonly allocated: number
  /** What is there for anybody, and what of it the seller sees. Both may be below zero. */
  readonly available: number
  readonly seen: number
  readonly promisable: number
  readonly isPreorder: boolean
  /** What the seller may have of the article in all. */
  readonly atMost: number
  readonly due: IncomingRow["due"]
}

/**
 * How articles stand at all the locations that keep them, or at those of a pool: by key alone, in few loads. Stock that is not of the pool is
 * not read.
 */
export const standsOf = (
  reader: Reader,
  skus: ReadonlyArray<string>,
  seller: Seller | undefined,
  pool?: string
): ReadonlyArray<ReadonlyArray<Stand>> => {
  const kits = partsOf(reader, skus)
  const single = (sku: string): ReadonlyArray<Component> => kits.get(sku) ?? [{ sku, quantity: 1 }]
  const needed = [...new Set(skus.flatMap((sku) => single(sku).map((part) => part.sku)))]
  const known = reader.getMany(Placements, needed).map((row) => row?.locations ?? [])
  const isMeant = pool === undefined ? () => true : inPool(reader, known.flat(), pool)
  const placed = new Map(known.map((locations, i) => [needed[i]!, locations.filter(isMeant)]))
  const keys = needed.flatMap((sku) => placed.get(sku)!.map((location) => ({ sku, location })))
  const rows = reader.getMany(Stock, keys.map(stockId))
  const stocks = new Map(keys.map((key, i) => [stockId(key), rows[i] ?? none(key)]))
  const awaiting = [...stocks].filter(([, stock]) => (stock.incoming ?? 0) > 0).map(([id]) => id)
  const dues = new Map(reader.getMany(Incoming, awaiting).map((row, i) => [awaiting[i]!, row?.due ?? []]))
  return skus.map((sku) => {
    const parts = single(sku)
    const [first, ...others] = parts.map((part) => placed.get(part.sku)!)
    const also = others.map((some) => new Set(some))
    const locations = first!.filter((location) => also.every((some) => some.has(location)))
    return locations.map((location) =>
      together(
        location,
        parts.map((part) => {
          const id = stockId({ sku: part.sku, location })
          return { times: part.quantity, ...standOf(stocks.get(id)!, dues.get(id) ?? [], reader.now, seller) }
        })
      )
    )
  })
}

/** Whether locations belong to a pool. */
const inPool = (reader: Reader, locations: ReadonlyArray<string>, pool: string): ((location: string) => boolean) => {
  const ids = [...new Set(locations)]
  const rows = reader.getMany(Locations, ids)
  const members = new Set(ids.filter((_, i) => rows[i]?.pools.includes(pool)))
  return (location) => members.has(location)
}

const standOf = (stock: Stock, due: IncomingRow["due"], now: number, seller: Seller | undefined): Stand => {
  const { location, onHand, reserved, allocated } = levelOf(stock, now)
  const { rules } = stock
  const available = availableOf(stock, now)
  return {
    location,
    onHand,
    reserved,
    allocated,
    available,
    seen: seenBy(available, rules, seller),
    promisable: promisableOf(stock, now, seller),
    isPreorder: isPreorder(rules, now) && creditOf(rules, now) > 0,
    atMost: seller === undefined ? Infinity : (allowanceOf(rules, seller).atMost ?? Infinity),
    due
  }
}

const isPreorder = (rules: StockRules | undefined, now: number): boolean =>
  rules?.preorder !== undefined && now < rules.preorder.availableAt

/** How many kits can be made of what there is of each component; what is not a kit is made of one of itself. */
const together = (location: string, parts: ReadonlyArray<Stand & { readonly times: number }>): Stand => {
  const [only] = parts
  if (parts.length === 1 && only!.times === 1) return only!
  const least = (of: (part: Stand) => number) => Math.min(...parts.map((part) => floor(of(part) / part.times)))
  const onHand = least((part) => part.onHand)
  const available = least((part) => part.available)
  return {
    location,
    onHand,
    reserved: Math.max(0, onHand - least((part) => part.onHand - part.reserved)),
    allocated: Math.max(0, onHand - least((part) => part.onHand - part.allocated)),
    available,
    seen: least((part) => part.seen),
    promisable: least((part) => part.promisable),
    isPreorder: parts.some((part) => part.isPreorder),
    atMost: least((part) => part.atMost),
    due: kitsDue(parts, available)
  }
}

/** When more kits can be made: after each instant at which a component comes, how many more than before. */
const kitsDue = (parts: ReadonlyArray<Stand & { readonly times: number }>, available: number): IncomingRow["due"] => {
  const instants = [...new Set(parts.flatMap(({ due }) => due.map(({ expectedAt }) => expectedAt)))].sort((a, b) => a - b)
  let before = available
  return instants.flatMap((expectedAt) => {
    const by = (part: Stand) => part.due.reduce((sum, one) => (one.expectedAt <= expectedAt ? sum + one.quantity : sum), part.seen)
    const then = Math.min(...parts.map((part) => floor(by(part) / part.times)))
    const quantity = then - before
    before = Math.max(before, then)
    return quantity > 0 ? [{ inbound: "kit", quantity, expectedAt }] : []
  })
}

/** Whole kits; nothing can be made of too little, nor of what is promised beyond what there is. */
const floor = (quotient: number): number => (Number.isFinite(quotient) ? Math.floor(quotient) : quotient)
