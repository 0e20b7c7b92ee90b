import { fail, Id, type Item, type Page, query, type View } from "@omni/core"
import * as z from "zod"

import { MessageNotFound } from "./errors.ts"
import { Contacts, type Message as Row, Messages } from "./model.ts"

/** A message of the log with its id. */
export interface LoggedMessage extends Omit<Row, "request" | "key"> {
  readonly id: string
}

const logged = ({ id, row }: Item<Row>): LoggedMessage => {
  const { request: _, key: __, ...told } = row
  return { id, ...told }
}

/** A message as it stands. Errors: `MessageNotFound`. */
export const message = query("channels.message", z.object({ message: Id }), function* (view, { message: id }) {
  const row = view.get(Messages, id)
  if (row === undefined) return yield* fail(new MessageNotFound({ id, message: `There is no message "${id}" in the log.` }))
  return logged({ id, row })
})

const LIMIT = 50
const Paged = { limit: z.int().min(1).max(200).exactOptional(), after: z.string().exactOptional() }

/** The messages of a customer, also those to whom has merged into the customer: the latest first, in pages of 50 unless told. */
export const messagesOf = query(
  "channels.messagesOf",
  z.object({ customer: Id, ...Paged }),
  function* (view, { after, customer, limit = LIMIT }): Generator<never, Page<LoggedMessage>, unknown> {
    const customers = [customer, ...(view.get(Contacts, customer)?.merged ?? [])]
    return customers.length === 1 ? pageOf(view, customer, limit, after) : latestOf(view, customers, limit, after)
  }
)

/** The messages about something, an order or a cart: the latest first. */
export const messagesAbout = query("channels.messagesAbout", z.object({ about: Id, ...Paged }), function* (view, { about, ...page }) {
  const found = view.find(Messages, "about", { equals: [about], order: "desc", ...page })
  return { ...found, items: found.items.map(logged) }
})

const pageOf = (view: View, customer: string, limit: number, after: string | undefined): Page<LoggedMessage> => {
  const found = view.find(Messages, "customer", { equals: [customer], order: "desc", limit, ...(after === undefined ? {} : { after }) })
  return { ...found, items: found.items.map(logged) }
}

/** One list out of several customers'. Ids sort by time, so `(at, id)` is an order over all of them, and a place in it is a cursor. */
const latestOf = (view: View, customers: ReadonlyArray<string>, limit: number, after: string | undefined): Page<LoggedMessage> => {
  const [at, id] = after === undefined ? [undefined, undefined] : placeOf(after)
  const rows = customers
    .flatMap((customer) => takeFrom(view, customer, limit, at, id))
    .sort((left, right) => right.row.at - left.row.at || (left.id < right.id ? 1 : -1))
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items: items.map(logged), ...(rows.length > limit && last !== undefined ? { cursor: `${last.row.at} ${last.id}` } : {}) }
}

const placeOf = (cursor: string): readonly [at: number | undefined, id: string] => {
  const [at = "", id = ""] = cursor.split(" ")
  return [/^\d+$/.test(at) ? Number(at) : undefined, id]
}

/** One more than `limit` of a customer's messages that come after a place. */
const takeFrom = (
  view: View,
  customer: string,
  limit: number,
  at: number | undefined,
  id: string | undefined
): ReadonlyArray<Item<Row>> => {
  const taken: Array<Item<Row>> = []
  let after: string | undefined
  do {
    const page = view.find(Messages, "customer", {
      equals: [customer],
      order: "desc",
      limit: limit + 1,
      ...(at === undefined ? {} : { to: at }),
      ...(after === undefined ? {} : { after })
    })
    taken.push(...page.items.filter((item) => at === undefined || item.row.at < at || (id !== undefined && item.id < id)))
    after = page.cursor
  } while (taken.length <= limit && after !== undefined)
  return taken.slice(0, limit + 1)
}
