import { Articles, KIT_DEPTH } from "./articles-model.ts"
import type { Reader } from "./levels.ts"
import type { Component } from "./model.ts"

type Known = Map<string, ReadonlyArray<Component> | undefined>

/** What one of each article is made of, in articles that have stock of their own; an article that is no kit is not in it. */
export const partsOf = (reader: Pick<Reader, "getMany">, skus: ReadonlyArray<string>): ReadonlyMap<string, ReadonlyArray<Component>> => {
  const known: Known = new Map()
  let ask = [...new Set(skus)]
  for (let depth = 0; depth <= KIT_DEPTH && ask.length > 0; depth++) {
    const found = reader.getMany(Articles, ask)
    ask.forEach((sku, i) => known.set(sku, found[i]?.assembled === true ? undefined : found[i]?.components))
    const next = ask.flatMap((sku) => (known.get(sku) ?? []).map((component) => component.sku))
    ask = [...new Set(next)].filter((sku) => !known.has(sku))
  }
  return new Map(
    [...new Set(skus)].flatMap((sku) => {
      const components = known.get(sku)
      return components === undefined ? [] : [[sku, flat(known, components, 1, KIT_DEPTH)] as const]
    })
  )
}

const flat = (known: Known, components: ReadonlyArray<Component>, times: number, depth: number): ReadonlyArray<Component> => {
  const totals = new Map<string, number>()
  for (const { sku, quantity } of components) {
    const inner = depth === 0 ? undefined : known.get(sku)
    const parts = inner === undefined ? [{ sku, quantity: quantity * times }] : flat(known, inner, quantity * times, depth - 1)
    for (const part of parts) totals.set(part.sku, (totals.get(part.sku) ?? 0) + part.quantity)
  }
  return [...totals].map(([sku, quantity]) => ({ sku, quantity }))
}
