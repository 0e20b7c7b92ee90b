import type { SearchDocument, SearchOffer, SearchRange, SearchRequest } from "./port.ts"

/** What of a request a product is held against, beside its words. */
export type SearchFilters = Pick<SearchRequest, "channel" | "now" | "values" | "ranges" | "price" | "prices"> & {
  /** Whether it is browsed: no text was typed. */
  readonly browse: boolean
}

/** One of the conditions that a shopper has set: a facet by its name, or the price. */
export const PRICE: unique symbol = Symbol("price")
type Condition = string | typeof PRICE

/** Whether a product may be seen on the channel at the moment of a request, by whoever browses or by whoever looks for it. */
export const isShown = ({ shown }: Pick<SearchDocument, "shown">, { channel, now, browse }: SearchFilters): boolean =>
  shown.some((one) => one.channel === channel && (one.browse || !browse) && (one.from ?? -Infinity) <= now && now < (one.until ?? Infinity))

/** What an offer costs in the places where prices stand for whoever asks; `undefined`: it has no price for them. */
export const offerPrice = (offer: Pick<SearchOffer, "prices">, places: SearchRequest["prices"]): number | undefined => {
  for (const row of places) {
    const found = row.flatMap((place) => (Object.hasOwn(offer.prices, place) ? [offer.prices[place]!] : []))
    if (found.length > 0) return Math.min(...found)
  }
  return undefined
}

/** The values of a facet that an offer has: its own and its product's. */
export const valuesOf = (document: SearchDocument, offer: SearchOffer, facet: string): ReadonlyArray<string> => [
  ...new Set([...own(document.values, facet), ...own(offer.values, facet)])
]

/** The numbers of a facet that an offer has. */
export const numbersOf = (document: SearchDocument, offer: SearchOffer, facet: string): ReadonlyArray<number> => [
  ...own(document.numbers, facet),
  ...own(offer.numbers, facet)
]

/** The offers of a product that meet all that a shopper has chosen, but for one condition. This is the meaning of filters: drivers are held to it. */
export const offersMeeting = (
  document: SearchDocument,
  filters: SearchFilters,
  except?: Condition
): ReadonlyArray<SearchOffer & { readonly price: number | undefined }> =>
  document.offers.flatMap((offer) => {
    const price = offerPrice(offer, filters.prices)
    const meets =
      Object.entries(filters.values).every(
        ([facet, wanted]) => facet === except || valuesOf(document, offer, facet).some((value) => wanted.includes(value))
      ) &&
      Object.entries(filters.ranges).every(
        ([facet, range]) => facet === except || numbersOf(document, offer, facet).some((number) => isWithin(number, range))
      ) &&
      (except === PRICE || isOpen(filters.price) || (price !== undefined && isWithin(price, filters.price)))
    return meets ? [{ ...offer, price }] : []
  })

/** The least that offers cost. */
export const cheapest = (offers: ReadonlyArray<{ readonly price: number | undefined }>): number | undefined =>
  offers.reduce<number | undefined>(
    (least, { price }) => (price !== undefined && (least === undefined || price < least) ? price : least),
    undefined
  )

/** Whether a number is in a range. */
export const isWithin = (number: number, { from = -Infinity, to = Infinity }: SearchRange): boolean => from <= number && number <= to

/** Whether a range keeps nothing out. */
export const isOpen = ({ from, to }: SearchRange): boolean => from === undefined && to === undefined

const own = <T>(record: Readonly<Record<string, ReadonlyArray<T>>> | undefined, key: string): ReadonlyArray<T> =>
  record !== undefined && Object.hasOwn(record, key) ? record[key]! : []
