import { collection, Id, Localised, operation, type View } from "@omni/core"
import * as z from "zod"

import { keyOf } from "../key.ts"
import { type Product, Products } from "../products/model.ts"
import { isSame } from "../same.ts"
import { shownOn } from "./document.ts"
import { facetsOf, type SearchOptions } from "./settings.ts"

const Name = Localised(z.string().min(1).max(200))

/** What products call the values of their options that are facets on a channel, in all languages, by `valueNameId`. */
export const ValueNames = collection("search.valueNames", { schema: z.object({ name: Name }).readonly() })

const ValueName = z.object({ channel: Id, facet: z.string().min(1), value: z.string().min(1), name: Name }).readonly()
export type ValueName = z.infer<typeof ValueName>

/** So many names are kept in one commit. */
export const MOST_NAMED = 500

const valueNameId = ({ channel, facet, value }: Omit<ValueName, "name">): string => keyOf(JSON.stringify([channel, facet, value]))

/** Keeps what values are called: with `replace` in place of what they were called before, else where nobody has said it yet. */
export const nameValues = operation(
  "search.nameValues",
  z.object({ values: z.array(ValueName).min(1).max(MOST_NAMED).readonly(), replace: z.boolean() }),
  function* (tx, { values, replace }) {
    const ids = values.map(valueNameId)
    for (const [at, row] of tx.getMany(ValueNames, ids).entries()) {
      const { name } = values[at]!
      if (row === undefined || (replace && !isSame(row.name, name))) tx.put(ValueNames, ids[at]!, { name })
    }
  }
)

/** What products call the values of their options that are facets, each value once on a channel: as the first says it that is shown there. */
export const valueNamesIn = (products: ReadonlyArray<Product>, options: SearchOptions): ReadonlyArray<ValueName> => {
  const facets = facetsOf(options)
  const names = new Map<string, ValueName>()
  for (const product of products) {
    const own = (product.options ?? []).filter(({ id }) => facets.get(id) === "values")
    const shown = own.length === 0 ? [] : options.channels.filter(({ id }) => shownOn(product, id) !== undefined)
    for (const { id: channel } of shown) {
      for (const { id: facet, values } of own) {
        for (const { id: value, name } of values) {
          const key = JSON.stringify([channel, facet, value])
          if (!names.has(key)) names.set(key, { channel, facet, value, name })
        }
      }
    }
  }
  return [...names.values()]
}

/** The same of products by their ids. One load. */
export const valueNamesOf = (view: View, products: ReadonlyArray<string>, options: SearchOptions): ReadonlyArray<ValueName> =>
  valueNamesIn(
    view.getMany(Products, products).flatMap((product) => product ?? []),
    options
  )

/** What values are called, aligned with them; `undefined` where no product says it. One load. */
export const namesOfValues = (view: View, values: ReadonlyArray<Omit<ValueName, "name">>): ReadonlyArray<Localised<string> | undefined> =>
  view.getMany(ValueNames, values.map(valueNameId)).map((row) => row?.name)
