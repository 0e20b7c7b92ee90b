import type { Due } from "@omni/core"

import { type Columns, sql, type Statement } from "./statement.ts"
import type { Store } from "./store.ts"
import type { Table } from "./tables.ts"

/** Every scope's due rows, of all collections that ever had any. One that has them only now is learnt of in the same snapshot. */
export const readDue = async ({ database, tables }: Store, now: number, limit: number): Promise<ReadonlyArray<Due>> => {
  const most = Math.min(Math.max(0, limit), 1_000_000)
  for (;;) {
    const timed = tables.all().filter((table) => table.timed)
    const statements = timed.length === 0 ? [] : [dueIn(tables.schema, timed, now, most)]
    const counted = sql(`select count(*)::text from ${tables.schema}.collection where timed`)
    const results = await database.read([counted, ...statements]).catch(async (error: unknown) => {
      if (!(await tables.forgetLost(error))) throw error
    })
    if (results === undefined) continue
    const [count, found = []] = results
    if (Number(count![0]![0]) === timed.length) return found.map(toDue)
    await tables.refresh()
  }
}

const dueIn = (schema: string, timed: ReadonlyArray<Table>, now: number, limit: number): Statement => {
  const parts = timed.map(
    ({ name, id }) => `(select due, ${id} as collection, id, scope from ${name} where due <= $1 order by due, id, scope limit $2)`
  )
  return sql(
    `select d.due::text, c.name, d.id, d.scope from (${parts.join(" union all ")}) d join ${schema}.collection c on c.id = d.collection
order by d.due, c.name, d.id, d.scope limit $2`,
    String(now),
    limit
  )
}

const toDue = ([due, collection, id, scope]: Columns): Due => ({
  scope: scope!,
  key: { collection: collection!, id: id! },
  due: Number(due)
})
