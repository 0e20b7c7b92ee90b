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
  on?(event: "error", listener: () => void): unknown
  removeListener?(event: "error", listener: () => void): unknown
}

/** Where tables are, and how they are asked. */
export interface Database {
  readonly schema: string
  query(text: string, values?: ReadonlyArray<unknown>): Promise<Rows>
  transaction<A>(work: (query: Database["query"]) => Promise<A>): Promise<A>
  /** One snapshot for several questions, each of which is ended after a time (ms). */
  reading<A>(timeout: number, work: (query: Database["query"]) => Promise<A>): Promise<A>
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
  const within = async <A>(begin: string, work: (query: Database["query"]) => Promise<A>): Promise<A> => {
    const client = await pool.connect()
    // One that is lost between two statements says so, and nobody else listens while it is out of the pool; the next statement fails.
    client.on?.("error", ignored)
    let broken = true
    try {
      await client.query(begin)
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
      client.removeListener?.("error", ignored)
      client.release(broken)
    }
  }
  return {
    schema: quoted(schema),
    async query(text, values = []) {
      return (await pool.query(text, [...values])).rows
    },
    transaction: (work) => within("begin isolation level read committed, read write", work),
    // Plans are made for each question, so compiling them would take longer than to follow them.
    reading: (timeout, work) =>
      within(
        `begin isolation level repeatable read, read only; set local statement_timeout = ${timeout}; set local jit = off; set local work_mem = '64MB'`,
        work
      ),
    async close() {
      await own?.end()
    }
  }
}

const ignored = (): void => undefined

const quoted = (schema: string): string => {
  if (schema !== "" && !schema.includes("\0") && schema.isWellFormed() && Buffer.byteLength(schema) <= 63)
    return `"${schema.replaceAll('"', '""')}"`
  throw new TypeError(`"${schema}" is no name of a schema: it has one to 63 bytes of UTF-8.`)
}

/** A text that PostgreSQL can hold: it has no place for U+0000, nor for half a character. */
export const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd")

/** The code of an error of PostgreSQL's. */
export const codeOf = (error: unknown): unknown => (typeof error === "object" && error !== null && "code" in error ? error.code : undefined)
