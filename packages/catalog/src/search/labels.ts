import type { Localised, View } from "@omni/core"

import { ProductTypes } from "../attributes/model.ts"
import { Categories } from "../categories/model.ts"
import { emptyTree, pathOf, TREE, Trees } from "../categories/tree.ts"
import { fallbackChain, localisedBy } from "../content/localise.ts"
import type { SalesChannel } from "../content/model.ts"
import { contentOn, visibilityOn } from "../content/visibility.ts"
import type { FacetCount, Found } from "./answer.ts"
import type { SearchAnswer, SearchCount } from "./port.ts"
import { CATEGORY, facetsOf, type SearchOptions } from "./settings.ts"

/** What chosen values are called, by facet and value, in all languages. */
export type FacetChoices = Readonly<Record<string, Readonly<Record<string, Localised<string>>>>>

/** What categories are called, and those that are hidden on the channel, as those are that lie below one. */
export interface CategoryLabels {
  readonly labels: Readonly<Record<string, string>>
  readonly hidden: ReadonlyArray<string>
}

/** Of so many product types the choices are looked at. */
const MOST_TYPES = 1_000

/** The choices that product types have for facets. It reads all types, so it is not for every question. */
export const choicesOf = (view: View, options: SearchOptions): FacetChoices => {
  const attributes = view.find(ProductTypes, "id", { limit: MOST_TYPES }).items.flatMap(({ row }) => row.attributes)
  const facets = [...facetsOf(options)].flatMap(([facet, kind]) => (kind === "values" ? [facet] : []))
  return Object.fromEntries(
    facets.map((facet) => {
      const own = attributes.flatMap(({ code, value: of }) =>
        code === facet && (of.type === "enum" || of.type === "set") ? of.values : []
      )
      return [facet, Object.fromEntries(own.map(({ id, name }) => [id, name]))]
    })
  )
}

/** What categories are called on a channel. */
export const categoryLabelsOf = (
  view: View,
  { channel, locale, categories }: { readonly channel: SalesChannel; readonly locale: string; readonly categories: ReadonlyArray<string> }
): CategoryLabels => {
  const chain = fallbackChain(channel, locale)
  const tree = view.get(Trees, TREE) ?? emptyTree
  const paths = categories.map((id) => [id, ...pathOf(tree, id)])
  const ids = [...new Set(paths.flat())]
  const rows = new Map(view.getMany(Categories, ids).flatMap((row) => (row === undefined ? [] : [[row.id, row]])))
  // Nobody knows of a row that cannot be read whether it is hidden.
  const isHidden = (id: string): boolean => {
    const row = rows.get(id)
    return row === undefined || visibilityOn(row, channel.id, view.now).visibility === "hidden"
  }
  const names = categories.flatMap((id) => {
    const row = rows.get(id)
    const name = row === undefined ? undefined : localisedBy(chain, contentOn(row, channel.id).name, row.name)?.value
    return name === undefined ? [] : [[id, name]]
  })
  return { labels: Object.fromEntries(names), hidden: categories.filter((_, at) => paths[at]!.some(isHidden)) }
}

/** Counts with what their values are called; hidden categories are not told. */
export const labelled = (
  facets: SearchAnswer["facets"],
  choices: FacetChoices,
  categories: CategoryLabels,
  chain: ReadonlyArray<string>
): Found["facets"] => {
  const hidden = new Set(categories.hidden)
  const withLabel = (count: SearchCount, label: string | undefined): FacetCount => (label === undefined ? count : { ...count, label })
  return Object.fromEntries(
    Object.entries(facets).map(([facet, counts]) => {
      if (facet === CATEGORY) {
        const shown = counts.filter(({ value }) => !hidden.has(value))
        return [facet, shown.map((count) => withLabel(count, ownOf(categories.labels, count.value)))]
      }
      const names = ownOf(choices, facet) ?? {}
      return [facet, counts.map((count) => withLabel(count, localisedBy(chain, ownOf(names, count.value))?.value))]
    })
  )
}

const ownOf = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)
