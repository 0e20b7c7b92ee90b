import { Segment } from "./segment.ts"
import type { Stemmer } from "./stems.ts"
import { GONE } from "./vocabulary.ts"

/** Whether more is left behind than is alive. */
export const isWasteful = ({ gone, size }: Segment): boolean => gone > size + 1_000

/** So many rows, or entries of words, are taken over before others have their turn: some milliseconds' work. */
const ROWS = 1_000

/** The same products without what was left behind. Others have their turn in between; what changes meanwhile is for the caller to wait with. */
export const compact = async (from: Segment, stemmers: Readonly<Record<string, Stemmer>>, turn: () => Promise<void>): Promise<Segment> => {
  let taken = 0
  /** Lets others have their turn when as much has been taken over since the last. */
  const after = (rows: number): Promise<void> | undefined => {
    taken += rows
    if (taken < ROWS) return undefined
    taken = 0
    return turn()
  }
  const to = new Segment(stemmers)
  const offers = new Map<number, number>()
  const texts = new Uint32Array(from.names.length).fill(GONE)
  for (const [product, id] of from.ids.entries()) {
    if (from.alive[product] !== true) continue
    const number = to.ids.length
    to.ids.push(id)
    to.alive.push(true)
    to.codes.push(from.codes[product]!)
    to.shown.push(to.shownKinds.of(from.shownKinds.kinds[from.shown.values[product]!]!))
    to.boosts.push(from.boosts.values[product]!)
    to.since.push(from.since.values[product]!)
    to.byId.set(id, number)
    for (const code of from.codes[product]!) to.byCode.add(code, number)
    for (let offer = from.offers.values[product]!; offer < from.offers.values[product + 1]!; offer++) offers.set(offer, to.offerCount++)
    to.offers.push(to.offerCount)
    const variants = from.variants.get(product)
    if (variants !== undefined) to.variants.set(number, variants)
    for (let text = from.texts.values[product]!; text < from.texts.values[product + 1]!; text++) {
      texts[text] = to.names.length
      to.owners.push(number)
      to.views.push(to.viewKinds.of(from.viewKinds.kinds[from.views.values[text]!]!))
      to.names.push(from.names[text]!)
    }
    to.texts.push(to.names.length)
    await after(1)
  }
  for (const [facet, { names, lists }] of from.values) {
    const column = to.valuesOf(facet)
    lists.fill(from.offerCount)
    for (const [before, offer] of offers) {
      const values = lists.values.values.subarray(lists.starts.values[before]!, lists.starts.values[before + 1]!)
      column.lists.push(
        offer,
        Array.from(values, (value) => column.names.of(names.texts[value]!))
      )
      await after(1)
    }
  }
  for (const [facet, lists] of from.numbers) {
    const column = to.numbersOf(facet)
    lists.fill(from.offerCount)
    for (const [before, offer] of offers) {
      column.push(offer, lists.values.values.subarray(lists.starts.values[before]!, lists.starts.values[before + 1]!))
      await after(1)
    }
  }
  for (const [place, amounts] of from.prices.places) {
    for (const [before, amount] of amounts) {
      const offer = offers.get(before)
      if (offer !== undefined) to.prices.put(offer, { [place]: amount })
      await after(1)
    }
  }
  to.prices.grow(to.offerCount)
  for (const [language, vocabulary] of from.vocabularies) {
    to.vocabularies.set(language, await vocabulary.keeping(texts, after))
  }
  return to
}
