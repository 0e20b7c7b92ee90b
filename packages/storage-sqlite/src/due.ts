import type { Due } from "@omni/core"

import type { Connection } from "./connection.ts"

type DueColumns = readonly [due: number, collection: string, id: string, scope: string]

const EARLIEST = `
select due, collection, id, name from (
  select r.due, s.collection, r.id, c.name from row r indexed by row_due cross join space s on s.id = r.space cross join scope c on c.id = s.scope
  where r.due <= ? order by r.due, r.space limit ?
) order by due, collection, id, name`

/** The spaces that have rows due at one moment, found by jumping from one to the next. */
const SPACES = `
with recursive at(space) as (
  select min(space) from row indexed by row_due where due = ?1
  union all select (select min(space) from row indexed by row_due where due = ?1 and space > at.space) from at where at.space is not null
)
select s.collection, json_group_array(s.id) from at cross join space s on s.id = at.space group by s.collection order by s.collection`

const IN_SPACES = `
select r.due, s.collection, r.id, c.name from row r indexed by row_due cross join space s on s.id = r.space cross join scope c on c.id = s.scope
where r.due = ? and r.space in (select value from json_each(?)) order by r.id, c.name limit ?`

/** The index has spaces in the order of their numbers, not names: it matters where the limit cuts through rows due at one moment. */
export const readDue = (on: Connection, now: number, limit: number): ReadonlyArray<Due> => {
  const found = on.all<DueColumns>(EARLIEST, now, limit + 1)
  if (found.length <= limit) return found.map(toDue)
  const cut = found[limit]![0]
  const before = found.filter(([due]) => due < cut)
  return [...before, ...tied(on, cut, limit - before.length)].map(toDue)
}

const tied = (on: Connection, due: number, limit: number): ReadonlyArray<DueColumns> => {
  const found: Array<DueColumns> = []
  if (limit === 0) return found
  for (const [, spaces] of on.all<[string, string]>(SPACES, due)) {
    found.push(...on.all<DueColumns>(IN_SPACES, due, spaces, limit - found.length))
    if (found.length >= limit) break
  }
  return found
}

const toDue = ([due, collection, id, scope]: DueColumns): Due => ({ scope, key: { collection, id }, due })
