import { fail, type Tx } from "@omni/core"

import { lineKey } from "../contents.ts"
import type { Cart } from "../model.ts"
import { ListFull, ListNotFound } from "./errors.ts"
import {
  type ListItem,
  ListItemAdded,
  ListItemRemoved,
  type ListKind,
  MOST_ITEMS,
  savedId,
  type ShoppingList,
  ShoppingLists
} from "./model.ts"

/** Whose list keeps what is taken out of a cart for later. */
export const savedOwner = ({ id, customer }: Pick<Cart, "id" | "customer">): string => customer ?? `cart/${id}`

/** The list that is meant. Errors: `ListNotFound`. */
export function* listOf(tx: Tx, id: string): Generator<ListNotFound, ShoppingList, unknown> {
  return tx.get(ShoppingLists, id) ?? (yield* fail(ListNotFound.of(id)))
}

/** An empty list, not yet put. */
export const emptyList = (tx: Tx, id: string, kind: ListKind, owner: string, name: string): ShoppingList => ({
  id,
  kind,
  owner,
  name,
  items: [],
  createdAt: tx.now,
  updatedAt: tx.now
})

/** A list with one item more; of what is on it already, the greater number. Errors: `ListFull`. */
export function* withItem(tx: Tx, list: ShoppingList, item: ListItem): Generator<ListFull, ShoppingList, unknown> {
  const known = list.items.find((one) => lineKey(one) === lineKey(item))
  if (known !== undefined && known.quantity >= item.quantity && (item.note === undefined || item.note === known.note)) return list
  if (known === undefined && list.items.length >= MOST_ITEMS)
    return yield* fail(
      new ListFull({ list: list.id, most: MOST_ITEMS, message: `The list "${list.id}" has ${MOST_ITEMS} items, the most there may be.` })
    )
  const { id, kind, owner } = list
  // Lines of several carts may be called the same.
  const fresh = list.items.some((one) => one.id === item.id) ? { ...item, id: tx.newId("item") } : item
  const now =
    known === undefined
      ? fresh
      : { ...known, ...(item.note === undefined ? {} : { note: item.note }), quantity: Math.max(known.quantity, item.quantity) }
  const items = known === undefined ? [...list.items, fresh] : list.items.map((one) => (one === known ? now : one))
  if (known === undefined)
    tx.emit(ListItemAdded, id, { list: id, kind, owner, item: fresh.id, variant: item.variant, quantity: item.quantity })
  return tx.put(ShoppingLists, id, { ...list, items, updatedAt: tx.now })
}

/** A list without some items. `cart`: where they went. */
export const withoutItems = (tx: Tx, list: ShoppingList, gone: ReadonlyArray<ListItem>, cart?: string): ShoppingList => {
  if (gone.length === 0) return list
  const { id, kind, owner } = list
  for (const { id: item, variant } of gone)
    tx.emit(ListItemRemoved, id, { list: id, kind, owner, item, variant, ...(cart === undefined ? {} : { cart }) })
  return tx.put(ShoppingLists, id, { ...list, items: list.items.filter((one) => !gone.includes(one)), updatedAt: tx.now })
}

/** What somebody has saved for later comes to whom the cart belongs to now. What does not fit is left where it was. */
export const moveSaved = (tx: Tx, from: string, to: string): void => {
  const mine = tx.get(ShoppingLists, savedId(from))
  if (from === to || mine === undefined || mine.items.length === 0) return
  let list = tx.get(ShoppingLists, savedId(to)) ?? emptyList(tx, savedId(to), "saved", to, mine.name)
  const moved = mine.items.filter((item) => {
    const put = tx.attempt(withItem(tx, list, item))
    if (put.ok) list = put.value
    return put.ok
  })
  withoutItems(tx, mine, moved)
}
