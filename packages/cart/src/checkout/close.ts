import { type Money, type Tx } from "@omni/core"
import type { Order } from "@omni/orders"

import { inOrder, isNamed, withRemoved } from "../contents.ts"
import { lineFacts } from "../facts.ts"
import { letGo } from "../find.ts"
import { recovered, unwatch } from "../idle.ts"
import { type Cart, CartCheckedOut, type CartLine, Carts, LiveCarts } from "../model.ts"

/** What was ordered of a cart. */
export interface Ordered {
  readonly lines: ReadonlyArray<CartLine>
  readonly codes: ReadonlyArray<string>
  readonly channel: string
}

/**
 * Closes a cart whose order was paid for, as what was ordered. What was put into it meanwhile, and more of a line than was paid for, goes on in another cart: the
 * one that it was merged into, or a new one of the same customer, which the closed cart names as its `rest`.
 */
export const closePaid = (tx: Tx, id: string, ordered: Ordered | undefined, order: Order): void => {
  const cart = tx.get(Carts, id)
  if (cart === undefined || cart.status === "checked-out") return
  const { lines, codes, channel } = ordered ?? orderedBy(cart, order)
  const holder = holderOf(tx, cart)
  const left = leftOf(tx, holder.lines, lines)
  const others = holder.coupons.filter((code) => !codes.includes(code))
  const rest = holder.id === id ? goOn(tx, cart, left, others) : takeOut(tx, holder, left, lines)
  const { mergedInto: _, ...row } = recovered(tx, cart, channel)
  const closed: Cart = tx.put(Carts, id, {
    ...row,
    status: "checked-out",
    lines,
    coupons: codes,
    order: order.id,
    lastChannel: channel,
    updatedAt: tx.now,
    ...(rest === undefined ? {} : { rest })
  })
  unwatch(tx, id)
  letGo(tx, cart, true)
  if (rest !== undefined && cart.customer !== undefined && holder.id === id) goesOn(tx, cart.customer, rest)
  tell(tx, closed, order.totals.total)
}

/** What an order says that its cart was, where nobody has noted it: by the ids of its lines, or where it has others, by their articles. */
const orderedBy = (cart: Cart, order: Order): Ordered => ({
  lines: cart.lines.flatMap((line) => {
    const found =
      order.lines.find(({ id }) => id === line.id) ?? order.lines.find(({ sku, gift }) => gift === undefined && sku === line.sku)
    return found === undefined ? [] : [{ ...bare(line), quantity: found.quantity }]
  }),
  codes: cart.coupons,
  channel: cart.lastChannel
})

/** Where the lines of a cart are now: merges are followed, to a cart that is open. */
const holderOf = (tx: Tx, cart: Cart): Cart => {
  let found = cart
  for (let hop = 0; hop < 8 && found.mergedInto !== undefined; hop++) found = tx.get(Carts, found.mergedInto) ?? found
  return found.status === "open" ? found : cart
}

/** What is there beyond what was ordered. More of a line is a line of its own: by its old id it would be told of twice. */
const leftOf = (tx: Tx, lines: ReadonlyArray<CartLine>, ordered: ReadonlyArray<CartLine>): ReadonlyArray<CartLine> =>
  inOrder(
    lines.flatMap((line) => {
      const bought = ordered.filter(({ id }) => isNamed(line, id)).reduce((sum, { quantity }) => sum + quantity, 0)
      if (bought === 0) return [line]
      return line.quantity <= bought ? [] : [{ ...bare(line), id: tx.newId("line"), quantity: line.quantity - bought }]
    })
  )

/** A line without how its quantity came about. */
const bare = ({ adds: _a, set: _s, merged: _m, ...line }: CartLine): CartLine => line

/** A cart for what is left. */
const goOn = (
  tx: Tx,
  { customer, lastChannel, removed, waiting, ahead }: Cart,
  lines: ReadonlyArray<CartLine>,
  coupons: ReadonlyArray<string>
): string | undefined => {
  if (lines.length === 0) return undefined
  const id = tx.newId("cart")
  tx.put(Carts, id, {
    id,
    ...(customer === undefined ? {} : { customer }),
    status: "open",
    lines,
    // Devices go on telling of what they have told the other.
    ...(removed === undefined ? {} : { removed }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(ahead === undefined ? {} : { ahead }),
    coupons,
    lastChannel,
    createdAt: tx.now,
    updatedAt: tx.now
  })
  return id
}

/** What was ordered leaves the cart that it had come into, for good. */
const takeOut = (tx: Tx, holder: Cart, lines: ReadonlyArray<CartLine>, ordered: ReadonlyArray<CartLine>): string => {
  const gone = ordered.map(({ id, variant }) => ({ line: id, variant }))
  tx.put(Carts, holder.id, { ...holder, lines, removed: withRemoved(holder.removed ?? [], gone), updatedAt: tx.now })
  return holder.id
}

const goesOn = (tx: Tx, customer: string, cart: string): void => {
  const live = tx.get(LiveCarts, customer)
  if (live?.cart === undefined) tx.put(LiveCarts, customer, { ...live, cart })
}

const tell = (tx: Tx, { id, customer, lines, coupons, lastChannel, order = "", rest }: Cart, value: Money): void => {
  tx.emit(CartCheckedOut, id, {
    cart: id,
    ...(customer === undefined ? {} : { customer }),
    value,
    lines: lines.map(lineFacts),
    lastChannel,
    coupons,
    order,
    ...(rest === undefined ? {} : { rest })
  })
}
