import { collection, event, Id, Instant } from "@omni/core"
import * as z from "zod"

import { CartLine, LineQuantity } from "../model.ts"

const { variant, options, custom, agreed } = CartLine.unwrap().shape

/** The most items of a list. */
export const MOST_ITEMS = 500

/** Something on a list, for which nothing has been decided. */
export const ListItem = z
  .object({ id: Id, variant, quantity: LineQuantity, options, custom, agreed, note: z.string().max(500).exactOptional(), addedAt: Instant })
  .readonly()
export type ListItem = z.infer<typeof ListItem>

/** `wish`: one of as many as a customer likes to have; `saved`: what was taken out of the cart for later. */
export const ListKind = z.enum(["wish", "saved"])
export type ListKind = z.infer<typeof ListKind>

/** A list of what somebody may want to buy. Whoever has its `code` may look at it. */
export const ShoppingList = z
  .object({
    id: Id,
    kind: ListKind,
    /** A customer; of what an unknown visitor saved, the cart: `cart/…`. */
    owner: Id,
    name: z.string().min(1).max(200),
    items: z.array(ListItem).max(MOST_ITEMS).readonly(),
    code: Id.exactOptional(),
    createdAt: Instant,
    updatedAt: Instant
  })
  .readonly()
export type ShoppingList = z.infer<typeof ShoppingList>

/** Lists by id. */
export const ShoppingLists = collection("cart.lists", { schema: ShoppingList, indexes: { owner: ["owner", "updatedAt"] } })

/** What a public code shows: a list, or a cart, which `copy` lets others take over into their own. */
export const Links = collection("cart.links", {
  schema: z
    .object({ list: Id.exactOptional(), cart: Id.exactOptional(), copy: z.boolean().exactOptional(), expiresAt: Instant.exactOptional() })
    .readonly()
})

/** The list of what an owner has saved for later. */
export const savedId = (owner: string): string => `saved/${owner}`

/** Something was put on a list. Subject: the list. */
export const ListItemAdded = event(
  "cart.ListItemAdded",
  z.object({ list: Id, kind: ListKind, owner: Id, item: Id, variant: Id, quantity: LineQuantity })
)

/** Something was taken off a list, or went into a cart. Subject: the list. */
export const ListItemRemoved = event(
  "cart.ListItemRemoved",
  z.object({ list: Id, kind: ListKind, owner: Id, item: Id, variant: Id, cart: Id.exactOptional() })
)
