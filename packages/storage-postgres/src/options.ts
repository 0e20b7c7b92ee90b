import type { PipelineClient } from "./pipeline.ts"

/** A client of node-postgres that was taken out of its pool. */
export interface PooledClient extends PipelineClient {
  release(destroy?: boolean): void
  on(event: "error" | "end", listener: () => void): unknown
  on(event: "notification", listener: (message: { readonly payload?: string | undefined }) => void): unknown
  removeListener(event: "error", listener: () => void): unknown
}

/** A pool of node-postgres (`new pg.Pool(…)`), as far as it is used here. */
export interface PostgresPool {
  connect(callback: (error: Error | undefined, client: PooledClient | undefined) => void): void
}

/** How a database is used. */
export interface PostgresOptions {
  /** The schema that holds Omni's tables: `omni` by default. Several apps, or tests, may share a database under different ones. */
  readonly schema?: string
  /** Where the keys of personal data are: a schema of this database, `<schema>_keys` by default, or another database altogether. */
  readonly keys?: { readonly schema?: string; readonly connection?: string | PostgresPool }
  /**
   * What else the pool is made with when a connection string is given: anything that `new pg.Pool` takes, such as `max` or `ssl`.
   * Its default of ten connections is enough for one process.
   */
  readonly pool?: { readonly [setting: string]: unknown }
  /** `false` names no prepared statements: for a pooler in transaction mode that can not keep them apart. */
  readonly prepare?: boolean
  /** `false` does not `LISTEN`, and only asks for news: for a pooler in transaction mode. */
  readonly listen?: boolean
  /** How often (ms) watchers ask for news that no notification has told of. 500 by default. */
  readonly poll?: number
  /** How long (ms) a commit waits for other processes before it is sent again; its caller hears of it at the call's own deadline. 30,000 by default. */
  readonly lockTimeout?: number
  /**
   * How long (ms) the server may say nothing before a connection is given up, beside what `lockTimeout` allows a commit; a read is ended
   * on the server after the same time. 15,000 by default.
   */
  readonly timeout?: number
  /** How long (ms) the ids of commits are kept, by which a commit that is sent again is known. 900,000 by default. */
  readonly retention?: number
}

/** What holds for one open database, in full. */
export interface Settings extends Required<Omit<PostgresOptions, "keys">> {
  readonly keysSchema: string
}

export const settingsOf = (options: PostgresOptions): Settings => {
  const schema = named(options.schema ?? "omni")
  return {
    schema,
    keysSchema: named(options.keys?.schema ?? `${schema}_keys`),
    pool: options.pool ?? {},
    prepare: options.prepare ?? true,
    listen: options.listen ?? true,
    poll: options.poll ?? 500,
    lockTimeout: options.lockTimeout ?? 30_000,
    timeout: options.timeout ?? 15_000,
    retention: options.retention ?? 900_000
  }
}

/** PostgreSQL cuts longer names without a word, so that two schemas could become one. */
const named = (schema: string): string => {
  if (schema !== "" && !schema.includes("\0") && schema.isWellFormed() && Buffer.byteLength(schema) <= 63) return schema
  throw new TypeError(`"${schema}" is no name of a schema: it has one to 63 bytes of UTF-8.`)
}
