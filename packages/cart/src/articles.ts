import { canonicalCode, isOffered, type Offer, offersOf } from "@omni/catalog"
import { type Channel, Id, type Tx } from "@omni/core"
import * as z from "zod"

import { type Article, changed, type Contents, lineKey, timeAfter } from "./contents.ts"
import { catalogRows } from "./foresee.ts"
import type { Custom } from "./model.ts"
import { isPriced } from "./priced-cart.ts"

/** What somebody wants, as a list, an order or a link names it. */
export interface Wanted {
  readonly variant: string
  readonly quantity: number
  readonly options?: Readonly<Record<string, string>>
  readonly custom?: Custom
}

/** What can be put into a cart. */
export interface Available {
  readonly article: Article
  readonly quantity: number
}

/** Why something cannot be put into a cart. */
export type Missing = "not-offered" | "no-price"

/** What of all that is wanted there is on a channel, aligned. Two loads. */
export const availableOf = (tx: Tx, channel: Channel, wanted: ReadonlyArray<Wanted>): ReadonlyArray<Available | Missing> => {
  const offers = offersOf(
    tx,
    wanted.map(({ variant }) => variant)
  )
  return wanted.map(({ variant, quantity, options = {}, custom = {} }, at) => {
    const offer = offers[at]
    if (offer === undefined || !isOffered(offer)) return "not-offered"
    if (!isPriced(offer, channel)) return "no-price"
    return { quantity, article: { variant, options, custom, ...idsOf(offer), channel: channel.id } }
  })
}

const idsOf = ({ product, variant }: Offer) => ({ product: product.id, sku: variant.sku })

/** So many more of each, on the lines that match. */
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

const NamedVariant = z.object({ variant: Id })

/** The variants that SKUs or other codes name, aligned. One load. */
export const variantsOf = (tx: Tx, skus: ReadonlyArray<string>): ReadonlyArray<string | undefined> =>
  tx.getMany(catalogRows()[2], skus.map(canonicalCode)).map((row) => NamedVariant.safeParse(row).data?.variant)
