import type { Clock, Localised } from "@omni/core"

import { fallbackChain } from "../content/localise.ts"
import type { SalesChannel } from "../content/model.ts"
import type { Found } from "./answer.ts"
import { type FacetChoices, labelled } from "./labels.ts"
import type { SearchAnswer } from "./port.ts"
import type { Telling } from "./readable.ts"
import type { SearchHost } from "./service.ts"
import { AVAILABLE, BRAND, CATEGORY } from "./settings.ts"

/** How long (ms) what values are called is remembered. */
const REMEMBERED = 60_000

/** Of so many values, together with those that have no name. */
const MOST_REMEMBERED = 20_000

/** Facets whose values are names themselves, or have names of their own. */
const NAMED_OTHERWISE: ReadonlyArray<string> = [BRAND, CATEGORY, AVAILABLE]

const NO_CHOICES: FacetChoices = {}

/** What labels are read by. */
export type LabelSource = Pick<SearchHost["search"], "categories" | "choices" | "valueNames">

/** Gives counts their labels. What choices and options are called is remembered for a while, or until it is forgotten. */
export class Labelling {
  readonly #search: LabelSource
  readonly #telling: Telling
  readonly #clock: Pick<Clock, "now">
  #choices: { readonly choices: Promise<FacetChoices>; readonly until: number } | undefined
  #names: { readonly names: Map<string, Localised<string> | undefined>; readonly until: number } | undefined

  constructor(search: LabelSource, telling: Telling, clock: Pick<Clock, "now">) {
    this.#search = search
    this.#telling = telling
    this.#clock = clock
  }

  forget(): void {
    this.#choices = undefined
    this.#names = undefined
  }

  async label(
    facets: SearchAnswer["facets"],
    { channel, locale }: { readonly channel: SalesChannel; readonly locale: string }
  ): Promise<Found["facets"]> {
    const categories = Object.hasOwn(facets, CATEGORY) ? facets[CATEGORY]!.map(({ value }) => value) : []
    const asked = Object.keys(facets).filter((facet) => !NAMED_OTHERWISE.includes(facet))
    const [told, choices] = await Promise.all([
      categories.length === 0
        ? { labels: {}, hidden: [] }
        : this.#telling.read(this.#search.categories({ channel: channel.id, locale, categories })),
      asked.length === 0 ? NO_CHOICES : this.#chosen()
    ])
    const names = await this.#named(
      channel.id,
      asked.map((facet) => ({ facet, counts: facets[facet]!, known: choices[facet] ?? {} }))
    )
    return labelled(facets, names, told, fallbackChain(channel, locale))
  }

  /** What product types call choices: they are all read, so it is not for every question. */
  #chosen(): Promise<FacetChoices> {
    const now = this.#clock.now()
    if (this.#choices !== undefined && now < this.#choices.until) return this.#choices.choices
    const choices = this.#telling.read(this.#search.choices({}))
    this.#choices = { choices, until: now + REMEMBERED }
    choices.catch(() => (this.#choices = undefined))
    return choices
  }

  /** What values are called: as product types say, or else as products say of their options. */
  async #named(
    channel: string,
    facets: ReadonlyArray<{ readonly facet: string; readonly counts: SearchAnswer["facets"][string]; readonly known: FacetChoices[string] }>
  ): Promise<FacetChoices> {
    const remembered = this.#remembered()
    const all = facets.flatMap(({ facet, counts, known }) =>
      counts.flatMap(({ value }) => (Object.hasOwn(known, value) ? [] : [{ facet, value, key: JSON.stringify([channel, facet, value]) }]))
    )
    const missing = all.filter(({ key }) => !remembered.has(key))
    const names = new Map(all.map(({ key }) => [key, remembered.get(key)]))
    if (missing.length > 0) {
      const read = await this.#telling.read(
        this.#search.valueNames({ values: missing.map(({ facet, value }) => ({ channel, facet, value })) })
      )
      if (remembered.size > MOST_REMEMBERED) remembered.clear()
      for (const [at, { key }] of missing.entries()) {
        names.set(key, read[at])
        remembered.set(key, read[at])
      }
    }
    return Object.fromEntries(
      facets.map(({ facet, known }) => {
        const own = all.flatMap((one) => {
          const name = one.facet === facet ? names.get(one.key) : undefined
          return name === undefined ? [] : [[one.value, name] as const]
        })
        return [facet, { ...Object.fromEntries(own), ...known }]
      })
    )
  }

  #remembered(): Map<string, Localised<string> | undefined> {
    const now = this.#clock.now()
    if (this.#names === undefined || now >= this.#names.until) this.#names = { names: new Map(), until: now + REMEMBERED }
    return this.#names.names
  }
}
