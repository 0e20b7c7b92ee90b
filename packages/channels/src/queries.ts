import { fail, type Find, Id, type InvalidRow, type Item, type Page, paged, query, type View } from "@omni/core"
import * as z from "zod"

import { rootOf } from "./contact.ts"
import { MessageNotFound } from "./errors.ts"
import { type Message as Row, Messages } from "./model.ts"

/** A message as the log tells of it: without what was asked for while it waited. */
export type LoggedMessage = Omit<Row, "request" | "key">

const logged = (row: Row): LoggedMessage => {
  const { request: _, key: __, ...told } = row
  return told
}

const asLogged = <P extends Page<Item<Row>>>(page: P) => ({ ...page, items: page.items.map(({ id, row }) => ({ id, row: logged(row) })) })

/** A message as it stands. Errors: `MessageNotFound`. */
export const message = query("channels.message", z.object({ message: Id }), function* (view, { message: id }) {
  const row = view.get(Messages, id)
  if (row === undefined) return yield* fail(new MessageNotFound({ id, message: `There is no message "${id}" in the log.` }))
  return logged(row)
})

/** The messages about something, an order or a cart: the latest first, in pages. */
export const messagesAbout = query("channels.messagesAbout", z.object({ about: Id, ...paged }), function* (view, { about, ...page }) {
  return asLogged(view.find(Messages, "about", { equals: [about], order: "desc", ...page }))
})

/** A place in the list of a customer's messages, over all customers that are one: `(at, id)`. */
interface Place {
  readonly at: number
  readonly id: string
}

const placeIn = (cursor: string): Place | undefined => {
  const [, at, id] = /^(-?\d{1,16}) (\S.*)$/.exec(cursor) ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}

const Cursor = z.string().refine((text) => placeIn(text) !== undefined, { error: "Hand back the `cursor` of the page before, unchanged" })

const LIMIT = 50

/**
 * The messages of a customer and of those who have merged into the customer, by whichever of their ids: the latest first, in pages. Ids
 * sort by time, so `(at, id)` is an order over all of them, and a cursor stays good when customers merge between two pages.
 */
export const messagesOf = query(
  "channels.messagesOf",
  z.object({ customer: Id, ...paged, after: Cursor.exactOptional() }),
  function* (view, { after, customer, limit = LIMIT }): Generator<never, Page<Item<LoggedMessage>>, unknown> {
    const { contact, id } = rootOf(view, customer)
    const place = after === undefined ? undefined : placeIn(after)
    const customers = [id, ...(contact?.merged ?? [])]
    const finds = customers.map((one) => findOf(one, limit + 1, place))
    // All of them in one load: those below are found in it.
    view.findMany(Messages, "customer", finds)
    const parts = finds.map((find) => takeFrom(view, find, limit + 1, place))
    const found = parts.flatMap(({ items }) => items).sort((left, right) => right.row.at - left.row.at || (left.id < right.id ? 1 : -1))
    const items = found.slice(0, limit)
    const last = items.at(-1)
    const invalid = parts.flatMap((part) => part.invalid ?? [])
    return asLogged({
      items,
      ...(found.length > limit && last !== undefined ? { cursor: `${last.row.at} ${last.id}` } : {}),
      ...(invalid.length === 0 ? {} : { invalid })
    })
  }
)

const findOf = (customer: string, limit: number, place: Place | undefined): Find => ({
  equals: [customer],
  order: "desc",
  limit,
  ...(place === undefined ? {} : { to: place.at })
})

/** So many of a customer's messages that come after a place. */
const takeFrom = (view: View, find: Find, count: number, place: Place | undefined): Page<Item<Row>> => {
  const items: Array<Item<Row>> = []
  const invalid: Array<InvalidRow> = []
  let after: string | undefined
  do {
    const page = view.find(Messages, "customer", after === undefined ? find : { ...find, after })
    items.push(...page.items.filter(({ id, row }) => place === undefined || row.at < place.at || id < place.id))
    invalid.push(...(page.invalid ?? []))
    after = page.cursor
  } while (items.length < count && after !== undefined)
  return { items: items.slice(0, count), invalid }
}
