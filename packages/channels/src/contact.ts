import type { Tx } from "@omni/core"

import { type Contact, type Contacted, Contacts } from "./model.ts"
import type { Recipient } from "./recipient.ts"

/** What both an operation and a query can read with. */
type Reader = Pick<Tx, "get">

export const NO_CONTACT: Contact = { contacted: [], open: [], merged: [] }

/** Under which id a customer is kept now, and what is kept there: one hop, because every merge lets all who went before point on. */
export const rootOf = (reader: Reader, customer: string): { readonly id: string; readonly contact: Contact | undefined } => {
  const contact = reader.get(Contacts, customer)
  return contact?.into === undefined ? { id: customer, contact } : { id: contact.into, contact: reader.get(Contacts, contact.into) }
}

/** All that counts against a recipient's caps, under whatever id it was counted, also where nobody has told of a merge yet. */
export const contactedOf = (tx: Tx, { merged = [], profile }: Recipient): ReadonlyArray<Contacted> => {
  const parts = tx.getMany(Contacts, [profile, ...merged])
  const root = rootOf(tx, profile)
  const others = root.id === profile || merged.includes(root.id) ? [] : [root.contact]
  return [...parts, ...others].flatMap((contact) => contact?.contacted ?? [])
}
