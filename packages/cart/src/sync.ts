import type { Offer } from "@omni/catalog"
import { type Channel, Count, Id, Instant, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { inItsTime } from "./ahead.ts"
import { type Change, changed, type Contents } from "./contents.ts"
import { boughtBefore, cartFor, cartRef, findCart, newCart, refOf } from "./find.ts"
import { chosen, wasThere } from "./lines.ts"
import type { Cart } from "./model.ts"
import { type Missing, pricedOffers, type PricedOffer } from "./offers.ts"
import type { CartWithPrices } from "./priced-cart.ts"
import { saveContents } from "./save.ts"
import { channelOf, type Settings } from "./settings.ts"

/** The most changes of one call. */
const MOST = 1_000

/** A change that a device has made by itself, at its own time. `id` names the change where one line is added to more than once. */
export const DeviceChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("add"), line: Id, id: Id.exactOptional(), at: Instant, ...chosen }),
  z.object({ kind: z.literal("set"), line: Id, id: Id.exactOptional(), at: Instant, quantity: Count.max(1_000_000) }),
  z.object({ kind: z.literal("remove"), line: Id, at: Instant })
])
export type DeviceChange = z.infer<typeof DeviceChange>

/** A change that could not be made, and why. */
export interface RefusedChange {
  readonly line: string
  readonly variant: string
  readonly reason: "not-offered" | "no-price"
}

/** A cart after the changes of a device. */
export interface Synced extends CartWithPrices {
  readonly refused: ReadonlyArray<RefusedChange>
}

/** What brings the changes of a device into its cart. */
export const syncOperations = (settings: Settings) => ({
  /**
   * Brings in what a device has changed while it was offline, as of the times of the changes: in whatever order devices come, and however
   * often they tell, the cart is the same. Of two that say how many, the later one holds; what was added after that is added to it; a
   * line that was removed stays so. A time that has not come yet counts as now, and told again as it did. Up to 1,000 changes a call. With `create`, a cart that
   * nobody here has heard of is opened under the id that the device has given it.
   * Errors: `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  sync: operation(
    "cart.sync",
    z.object({ ...cartRef, channel: Id.exactOptional(), create: z.boolean().exactOptional(), changes: z.array(DeviceChange).max(MOST) }),
    function* (tx, { cart: id, customer, channel: named, create, changes }) {
      const channel = yield* channelOf(tx, settings, named)
      const ref = refOf(id, customer)
      const isNew = create === true && id !== undefined && findCart(tx, settings, { cart: id }) === undefined
      const cart = isNew ? newCart(tx, undefined, channel, id) : yield* cartFor(tx, settings, ref, channel)
      const articles = articlesOf(tx, settings, channel, cart, changes)
      const bought = boughtBefore(tx, ref)
      const refused: Array<RefusedChange> = []
      let contents: Contents = cart
      for (const one of inTurn(changes, tx.now)) {
        if (bought !== undefined && wasThere(tx, bought, {}, one.line, "variant" in one ? one.variant : undefined)) continue
        const found = one.kind === "add" ? (articles.get(one.variant) ?? "not-offered") : undefined
        if (one.kind === "add" && typeof found === "string") refused.push({ line: one.line, variant: one.variant, reason: found })
        else contents = made(contents, changeOf(one, typeof found === "object" ? found.offer : undefined, channel.id), tx.now)
      }
      const seen = yield* saveContents(tx, settings, channel, cart, contents)
      return { ...seen, refused }
    }
  )
})

const articlesOf = (
  tx: Tx,
  settings: Settings,
  channel: Channel,
  cart: Cart,
  changes: ReadonlyArray<DeviceChange>
): ReadonlyMap<string, PricedOffer | Missing> => {
  const variants = [...new Set(changes.flatMap((one) => (one.kind === "add" ? [one.variant] : [])))]
  const offers = pricedOffers(tx, settings, channel, cart, variants)
  return new Map(variants.map((variant, i) => [variant, offers[i]!]))
}

/** Changes of a clock that is ahead come last, in their own order. */
const inTurn = (changes: ReadonlyArray<DeviceChange>, now: number): ReadonlyArray<DeviceChange> => [
  ...changes.filter(({ at }) => at <= now),
  ...changes.filter(({ at }) => at > now).sort((a, b) => a.at - b.at)
]

const made = (contents: Contents, change: Change, now: number): Contents => {
  if (change.kind === "remove") return changed(contents, change)
  const timed = inItsTime(contents, change, now)
  const after = changed(timed.contents, timed.change)
  // What changes nothing need not be remembered.
  return after === timed.contents ? contents : after
}

const changeOf = (one: DeviceChange, offer: Offer | undefined, channel: string): Change => {
  if (one.kind === "remove" || (one.kind === "set" && one.quantity === 0)) return { kind: "remove", line: one.line }
  const { line, quantity, at } = one
  // Two devices that say something else at one moment: the greater quantity, on whichever side it arrives.
  if (one.kind === "set") return { kind: "set", line, id: one.id ?? `=${String(quantity).padStart(7, "0")}`, at, quantity }
  const { variant, options, custom } = one
  const { product, sku } = { product: offer?.product.id ?? variant, sku: offer?.variant.sku ?? variant }
  return { kind: "add", line, id: one.id ?? line, at, quantity, article: { variant, options, custom, product, sku, channel } }
}
