import { faultBehind } from "./failure.ts"
import { monthsFrom } from "./layout.ts"
import { quoted, sql } from "./statement.ts"
import type { Store } from "./store.ts"
import { lock } from "./tables.ts"

/** How long (ms) commits may have to wait behind a partition that is about to go. */
const PATIENCE = 2_000

/**
 * Drops the months of the log that are over and hold no event of any tenant any more. It needs the owner's rights and, for a moment, the
 * log for itself: a month that can not be had is left for the next time.
 */
export const dropMonths = async ({ database, tables }: Store, schema: string): Promise<Compacted> => {
  const [current] = monthsFrom(Date.now() - 86_400_000, 1)
  const [found] = await database.read([
    sql(
      "select tablename, pg_has_role(tableowner, 'usage')::text from pg_tables where schemaname = $1 and tablename ~ '^event_[0-9]{4}_[0-9]{2}$' order by tablename",
      schema
    )
  ])
  const over = found!.filter(([table]) => table! < current!.table)
  const [done, left]: [Array<string>, Array<string>] = [[], []]
  for (const [table, ours] of over) {
    const name = `${tables.schema}.${quoted(table!)}`
    const [held] = await database.read([sql(`select exists (select 1 from ${name})::text`)])
    if (held![0]![0] === "true") continue
    if (ours === "false") {
      left.push(table!)
      continue
    }
    const dropped = await database
      .transaction(async (session) => {
        await session.run([lock(tables.schema), sql("select set_config('lock_timeout', $1, true)", `${PATIENCE}ms`)])
        await session.run([sql(`lock table ${tables.schema}.event in access exclusive mode`)])
        const [late] = await session.run([sql(`select exists (select 1 from ${name})::text`)])
        if (late![0]![0] === "true") return false
        await session.run([sql(`drop table ${name}`)])
        return true
      })
      .catch((error: unknown) => {
        if (faultBehind(error)?.code === "55P03") return false
        throw error
      })
    ;(dropped ? done : left).push(table!)
  }
  return { done, left }
}

/** Which partitions were dropped, and which are empty and still there. */
interface Compacted {
  readonly done: ReadonlyArray<string>
  readonly left: ReadonlyArray<string>
}
