import type { Due } from "@omni/core"

import type { Connection } from "./connection.ts"

const DUE = `
select r.due, r.id, c.name from kind k cross join row r indexed by row_due on r.kind = k.id
cross join space s on s.id = r.space cross join scope c on c.id = s.scope
where k.collection = ? and r.due <= ? and r.due is not null order by r.due, r.id, c.name limit ?`

/** The rows of a collection that are due, over all scopes. */
export const readDue = (on: Connection, collection: string, now: number, limit: number): ReadonlyArray<Due> =>
  on
    .all<[due: number, id: string, scope: string]>(DUE, collection, now, limit)
    .map(([due, id, scope]) => ({ scope, key: { collection, id }, due }))
