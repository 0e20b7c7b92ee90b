import { fail, Id, type Item, latestOf, type Page, paged, pagedByTime, query } from "@omni/core"
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

const asLogged = (page: Page<Item<Row>>): Page<Item<LoggedMessage>> => ({
  ...page,
  items: page.items.map(({ id, row }) => ({ id, row: logged(row) }))
})

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

/** The messages of a customer and of those who have merged into the customer, by whichever of their ids: the latest first, in pages. */
export const messagesOf = query("channels.messagesOf", z.object({ customer: Id, ...pagedByTime }), function* (view, { customer, ...page }) {
  const { contact, id } = rootOf(view, customer)
  return asLogged(latestOf(view, Messages, "customer", [id, ...(contact?.merged ?? [])], ({ at }) => at, page))
})
