import { BadCursor, readSearchCursor, type SearchRequest } from "@omni/catalog/search"

import { storable } from "./database.ts"
import { collationOf, type Collations } from "./layout.ts"
import type { Parameters } from "./sql.ts"

/** How answers are ordered: two keys, the least first, then the id. */
export const orderOf = (request: SearchRequest, schema: string, collations: Collations) => {
  const { sort, locale } = request
  const language = [locale.split("-")[0]!, "und"].find((one) => collations.has(one))
  const collation = language === undefined ? '"C"' : collationOf(schema, language)
  const byCost = (sign: string) => `coalesce(${sign}cost, 'infinity'::float8)`
  const first = {
    relevance: request.text === "" ? "-boost" : "-(fits * (1 + boost))",
    price: byCost(""),
    "-price": byCost("-"),
    newest: "-since",
    name: `name collate ${collation}`
  }[sort]
  const isNamed = sort === "name"
  return {
    first,
    second: sort === "relevance" ? "-since" : "0::float8",
    /** JSON knows no infinity. */
    told: (key: string) =>
      isNamed && key === "first" ? key : `case when ${key} = 'infinity' then to_json('infinity'::text) else to_json(${key}) end`,
    key: (key: number | string): number | string => (key === "infinity" && !isNamed ? Infinity : key),
    after: (parameters: Parameters): string => {
      const read = readSearchCursor(request, 3)
      if (read === undefined) return ""
      const [one, two, id] = read
      if ((typeof one === "string") !== isNamed || typeof two !== "number" || typeof id !== "string") throw new BadCursor("No cursor")
      const place = typeof one === "string" ? `${parameters.add(storable(one))}::text` : `${parameters.add(one)}::float8`
      return `where (first, second, id) > (${place}, ${parameters.add(two)}::float8, ${parameters.add(storable(id))}::text)`
    }
  }
}

export type Order = ReturnType<typeof orderOf>
