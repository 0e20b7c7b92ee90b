import { readdir, rm } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"

import { PGlite } from "@electric-sql/pglite"
import type { StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { postgres } from "@omni/storage-postgres"
import { pglite } from "@omni/storage-postgres/pglite"
import { sqlite } from "@omni/storage-sqlite"
import pg from "pg"

import { startPostgres } from "../../../scripts/postgres/server.ts"

/** Where a shop is kept. */
export interface Home extends AsyncDisposable {
  /** What it is called where it is spoken of. */
  readonly name: string
  /** A store over what is kept; each has to be closed. `quick`: a power cut may take the last commits. */
  open(options?: { readonly quick?: boolean }): StoreDriver
  /** The file that rows which an import rejects go to. */
  readonly rejects: string
  /** Removes all that is kept. */
  forget(): Promise<void>
}

/** A file of SQLite, with its keys, journals and rejected rows beside it. */
export const fileHome = (path: string): Home => ({
  name: path,
  open: ({ quick = false } = {}) => sqlite(path, quick ? { durability: "normal" } : {}),
  rejects: `${path.replace(/\.db$/, "")}.rejects.csv`,
  forget: async () => {
    const stem = `${basename(path).replace(/\.db$/, "")}.`
    const beside = await readdir(dirname(path)).catch(() => [])
    await Promise.all(beside.filter((name) => name.startsWith(stem)).map((name) => rm(join(dirname(path), name), { force: true })))
  },
  [Symbol.asyncDispose]: async () => {}
})

/** The memory of this process, which forgets with it. */
export const memoryHome = (rejects: string): Home => {
  const store = memory()
  return { name: "memory", open: () => store.shared(), rejects, forget: async () => {}, [Symbol.asyncDispose]: () => store.close() }
}

/** The schemas of the shop in a PostgreSQL database. */
const SCHEMA = "omnishop"

/** A database of a PostgreSQL server. */
export const postgresHome = (url: string, rejects: string, close: () => Promise<void> = async () => {}): Home => ({
  // Not the whole of it: a connection string has a password.
  name: `PostgreSQL at ${new URL(url).host}`,
  open: () => postgres(url, { schema: SCHEMA }),
  rejects,
  forget: async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`drop schema if exists ${SCHEMA} cascade; drop schema if exists ${SCHEMA}_keys cascade`)
    await client.end()
  },
  [Symbol.asyncDispose]: close
})

/** A PostgreSQL inside of this process, and another one for the keys. Both forget with it. */
export const pgliteHome = (rejects: string): Home => {
  const [rows, keys] = [new PGlite(), new PGlite()]
  return {
    name: "PGlite",
    open: () => pglite(rows, { schema: SCHEMA, keys }),
    rejects,
    forget: async () => {
      await rows.exec(`drop schema if exists ${SCHEMA} cascade`)
      await keys.exec(`drop schema if exists ${SCHEMA}_keys cascade`)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([rows.close(), keys.close()])
    }
  }
}

/** The home that a command line names: `memory`, `pglite`, `postgres` (a server of its own, gone at the end), `postgres://…`, or a file. */
export const homeOf = async (store: string, from: string): Promise<Home> => {
  const rejects = join(from, "omnishop.rejects.csv")
  if (store === "memory") return memoryHome(rejects)
  if (store === "pglite") return pgliteHome(rejects)
  if (store === "postgres") {
    const server = await startPostgres()
    return postgresHome(server.url, rejects, () => server.stop())
  }
  return /^postgres(ql)?:\/\//.test(store) ? postgresHome(store, rejects) : fileHome(resolve(from, store))
}
