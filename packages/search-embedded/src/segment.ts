import { MANY_VARIANTS, numbersOf, type SearchDocument, type SearchShown, valuesOf } from "@omni/catalog/search"

import { Codes } from "./codes.ts"
import { type Column, doubles, Lists, Numbers, ordinals } from "./columns.ts"
import { PriceColumns } from "./prices.ts"
import type { Stemmer } from "./stems.ts"
import { Vocabulary } from "./vocabulary.ts"

/**
 * Products in columns. Three kinds of rows are only ever appended: products, their offers and their texts; a product that changes leaves its rows and gets new ones,
 * and what was left is dropped when there is too much of it: see `compact`.
 */
export class Segment {
  // By product.
  readonly ids: Array<string> = []
  readonly alive: Array<boolean> = []
  readonly codes: Array<ReadonlyArray<string>> = []
  readonly shown: Column<Uint32Array> = ordinals()
  readonly boosts: Column<Float64Array> = doubles()
  readonly since: Column<Float64Array> = doubles()
  /** Where the offers of a product begin; they end where those of the next begin. */
  readonly offers: Column<Uint32Array> = ordinals()
  /** Where the texts of a product begin. */
  readonly texts: Column<Uint32Array> = ordinals()

  // By offer.
  readonly values = new Map<string, { readonly names: Numbers; readonly lists: Lists<Uint32Array> }>()
  readonly numbers = new Map<string, Lists<Float64Array>>()
  readonly prices = new PriceColumns()
  offerCount = 0

  // By text.
  readonly owners: Column<Uint32Array> = ordinals()
  readonly views: Column<Uint32Array> = ordinals()
  readonly names: Array<string> = []

  /** Products that say the same of where they are shown share it, and texts of the same views. */
  readonly shownKinds = new Shared<ReadonlyArray<SearchShown>>()
  readonly viewKinds = new Shared<ReadonlyArray<string>>()
  readonly vocabularies = new Map<string, Vocabulary>()
  readonly byId = new Map<string, number>()
  /** What the variants are of products that have many: see `MANY_VARIANTS`. */
  readonly variants = new Map<number, ReadonlyArray<string>>()
  readonly byCode = new Codes()
  readonly #stemmers: Readonly<Record<string, Stemmer>>
  /** What is drawn from texts beside it is told of each new one. */
  readonly onText: Array<(text: number) => void> = []
  gone = 0

  constructor(stemmers: Readonly<Record<string, Stemmer>>) {
    this.#stemmers = stemmers
    this.offers.push(0)
    this.texts.push(0)
  }

  put(document: SearchDocument): void {
    this.remove(document.id)
    const product = this.ids.length
    this.ids.push(document.id)
    this.alive.push(true)
    this.codes.push(document.codes)
    this.shown.push(this.shownKinds.of(document.shown))
    this.boosts.push(document.boost)
    this.since.push(document.since)
    this.byId.set(document.id, product)
    for (const code of document.codes) this.byCode.add(code, product)
    for (const offer of document.offers) this.#putOffer(document, offer)
    if (document.offers.length > MANY_VARIANTS) {
      this.variants.set(
        product,
        document.offers.map(({ variant }) => variant)
      )
    }
    this.offers.push(this.offerCount)
    for (const { views, language, name, brand, attributes, description } of document.texts) {
      const text = this.names.length
      this.owners.push(product)
      this.views.push(this.viewKinds.of(views))
      this.names.push(name)
      const fields = {
        name,
        ...(brand === undefined ? {} : { brand }),
        ...(attributes === undefined ? {} : { attributes }),
        ...(description === undefined ? {} : { description })
      }
      this.vocabulary(language).add(text, fields)
      for (const tell of this.onText) tell(text)
    }
    this.texts.push(this.names.length)
  }

  #putOffer(document: SearchDocument, offer: SearchDocument["offers"][number]): void {
    const row = this.offerCount++
    const facets = new Set([...Object.keys(document.values), ...Object.keys(offer.values ?? {})])
    for (const facet of facets) {
      const { names, lists } = this.valuesOf(facet)
      lists.push(
        row,
        valuesOf(document, offer, facet).map((value) => names.of(value))
      )
    }
    for (const facet of new Set([...Object.keys(document.numbers), ...Object.keys(offer.numbers ?? {})])) {
      this.numbersOf(facet).push(row, numbersOf(document, offer, facet))
    }
    this.prices.put(row, offer.prices)
  }

  remove(id: string): void {
    const product = this.byId.get(id)
    if (product === undefined) return
    this.byId.delete(id)
    this.variants.delete(product)
    this.alive[product] = false
    this.gone++
    for (const code of this.codes[product]!) this.byCode.remove(code, product)
  }

  vocabulary(language: string): Vocabulary {
    const known = this.vocabularies.get(language)
    if (known !== undefined) return known
    const made = new Vocabulary(this.#stemmers[language])
    this.vocabularies.set(language, made)
    return made
  }

  valuesOf(facet: string): { readonly names: Numbers; readonly lists: Lists<Uint32Array> } {
    const known = this.values.get(facet)
    if (known !== undefined) return known
    const made = { names: new Numbers(), lists: new Lists(ordinals()) }
    this.values.set(facet, made)
    return made
  }

  numbersOf(facet: string): Lists<Float64Array> {
    const known = this.numbers.get(facet)
    if (known !== undefined) return known
    const made = new Lists(doubles())
    this.numbers.set(facet, made)
    return made
  }

  get size(): number {
    return this.byId.size
  }
}

/** Values that many have in common, kept once. */
class Shared<T> {
  readonly #numbers = new Numbers()
  readonly kinds: Array<T> = []

  of(value: T): number {
    const number = this.#numbers.of(JSON.stringify(value))
    if (number === this.kinds.length) this.kinds.push(value)
    return number
  }
}
