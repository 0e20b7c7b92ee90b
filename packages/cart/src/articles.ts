import type { Channel, Tx } from "@omni/core"

import { type Article, changed, type Contents, lineKey, timeAfter } from "./contents.ts"
import { type Cart, type Custom, MOST_PIECES } from "./model.ts"
import { type Missing, pricedOffers } from "./offers.ts"
import type { Settings } from "./settings.ts"

/** What somebody wants, as a list, an order or a link names it. */
export interface Wanted {
  readonly variant: string
  readonly quantity: number
  readonly options?: Readonly<Record<string, string>>
  readonly custom?: Custom
  /** A price that was agreed on for it. */
  readonly agreed?: Article["agreed"]
}

/** What can be put into a cart. */
export interface Available {
  readonly article: Article
  readonly quantity: number
}

/** What of all that is wanted there is for a customer on a channel, aligned. See `pricedOffers`. */
export const availableOf = (
  tx: Tx,
  settings: Settings,
  channel: Channel,
  cart: Cart,
  wanted: ReadonlyArray<Wanted>
): ReadonlyArray<Available | Missing> => {
  const offers = pricedOffers(
    tx,
    settings,
    channel,
    cart,
    wanted.map(({ variant }) => variant)
  )
  return wanted.map(({ variant, quantity, options = {}, custom = {}, agreed }, at) => {
    const found = offers[at]!
    if (typeof found === "string") return found
    const { product, variant: row } = found.offer
    const price = agreed === undefined ? {} : { agreed }
    return { quantity, article: { variant, options, custom, product: product.id, sku: row.sku, channel: channel.id, ...price } }
  })
}

/** Whether so many more are no more than one line may have. */
export const fits = (contents: Contents, { article, quantity }: Available): boolean =>
  (matchOf(contents, article)?.quantity ?? 0) + quantity <= MOST_PIECES

/** So many more of each, on the lines that match; who calls has looked that they fit. */
export const withMore = (tx: Tx, contents: Contents, all: ReadonlyArray<Available>): Contents =>
  all.reduce((now, { article, quantity }) => {
    const match = matchOf(now, article)
    const id = tx.newId("line")
    return changed(now, { kind: "add", line: match?.id ?? id, id, at: timeAfter(now, match, tx.now), quantity, article })
  }, contents)

/** So many of each, unless there are as many already: told twice it changes nothing. */
export const withAtLeast = (tx: Tx, contents: Contents, all: ReadonlyArray<Available>): Contents =>
  all.reduce((now, one) => {
    const missing = one.quantity - (matchOf(now, one.article)?.quantity ?? 0)
    return missing <= 0 ? now : withMore(tx, now, [{ ...one, quantity: missing }])
  }, contents)

const matchOf = ({ lines }: Contents, article: Article) => {
  const key = lineKey(article)
  return lines.find((line) => line.variant === article.variant && lineKey(line) === key)
}
