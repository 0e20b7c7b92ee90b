import type { Commit, CommitResult, Position, Write } from "@omni/core"
import { postgres, type PostgresOptions } from "@omni/storage-postgres"
import pg from "pg"

import { sharedPostgres } from "../../../scripts/postgres/shared.ts"

let made = 0

/** A schema that nobody has used, with its keys beside it, and how it goes away. */
export const temporarySchema = async (url?: string) => {
  const server = url ?? (await sharedPostgres())
  const schema = `test_${process.pid}_${Math.random().toString(36).slice(2, 8)}_${made++}`
  return {
    url: server,
    schema,
    open: (options: PostgresOptions = {}) => postgres(server, { schema, ...options }),
    dispose: async () =>
      void (await asOwner(server, `drop schema if exists ${schema} cascade; drop schema if exists ${schema}_keys cascade`))
  }
}

/** Runs SQL as the server's superuser; answers the rows of the last statement. */
export const asOwner = async (url: string, sql: string): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = new pg.Client({ connectionString: url })
  // A server that goes while it is asked says so as an event, too.
  client.on("error", () => undefined)
  await client.connect()
  try {
    const result: unknown = await client.query(sql)
    const last = (Array.isArray(result) ? result.at(-1) : result) as { readonly rows: ReadonlyArray<Record<string, unknown>> }
    return last.rows
  } finally {
    await client.end()
  }
}

let commits = 0

export const commitOf = (parts: Partial<Commit>): Commit => ({
  id: `cmt-${process.pid}-${++commits}`,
  time: 1_000,
  retry: false,
  checks: [],
  writes: [],
  events: [],
  ...parts
})

export const put = (id: string, value: unknown, more: Partial<Write> = {}): Write => ({
  key: { collection: "test.things", id },
  row: { schema: 1, value: JSON.stringify(value) },
  add: [],
  drop: [],
  due: undefined,
  ...more
})

export const landed = (result: CommitResult): Position => {
  if (result._tag !== "Committed") throw new Error(`not committed: ${JSON.stringify(result)}`)
  return result.position
}
