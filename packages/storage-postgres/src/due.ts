import type { Due } from "@omni/core"

import { answered, type Reading } from "./reading.ts"
import { type Columns, sql } from "./statement.ts"
import type { Store } from "./store.ts"
import type { Tables } from "./tables.ts"

/** Every scope's due rows of a collection. */
export const readDue = ({ database, tables }: Store, collection: string, now: number, limit: number): Promise<ReadonlyArray<Due>> =>
  answered(
    tables,
    () => dueOf(tables, collection, now, Math.min(Math.max(0, limit), 1_000_000)),
    (statements) => database.read(statements)
  )

const dueOf = (tables: Tables, collection: string, now: number, limit: number): Reading<ReadonlyArray<Due>> => {
  const table = tables.get(collection)
  const due = (name: string) => `select r.due::text, r.id, r.scope from ${name} r where r.due <= $1 order by r.due, r.id, r.scope limit $2`
  const toDue = ([at, id, scope]: Columns): Due => ({ scope: scope!, key: { collection, id: id! }, due: Number(at) })
  return {
    statements: table === undefined ? [] : [sql(due(table.name), String(now), limit)],
    unknown: tables.missing([collection]),
    answer: ([rows = []]) => (table === undefined ? [] : rows.map(toDue))
  }
}
