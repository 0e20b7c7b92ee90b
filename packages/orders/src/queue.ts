import type { Tx } from "@omni/core"
import type * as z from "zod"

import { BackorderPages, Backorders, type Waiting } from "./model.ts"

/** How many orders that wait are looked at in one commit. The row of a queue has so many of the first, if there are so many. */
export const AT_ONCE = 50

/** How many a page has at least, and fewer than twice as many: then it is parted. No fewer than are looked at in one commit. */
const PAGE = 64

type Queue = z.infer<typeof Backorders.schema>
type List = ReadonlyArray<Waiting>
type Pages = NonNullable<Queue["pages"]>

const pageId = (key: string, page: number): string => `${key}#${page}`

/** Loads, together with what is read next, what `enqueue` of an order, and `dequeue`, need beside the row. */
export const foreseeQueue = (tx: Tx, key: string, queue: Queue, placedAt?: number): void => {
  const next = queue.waiting.length < 2 * AT_ONCE ? queue.pages?.[0]?.page : undefined
  const own = placedAt === undefined ? undefined : pageOf(queue, placedAt)
  tx.prefetch(
    BackorderPages,
    [next, own].flatMap((page) => (page === undefined ? [] : [pageId(key, page)]))
  )
}

/** Puts an order into a queue, behind those that were placed no later. One that waits already waits once. */
export const enqueue = (tx: Tx, key: string, one: Waiting): void => {
  const queue = tx.get(Backorders, key) ?? { waiting: [] }
  const { waiting, pages = [], last = [] } = queue
  const page = pageOf(queue, one.placedAt)
  if (stands(tx, key, queue, one)) return
  if (page !== undefined) {
    const [list, ...parted] = inPages(among(tx.get(BackorderPages, pageId(key, page))?.waiting ?? [], one))
    tx.put(BackorderPages, pageId(key, page), { waiting: [...list!] })
    const at = pages.findIndex((other) => other.page === page)
    // A page begins where it did: nobody comes before its first.
    if (parted.length > 0) tx.put(Backorders, key, { ...queue, pages: pages.toSpliced(at + 1, 0, ...written(tx, key, pages, parted)) })
    return
  }
  if (isFirst(queue, one.placedAt)) return keep(tx, key, { waiting: among(waiting, one), pages, last })
  keep(tx, key, { waiting, pages, last: among(last, one) })
}

/** Takes the first so many out of a queue; answers who is first then. */
export const dequeue = (tx: Tx, key: string, count: number): Waiting | undefined => {
  const { waiting, pages = [], last = [] } = tx.get(Backorders, key) ?? { waiting: [] }
  const rest = waiting.slice(count)
  const [next, ...others] = pages
  if (rest.length >= AT_ONCE || last.length === 0) keep(tx, key, { waiting: rest, pages, last })
  else if (next === undefined) keep(tx, key, { waiting: [...rest, ...last], pages, last: [] })
  else {
    const page = tx.get(BackorderPages, pageId(key, next.page))?.waiting ?? []
    tx.remove(BackorderPages, pageId(key, next.page))
    keep(tx, key, { waiting: [...rest, ...page], pages: others, last })
  }
  return tx.get(Backorders, key)?.waiting[0]
}

/** All who wait, the first first. */
export const waitingIn = (reader: Pick<Tx, "get" | "getMany">, key: string): Array<Waiting> => {
  const { waiting, pages = [], last = [] } = reader.get(Backorders, key) ?? { waiting: [] }
  const between = reader.getMany(
    BackorderPages,
    pages.map(({ page }) => pageId(key, page))
  )
  return [...waiting, ...between.flatMap((row) => row?.waiting ?? []), ...last]
}

/** Whether an order stands among the first; where nobody is behind them, it does. */
const isFirst = ({ pages = [], last = [] }: Queue, placedAt: number): boolean =>
  placedAt < (pages[0]?.from ?? last[0]?.placedAt ?? Infinity)

/** The page that an order belongs to; none for the first and the last. */
const pageOf = (queue: Queue, placedAt: number): number | undefined => {
  const { pages = [], last = [] } = queue
  if (isFirst(queue, placedAt) || placedAt >= last[0]!.placedAt) return undefined
  return pages.findLast(({ from }) => from <= placedAt)?.page
}

/** Whether it waits: orders placed at one moment may be on both sides of a border. */
const stands = (tx: Tx, key: string, { waiting, pages = [], last = [] }: Queue, { order, placedAt }: Waiting): boolean => {
  const ids = pages
    .filter(({ from }, i) => from <= placedAt && (pages[i + 1]?.from ?? last[0]!.placedAt) >= placedAt)
    .map(({ page }) => pageId(key, page))
  const between = tx.getMany(BackorderPages, ids).flatMap((row) => row?.waiting ?? [])
  return [...waiting, ...between, ...last].some((other) => other.order === order)
}

const among = (list: List, one: Waiting): List => {
  if (list.some(({ order }) => order === one.order)) return list
  return list.toSpliced(list.findLastIndex(({ placedAt }) => placedAt <= one.placedAt) + 1, 0, one)
}

/** Writes the row, with pages for what is too much for it. Whoever is behind the first is last, or on a page before the last. */
const keep = (tx: Tx, key: string, queue: { readonly waiting: List; readonly pages: Pages; readonly last: List }): void => {
  const firsts = [...inPages(queue.waiting)]
  const lasts = [...inPages(queue.last.length === 0 && firsts.length > 1 ? firsts.pop()! : queue.last)]
  const [waiting, last] = [firsts.shift()!, lasts.pop()!]
  const front = written(tx, key, queue.pages, firsts)
  const back = written(tx, key, [...front, ...queue.pages], lasts)
  const pages = [...front, ...queue.pages, ...back]
  if (waiting.length === 0) tx.remove(Backorders, key)
  else
    tx.put(Backorders, key, {
      waiting: [...waiting],
      ...(pages.length === 0 ? {} : { pages }),
      ...(last.length === 0 ? {} : { last: [...last] })
    })
}

/** A list in as many equal parts as are pages. */
const inPages = (list: List): ReadonlyArray<List> => {
  const parts = Math.max(1, Math.floor(list.length / PAGE))
  const size = Math.ceil(list.length / parts)
  return Array.from({ length: parts }, (_, i) => list.slice(i * size, (i + 1) * size))
}

/** Writes lists as new pages, and names them. */
const written = (tx: Tx, key: string, pages: Pages, lists: ReadonlyArray<List>): Pages => {
  const first = pages.reduce((next, { page }) => Math.max(next, page + 1), 0)
  return lists.map((waiting, i) => {
    tx.put(BackorderPages, pageId(key, first + i), { waiting: [...waiting] })
    return { page: first + i, from: waiting[0]!.placedAt }
  })
}
