import { contentOf, type Offer, offersOf } from "@omni/catalog"
import type { Channel, Locale } from "@omni/core"

import type { Reader } from "./find.ts"
import type { Cart } from "./model.ts"

/** What an article is called on a channel in a language, that of the channel unless told, as a document has it: "Shaver Seven, Black". */
export const nameOf = ({ product, variant }: Offer, channel: Channel, locale: Locale = channel.locale): string | undefined => {
  const { name, variantName } = contentOf({ product, variant }, channel, locale)
  // A name in another language says more than none.
  const called = name?.value ?? Object.values(product.name)[0]
  const parts = [called, variantName?.value].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : [...new Set(parts)].join(", ").slice(0, 500)
}

/** What the lines of a cart are called on a channel in a language, by their ids. What pricing has loaded is enough. */
export const lineNames = (
  reader: Reader,
  channel: Channel,
  { lines }: Pick<Cart, "lines">,
  locale: Locale | undefined
): ReadonlyMap<string, string> => {
  const offers = offersOf(
    reader,
    lines.map(({ variant }) => variant)
  )
  return new Map(
    lines.flatMap(({ id }, at) => {
      const offer = offers[at]
      const name = offer === undefined ? undefined : nameOf(offer, channel, locale)
      return name === undefined ? [] : [[id, name] as const]
    })
  )
}
