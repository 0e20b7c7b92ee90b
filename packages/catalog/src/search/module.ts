import { allOf, Country, Currency, fail, handedIn, Id, Instant, Locale, module, operation, type Position, query, reactor } from "@omni/core"
import * as z from "zod"

import { fallbackChain } from "../content/localise.ts"
import type { SalesChannel } from "../content/model.ts"
import { ChannelNotFound } from "../errors.ts"
import { ProductChanged, ProductDeleted } from "../products/model.ts"
import { publicAt } from "../queries/channel.ts"
import { checkSearchOptions } from "./check-options.ts"
import { curating, type Curation, curationOf, Curations } from "./curations.ts"
import { languageOf } from "./document.ts"
import { type CategoryLabels, categoryLabelsOf, choicesOf, type FacetChoices } from "./labels.ts"
import { Arrivals, SearchedInVain, VainSearch } from "./model.ts"
import { type FoundProduct, shownPage } from "./page.ts"
import { placesFor } from "./places.ts"
import type { SearchEntry, SearchRequest } from "./port.ts"
import { reachedBy, type ReachedPage } from "./reached.ts"
import { type IndexPage, indexPage, entriesOf, MOST_READ } from "./read-index.ts"
import { type Readable, readable } from "./readable.ts"
import type { SearchOptions } from "./settings.ts"
import { namesOfValues, nameValues, type ValueName, ValueNames, valueNamesOf } from "./value-names.ts"

/** Who is asking, where, in which language. */
export const Asker = z.object({
  channel: Id,
  locale: Locale.exactOptional(),
  country: Country.exactOptional(),
  currency: Currency.exactOptional(),
  groups: z.array(Id).max(100).readonly().exactOptional(),
  company: Id.exactOptional()
})
export type Asker = z.infer<typeof Asker>

/** What has to be known before an index can be asked. */
export interface AskedWhere {
  readonly tenant: string
  readonly now: number
  readonly channel: SalesChannel
  /** The language that the channel answers in. */
  readonly locale: string
  readonly languages: ReadonlyArray<string>
  readonly currency: Currency
  readonly places: SearchRequest["prices"]
  /** What is decided about the text that was typed. */
  readonly curation?: Pick<Curation, "pinned" | "hidden">
}

const AtPosition = z.custom<Position>((value) => typeof value === "string")
const Texts = z.record(z.string(), z.array(z.string()).readonly()).readonly()
const Range = z.object({ from: z.number().exactOptional(), to: z.number().exactOptional() }).readonly()
const Hits = z.object({ id: Id, variants: z.array(Id).max(1_000).readonly().exactOptional() }).readonly()
const Filters = z.object({
  browse: z.boolean(),
  values: Texts,
  ranges: z.record(z.string(), Range).readonly(),
  price: Range,
  prices: z.array(z.array(z.string()).readonly()).readonly()
})

/** Records when products came, for what is sorted by it. */
const recordArrivals = reactor(
  "search.arrivals",
  [ProductChanged, ProductDeleted],
  function* (tx, event) {
    const { product } = event.data
    if (event.type === ProductDeleted.name) tx.remove(Arrivals, product)
    else if ("change" in event.data && event.data.change === "created") tx.put(Arrivals, product, { at: event.time })
  },
  { from: "start", imports: "run" }
)

/** Tells what was looked for in vain; several at a time. */
const tellVain = operation(
  "search.tellVain",
  z.object({ searches: z.array(VainSearch).min(1).max(100).readonly() }),
  function* (tx, { searches }) {
    for (const search of searches) tx.emit(SearchedInVain, search.channel, search)
  }
)

/**
 * What search needs of the store: `modules: { catalog: catalog({ channels }), search: search({ channels }) }`. Shoppers ask what `openSearch` makes of it.
 * Throws `InvalidOptions` for options that cannot be meant.
 */
export const search = (options: SearchOptions) => {
  checkSearchOptions(options)
  const channels = new Map(options.channels.map((channel) => [channel.id, channel]))
  const curations = curating(channels)
  return {
    ...module("search", {
      collections: [Arrivals, ValueNames, Curations],
      events: [SearchedInVain],
      operations: { tellVain, nameValues, ...curations.operations },
      reactors: [recordArrivals],
      needs: [{ module: "catalog", add: "catalog(…) of @omni/catalog" }, ...handedIn(...(options.causes ?? []).map(({ on }) => on))],
      queries: {
        ...curations.queries,

        /** Who is asking, in the terms of an index. Refuses `ChannelNotFound`. */
        where: query(
          "search.where",
          Asker.extend({ text: z.string().exactOptional() }),
          function* (view, { channel: id, locale, text, ...who }) {
            const channel = yield* channelOf(channels, id)
            const spoken = spokenOn(channel, locale ?? channel.locale)
            const buyer = { ...publicAt(channel), ...who }
            return readable(view, (sound): AskedWhere => {
              const [curation, places] = allOf(
                () => (text === undefined ? undefined : curationOf(sound, text, id)),
                () => placesFor(sound, channel, buyer, options.choosePrice)
              )
              return {
                tenant: view.tenant,
                now: view.now,
                channel,
                locale: spoken,
                languages: [...new Set(fallbackChain(channel, spoken).map(languageOf))],
                currency: buyer.currency,
                places,
                ...(curation === undefined ? {} : { curation })
              }
            })
          }
        ),

        /** Which tenant's client this is. */
        tenant: query("search.tenant", z.object({}), function* (view) {
          return view.tenant
        }),

        /** Products as they are to stand in an index, at least as of a position: the first of these, and as many as do not have too many variants. */
        entries: query(
          "search.entries",
          z.object({
            ids: z.array(Id).max(MOST_READ).readonly(),
            arrived: z.record(Id, Instant),
            version: AtPosition
          }),
          function* (view, { ids, arrived, version }): Generator<never, Readable<ReadonlyArray<SearchEntry>>, unknown> {
            return readable(view, (sound) => entriesOf(sound, options, ids, version, { arrived }))
          }
        ),

        /** All products by id, as they are to stand in an index: those after one. And what they call the values of their options. */
        page: query(
          "search.page",
          z.object({ after: z.string().exactOptional(), version: AtPosition }),
          function* (view, { after, version }): Generator<never, Readable<IndexPage>, unknown> {
            return readable(view, (sound) => indexPage(sound, options, after, version))
          }
        ),

        /** What products call the values of their options that are facets. */
        namedBy: query(
          "search.namedBy",
          z.object({ products: z.array(Id).max(MOST_READ).readonly() }),
          function* (view, { products }): Generator<never, Readable<ReadonlyArray<ValueName>>, unknown> {
            return readable(view, (sound) => valueNamesOf(sound, products, options))
          }
        ),

        /** What values of options are called on a channel, aligned with them. */
        valueNames: query(
          "search.valueNames",
          z.object({ values: z.array(z.object({ channel: Id, facet: z.string(), value: z.string() }).readonly()).readonly() }),
          function* (view, { values }): Generator<never, Readable<ReturnType<typeof namesOfValues>>, unknown> {
            return readable(view, (sound) => namesOfValues(sound, values))
          }
        ),

        /** The products that a change of something else reaches, in pages: those of a type, of a category with all below it, or of variants by id or code. */
        reached: query(
          "search.reached",
          z.object({
            by: z.discriminatedUnion("kind", [
              z.object({ kind: z.literal("type"), id: Id }),
              z.object({ kind: z.literal("category"), id: Id }),
              z.object({ kind: z.literal("variants"), ids: z.array(Id).max(1_000).readonly() }),
              z.object({ kind: z.literal("codes"), ids: z.array(Id).max(1_000).readonly() })
            ]),
            after: z.string().exactOptional()
          }),
          function* (view, { by, after }): Generator<never, Readable<ReachedPage>, unknown> {
            return readable(view, (sound) => reachedBy(sound, by, after))
          }
        ),

        /** What of hits may be shown, from the rows as they are: see `shownPage`. */
        shown: query(
          "search.shown",
          z.object({ hits: z.array(Hits).max(1_000).readonly(), channel: Id, locale: Locale, filters: Filters }),
          function* (
            view,
            { channel: id, ...asked }
          ): Generator<ChannelNotFound, Readable<ReadonlyArray<FoundProduct | undefined>>, unknown> {
            const channel = yield* channelOf(channels, id)
            return readable(view, (sound) => shownPage(sound, options, { ...asked, channel }))
          }
        ),

        /** What chosen values are called: see `choicesOf`. */
        choices: query("search.choices", z.object({}), function* (view): Generator<never, Readable<FacetChoices>, unknown> {
          return readable(view, (sound) => choicesOf(sound, options))
        }),

        /** What categories are called on a channel. */
        categories: query(
          "search.categories",
          z.object({ channel: Id, locale: Locale, categories: z.array(z.string()).readonly() }),
          function* (view, { channel: id, ...asked }): Generator<ChannelNotFound, Readable<CategoryLabels>, unknown> {
            const channel = yield* channelOf(channels, id)
            return readable(view, (sound) => categoryLabelsOf(sound, { ...asked, channel }))
          }
        )
      }
    }),
    options
  }
}

function* channelOf(channels: ReadonlyMap<string, SalesChannel>, id: string): Generator<ChannelNotFound, SalesChannel, unknown> {
  const found = channels.get(id)
  if (found !== undefined) return found
  const message = `There is no channel "${id}". The search was given: ${[...channels.keys()].join(", ") || "none"}.`
  return yield* fail(new ChannelNotFound({ channel: id, message }))
}

/** The first language of a chain that a channel sells in. */
const spokenOn = (channel: SalesChannel, locale: string): string => {
  const spoken = channel.locales ?? [channel.locale]
  return fallbackChain(channel, locale).find((one) => spoken.includes(one)) ?? spoken[0] ?? channel.locale
}
