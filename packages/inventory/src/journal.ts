import { collection, Instant, type Tx } from "@omni/core"
import * as z from "zod"

import { stockId } from "./lines.ts"
import type { Stock } from "./model.ts"
import { pairText, readPairs } from "./pairs.ts"

/**
 * What was on hand at an earlier instant can be told by key: the latest changes are on the stock's own row, and those before them in
 * pages, numbered from 0. Changes are as they were recorded; one that was recorded late stands behind younger ones.
 */
const PAGE = 16

/** Earlier changes of what is on hand: pairs of an instant and a change, in base 36. None of them, or of those before, is later than `upTo`. */
export const StockPages = collection("inventory.pages", {
  schema: z.object({ upTo: Instant, changes: z.string() })
})

const pageId = (stock: Stock, page: number): string => `${stockId(stock)}#${page}`

/** The stock with a change noted, of the change's own instant. */
export const journalled = (tx: Tx, stock: Stock, at: number, change: number): Stock => {
  const { recent, pages = 0 } = stock
  const last = pairText(at, change)
  if (recent === undefined) return { ...stock, recent: last }
  if (recent.split(" ").length < PAGE) return { ...stock, recent: `${recent} ${last}` }
  const upTo = movedAtOf(stock)!
  tx.put(StockPages, pageId(stock, pages), { upTo, changes: recent })
  return { ...stock, recent: last, movedAt: upTo, pages: pages + 1 }
}

/** When what is on hand changed last, by the changes' own instants. */
export const movedAtOf = ({ recent, movedAt = -Infinity }: Stock): number | undefined => {
  if (recent === undefined) return undefined
  let latest = movedAt
  const changes = readPairs(recent)
  for (let i = 0; i < changes.length; i += 2) latest = Math.max(latest, changes[i]!)
  return latest
}

/**
 * By how much what is on hand has changed after an instant, for each of these stocks: facts count at their own time. Pages are read
 * from the latest on, eight times as many in each round, and only as far as they reach beyond the instant.
 */
export const changesSince = (
  reader: Pick<Tx, "getMany">,
  asked: ReadonlyArray<{ readonly stock: Stock; readonly since: number }>
): ReadonlyArray<number> => {
  const looks = asked.map(({ stock, since }) => ({
    stock,
    since,
    change: sumAfter(stock.recent, since),
    // With no change after the instant on any page, none has to be read.
    next: stock.movedAt !== undefined && stock.movedAt > since ? (stock.pages ?? 0) : 0
  }))
  for (let width = 8; looks.some(({ next }) => next > 0); width *= 8) {
    const parts = looks.map((look) => range(Math.max(0, look.next - width), look.next))
    const pages = reader.getMany(
      StockPages,
      looks.flatMap(({ stock }, i) => parts[i]!.map((page) => pageId(stock, page)))
    )
    let from = 0
    for (const [i, look] of looks.entries()) {
      const own = pages.slice(from, (from += parts[i]!.length))
      look.change += own.reduce((sum, page) => sum + sumAfter(page?.changes, look.since), 0)
      look.next = own.some((page) => page !== undefined && page.upTo <= look.since) ? 0 : look.next - own.length
    }
  }
  return looks.map(({ change }) => change)
}

const sumAfter = (text: string | undefined, since: number): number => {
  const changes = readPairs(text)
  let sum = 0
  for (let i = 0; i < changes.length; i += 2) if (changes[i]! > since) sum += changes[i + 1]!
  return sum
}

const range = (from: number, to: number): ReadonlyArray<number> => Array.from({ length: to - from }, (_, i) => from + i)
