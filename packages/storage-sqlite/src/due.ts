import type { Due } from "@omni/core"
import { compareText } from "@omni/core/values"

import type { Connection } from "./connection.ts"
import type { Pace } from "./wait.ts"

/** The spaces of a collection, one for each scope, with when its first row is due, in that order. */
const SPACES = `
select id, name, first from (
  select s.id, c.name, (select min(r.due) from row r indexed by row_due where r.space = s.id and r.due is not null) as first
  from space s indexed by space_rows cross join scope c on c.id = s.scope where s.collection = ? and s.idx = ''
) where first <= ? order by first`

const IN_SPACE = "select due, id from row indexed by row_due where space = ? and due <= ? order by due, id limit ?"
/** No row behind one that is the last of enough: where all tenants have something at one moment, little of each is wanted. */
const IN_SPACE_UPTO =
  "select due, id from row indexed by row_due where space = ? and due is not null and (due, id) <= (?, ?) order by due, id limit ?"

const byDue = (a: Due, b: Due): number => a.due - b.due || compareText(a.key.id, b.key.id) || compareText(a.scope, b.scope)

/** Space after space, until all that are left have only what comes later than enough of the others. */
export const readDue = async (
  on: Connection,
  { collection, now, limit }: { readonly collection: string; readonly now: number; readonly limit: number },
  pace: Pace
): Promise<ReadonlyArray<Due>> => {
  if (limit === 0) return []
  let found: Array<Due> = []
  /** The last of the first `limit` that have been found, once there are as many. */
  let last: Due | undefined
  for (const [space, scope, first] of on.all<[number, string, number]>(SPACES, collection, now)) {
    if (last !== undefined && first > last.due) break
    const rows =
      last === undefined
        ? on.all<[number, string]>(IN_SPACE, space, now, limit)
        : on.all<[number, string]>(IN_SPACE_UPTO, space, last.due, last.key.id, limit)
    for (const [due, id] of rows) found.push({ scope, key: { collection, id }, due })
    // To sort with each space would cost the limit for each.
    if (found.length >= (last === undefined ? limit : 2 * limit)) {
      found = found.sort(byDue).slice(0, limit)
      last = found.at(-1)
    }
    if (pace.isSpent()) await pace.pause()
  }
  return found.sort(byDue).slice(0, limit)
}
