import { hours, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { Reservations } from "./checkout/model.ts"
import { linkCode } from "./code/link.ts"
import { factsOf } from "./facts.ts"
import { letGo } from "./find.ts"
import { endHandOver } from "./hand-over.ts"
import { type Cart, CartAbandoned, CartExpired, CartRecovered, Carts, HandOvers } from "./model.ts"
import { pricedCart } from "./priced-cart.ts"
import type { Settings } from "./settings.ts"

const Input = z.object({ cart: Id })

/** When a cart is looked at again that would be over or abandoned, and is being paid for: a transfer takes days, in which nobody changes it. */
const LATER = hours(1)

/** Only their names are scheduled; those of the same names below are what runs. */
const expireLater = operation("cart.expire", Input, function* () {})
const abandonLater = operation("cart.abandon", Input, function* () {})

/** What timers do to a cart that nobody changes. Clients do not see it. */
const timers = (settings: Settings) => ({
  /** Tells that a cart was abandoned, with a code that opens it again wherever it is followed; not while it is being paid for. Run by the timer that every change sets. */
  abandon: operation("cart.abandon", Input, function* (tx, { cart: id }) {
    const cart = tx.get(Carts, id)
    const idle = cart === undefined ? undefined : idleOf(settings, cart)
    if (cart?.status !== "open" || cart.lines.length === 0 || cart.abandonedAt !== undefined || idle === undefined) return
    if (cart.updatedAt + idle > tx.now) return
    if (isBeingPaid(tx, id)) {
      tx.schedule(tx.now + LATER, abandonLater, { cart: id }, { key: abandonKey(id), subject: id })
      return
    }
    const facts = toldOf(tx, settings, cart)
    if (facts === undefined) return
    const code = linkCode(settings, tx.newId("qr"))
    const expiresAt = tx.now + (settings.expiry ?? settings.recovery)
    tx.put(HandOvers, code, { cart: id, expiresAt })
    tx.schedule(expiresAt, endHandOver, { code }, { key: `cart.handOver ${code}`, subject: id })
    tx.put(Carts, id, { ...cart, abandonedAt: tx.now })
    tx.emit(CartAbandoned, id, { ...facts, code, codeExpiresAt: expiresAt, idleSince: cart.updatedAt })
  }),

  /** Ends a cart that nobody has changed for the whole time, nor is paying for. Run by the timer that every change sets. */
  expire: operation("cart.expire", Input, function* (tx, { cart: id }) {
    const cart = tx.get(Carts, id)
    if (cart?.status !== "open" || settings.expiry === undefined || cart.updatedAt + settings.expiry > tx.now) return
    if (isBeingPaid(tx, id)) {
      tx.schedule(tx.now + LATER, expireLater, { cart: id }, { key: expireKey(id), subject: id })
      return
    }
    letGo(tx, cart)
    tx.put(Carts, id, { ...cart, status: "expired" })
    const facts = toldOf(tx, settings, cart)
    if (facts !== undefined && cart.lines.length > 0) tx.emit(CartExpired, id, { ...facts, idleSince: cart.updatedAt })
  })
})

/** Whether a cart has a checkout that is open: who pays is told neither that it waits nor that it is over. */
const isBeingPaid = (tx: Tx, cart: string): boolean => tx.get(Reservations, cart)?.held === true

const made = new WeakMap<Settings, ReturnType<typeof timers>>()

/** The operations that timers of carts run, the same ones for the same settings. */
export const timersOf = (settings: Settings): ReturnType<typeof timers> => {
  const known = made.get(settings) ?? timers(settings)
  made.set(settings, known)
  return known
}

/** Sets the timers of a cart anew, from its last change on. */
export const watchIdle = (tx: Tx, settings: Settings, cart: Cart): void => {
  const idle = idleOf(settings, cart)
  const { abandon, expire } = timersOf(settings)
  if (idle !== undefined && cart.lines.length > 0)
    tx.schedule(cart.updatedAt + idle, abandon, { cart: cart.id }, { key: abandonKey(cart.id), subject: cart.id })
  else if (settings.idle !== undefined) tx.cancel(abandonKey(cart.id))
  if (settings.expiry !== undefined)
    tx.schedule(cart.updatedAt + settings.expiry, expire, { cart: cart.id }, { key: expireKey(cart.id), subject: cart.id })
}

/** A cart that is over waits for nothing. */
export const unwatchIdle = (tx: Tx, settings: Settings, { id }: Cart): void => {
  if (settings.idle !== undefined) tx.cancel(abandonKey(id))
  if (settings.expiry !== undefined) tx.cancel(expireKey(id))
}

/** The same of one that is over by what happened elsewhere, whatever the app waits for. */
export const unwatch = (tx: Tx, cart: string): void => {
  tx.cancel(abandonKey(cart))
  tx.cancel(expireKey(cart))
}

/** The cart without the mark of one that was abandoned; tells that somebody is at it again. */
export const recovered = (tx: Tx, { abandonedAt, ...cart }: Cart, channel: string): Cart => {
  if (abandonedAt !== undefined)
    tx.emit(CartRecovered, cart.id, {
      cart: cart.id,
      ...(cart.customer === undefined ? {} : { customer: cart.customer }),
      channel,
      abandonedAt
    })
  return cart
}

const abandonKey = (cart: string): string => `cart.abandon ${cart}`
const expireKey = (cart: string): string => `cart.expire ${cart}`

const idleOf = ({ idle, channels }: Settings, { lastChannel }: Cart): number | undefined => {
  const channel = channels.get(lastChannel)
  return channel === undefined ? undefined : typeof idle === "function" ? idle(channel) : idle
}

/** What is told of a cart; `undefined` when its channel is no more, or what is in it cannot be priced. */
const toldOf = (tx: Tx, settings: Settings, cart: Cart) => {
  const channel = settings.channels.get(cart.lastChannel)
  if (channel === undefined) return undefined
  const seen = tx.attempt(pricedCart(tx, cart, { settings, channel }))
  return seen.ok ? factsOf(seen.value) : undefined
}
