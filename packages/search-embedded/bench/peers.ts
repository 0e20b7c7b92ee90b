/** What a team would take instead, as its documentation shows it. */
import { create, insertMultiple, search } from "@orama/orama"
import { Document } from "flexsearch"
import MiniSearch from "minisearch"

import type { Row } from "./products.ts"

/** Makes an index and gives how it is asked. */
export type Peer = (rows: ReadonlyArray<Row>) => Promise<(text: string) => unknown>

const FIELDS = ["name", "brand", "department", "category"]

export const miniSearch: Peer = async (rows) => {
  const index = new MiniSearch<Row>({ fields: FIELDS })
  index.addAll(rows)
  const fuzzy = (term: string): number => (term.length >= 8 ? 2 : term.length >= 4 ? 1 : 0)
  return (text) => index.search(text, { prefix: true, fuzzy, combineWith: "AND", boost: { name: 4 } }).slice(0, 24)
}

/** It knows no order but that in which products came, and no mistakes. */
export const flexSearch: Peer = async (rows) => {
  const index = new Document({ document: { id: "id", index: FIELDS }, tokenize: "forward" })
  for (const row of rows) index.add({ ...row })
  return (text) => index.search(text, { limit: 24 })
}

export const orama: Peer = async (rows) => {
  const index = create({ schema: { name: "string", brand: "string", department: "string", category: "string" } })
  await insertMultiple(
    index,
    rows.map((row) => ({ ...row })),
    1_000
  )
  return (text) => search(index, { term: text, tolerance: 1, threshold: 0, limit: 24, boost: { name: 4 } })
}
