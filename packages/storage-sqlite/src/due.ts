import type { Due } from "@omni/core"
import { compareText } from "@omni/core/values"

import type { Connection } from "./connection.ts"

/** The spaces of a collection, one for each scope, with when its first row is due, in that order. */
const SPACES = `
select id, name, first from (
  select s.id, c.name, (select min(r.due) from row r indexed by row_due where r.space = s.id and r.due is not null) as first
  from space s indexed by space_rows cross join scope c on c.id = s.scope where s.collection = ? and s.idx = ''
) where first <= ? order by first`

const IN_SPACE = "select due, id from row indexed by row_due where space = ? and due <= ? order by due, id limit ?"

const byDue = (a: Due, b: Due): number => a.due - b.due || compareText(a.key.id, b.key.id) || compareText(a.scope, b.scope)

/** Space after space, until all that are left have only what comes later than enough of the others. */
export const readDue = (on: Connection, collection: string, now: number, limit: number): ReadonlyArray<Due> => {
  let found: ReadonlyArray<Due> = []
  for (const [space, scope, first] of on.all<[number, string, number]>(SPACES, collection, now)) {
    if (found.length >= limit && (limit === 0 || first > found.at(-1)!.due)) break
    const rows = on.all<[number, string]>(IN_SPACE, space, now, limit)
    const more = rows.map(([due, id]): Due => ({ scope, key: { collection, id }, due }))
    found = found.length === 0 ? more : [...found, ...more].toSorted(byDue).slice(0, limit)
  }
  return found
}
