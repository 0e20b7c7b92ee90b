import { Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { NO_CONTACT } from "./contact.ts"
import { Contacts, Open } from "./model.ts"

/** So many are on the customer's own row: mostly there are no others. */
const FEW = 64

/** Messages ended in one commit, about. */
const AT_ONCE = 1_000
/** Shelves looked at in one commit. */
const SHELVES = 128

/** What ids end with. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
const shelves = [...LETTERS].flatMap((one) => [...LETTERS].map((other) => one + other))

const shelfOf = (customer: string, ending: string): string => `${ending} ${customer}`

/** A message of a customer waits, or is on its way. */
export const noteOpen = (tx: Tx, customer: string, message: string): void => {
  const contact = tx.get(Contacts, customer) ?? NO_CONTACT
  if (contact.open.length < FEW) return void tx.put(Contacts, customer, { ...contact, open: [...contact.open, message] })
  if (contact.more === undefined) tx.put(Contacts, customer, { ...contact, more: true })
  const shelf = shelfOf(customer, message.slice(-2))
  tx.put(Open, shelf, { messages: [...(tx.get(Open, shelf)?.messages ?? []), message] })
}

/** It has ended. */
export const noteEnded = (tx: Tx, customer: string, message: string): void => {
  const contact = tx.get(Contacts, customer)
  if (contact?.open.includes(message) === true)
    return void tx.put(Contacts, customer, { ...contact, open: contact.open.filter((open) => open !== message) })
  if (contact?.more === undefined) return
  const shelf = shelfOf(customer, message.slice(-2))
  const messages = tx.get(Open, shelf)?.messages ?? []
  if (!messages.includes(message)) return
  if (messages.length === 1) tx.remove(Open, shelf)
  else tx.put(Open, shelf, { messages: messages.filter((open) => open !== message) })
}

/** Ends all that is open of a customer by `end`: in commits of a size that any store takes, however much it is. */
export const endingAll = (end: (tx: Tx, messages: ReadonlyArray<string>) => void) => {
  const rest = operation("channels.endOpen", z.object({ customer: Id, from: z.int() }), function* (tx, { customer, from }) {
    const ids = shelves.slice(from, from + SHELVES).map((ending) => shelfOf(customer, ending))
    const rows = tx.getMany(Open, ids)
    let looked = 0
    const messages: Array<string> = []
    while (looked < rows.length && messages.length < AT_ONCE) for (const message of rows[looked++]?.messages ?? []) messages.push(message)
    end(tx, messages)
    if (from + looked < shelves.length) later(tx, customer, from + looked)
  })
  const later = (tx: Tx, customer: string, from: number): void => {
    tx.schedule(tx.now, rest, { customer, from }, { key: `channels.endOpen ${customer}` })
  }
  return {
    rest,
    endAll: (tx: Tx, customer: string): void => {
      const contact = tx.get(Contacts, customer)
      if (contact === undefined) return
      end(tx, contact.open)
      if (contact.more !== undefined) later(tx, customer, 0)
    }
  }
}
