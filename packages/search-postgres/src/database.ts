import pg from "pg"

/** Rows as node-postgres gives them. */
export type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>

/** A pool of node-postgres (`new pg.Pool(…)`), as far as it is used here. */
export interface SearchPool {
  query(text: string, values: Array<unknown>): Promise<{ readonly rows: Array<Record<string, unknown>> }>
  connect(): Promise<SearchConnection>
}

/** A client out of it. */
export interface SearchConnection {
  query(text: string, values?: Array<unknown>): Promise<{ readonly rows: Array<Record<string, unknown>> }>
  release(destroy?: boolean): void
}

/** Where tables are, and how they are asked. */
export interface Database {
  readonly schema: string
  query(text: string, values?: ReadonlyArray<unknown>): Promise<Rows>
  transaction<A>(work: (query: Database["query"]) => Promise<A>): Promise<A>
  close(): Promise<void>
}

/** The database behind a connection string, with a pool of its own, or behind a pool that somebody else closes. */
export const databaseOf = (
  connection: string | SearchPool,
  schema: string,
  settings: { readonly [setting: string]: unknown }
): Database => {
  const own = typeof connection === "string" ? new pg.Pool({ connectionString: connection, keepAlive: true, ...settings }) : undefined
  // Idle connections that are lost are replaced when they are needed.
  own?.on("error", () => undefined)
  const pool = own ?? (connection as SearchPool)
  return {
    schema: quoted(schema),
    async query(text, values = []) {
      return (await pool.query(text, [...values])).rows
    },
    async transaction(work) {
      const client = await pool.connect()
      let broken = true
      try {
        await client.query("begin")
        const result = await work(async (text, values = []) => (await client.query(text, [...values])).rows)
        await client.query("commit")
        broken = false
        return result
      } catch (error) {
        broken = await client.query("rollback").then(
          () => false,
          () => true
        )
        throw error
      } finally {
        client.release(broken)
      }
    },
    async close() {
      await own?.end()
    }
  }
}

const quoted = (schema: string): string => {
  if (schema !== "" && !schema.includes("\0") && schema.isWellFormed() && Buffer.byteLength(schema) <= 63)
    return `"${schema.replaceAll('"', '""')}"`
  throw new TypeError(`"${schema}" is no name of a schema: it has one to 63 bytes of UTF-8.`)
}

/** A text that PostgreSQL can hold: it has no place for U+0000, nor for half a character. */
export const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd")

/** What parts a facet from its value. */
export const PART = "\u001f"
