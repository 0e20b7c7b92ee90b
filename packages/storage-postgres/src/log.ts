import type { EventPage, Position } from "@omni/core"

import { cursorOf, toPosition } from "./position.ts"
import { endsOf } from "./reading.ts"
import { sql, type Statement, texts } from "./statement.ts"
import type { Store } from "./store.ts"

/** Events looked through at once for a reader of few types. */
const SPAN = 20_000

/** Events removed in one transaction, so that others come in between. */
const STEP = 5_000

/** One snapshot of the log: positions are taken under the commit lock, so nothing lands later before what is seen here. */
export const readEvents = async (
  { database, tables }: Store,
  scope: string,
  after: Position,
  limit: number,
  types: ReadonlyArray<string> | undefined
): Promise<EventPage> => {
  const cursor = cursorOf(after)
  const most = Math.min(Math.max(0, limit), 1_000_000)
  const [ends, found] = await database.read([endsOf(tables, scope), eventsAfter(tables.schema, scope, cursor, most + 1, types)])
  const [head, floor] = (ends![0] ?? ["0", "0"]).map(Number) as [number, number]
  if (cursor < floor) return { _tag: "PositionExpired", oldest: toPosition(floor) }
  const rows = found!.filter(([position]) => position !== null)
  const events = rows.slice(0, most).map(([position, body]) => ({ position: toPosition(position!), body: body! }))
  if (rows.length > most) return { _tag: "Events", events, upto: events.at(-1)?.position ?? after }
  const edge = found![0]?.[2] ?? undefined
  return { _tag: "Events", events, upto: toPosition(Math.max(cursor, edge === undefined ? head : Number(edge) - 1)) }
}

/** Of few types, one row says up to where the log was looked through, if not to its end: in events, since positions have gaps. */
const eventsAfter = (schema: string, scope: string, cursor: number, limit: number, types: ReadonlyArray<string> | undefined): Statement => {
  const after = `from ${schema}.event where scope = $1 and position > $2`
  if (types === undefined)
    return sql(`select position::text, coalesce(raw, body::text) as body ${after} order by event.position limit $3`, scope, cursor, limit)
  return sql(
    `with looked as materialized (select (select position ${after} order by event.position offset ${SPAN} limit 1) as edge)
select e.position::text, e.body, looked.edge::text from looked left join lateral (
  select position, coalesce(raw, body::text) as body ${after} and position < coalesce(looked.edge, ${Number.MAX_SAFE_INTEGER}) and type = any ($3::text[])
  order by event.position limit $4
) e on true order by e.position`,
    scope,
    cursor,
    texts(types),
    limit
  )
}

/** First nobody may read them any more; then they go, some at a time. What a crash leaves behind goes with the next trim. */
export const trim = async ({ database, tables: { schema } }: Store, scope: string, upto: number): Promise<void> => {
  if (upto === 0) return
  await database.write([sql(`update ${schema}.scope set floor = greatest(floor, least($2::bigint, head)) where name = $1`, scope, upto)])
  // Each step begins where the one before has ended: what that removed still stands in the index.
  for (let after: string | null = "0"; after !== null;) {
    const [gone] = await database.write([removeSome(schema, scope, after)])
    after = gone![0]![0]!
  }
}

/** Removes the next events behind a position that nobody may read any more; answers the last of them, or null where there are none. */
const removeSome = (schema: string, scope: string, after: string): Statement =>
  sql(
    `with step as materialized (
  select max(position) as last from (
    select position from ${schema}.event where scope = $1 and position > $2 and position <= (select floor from ${schema}.scope where name = $1)
    order by event.position limit ${STEP}
  ) next
), gone as (delete from ${schema}.event where scope = $1 and position > $2 and position <= (select last from step))
select last::text from step`,
    scope,
    after
  )
