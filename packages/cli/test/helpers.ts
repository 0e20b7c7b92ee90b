import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { main } from "@omni/cli"
import type { StoreDriver } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { sqlite } from "@omni/storage-sqlite"
import pg from "pg"
import { afterEach } from "vitest"

import { sharedPostgres } from "../../../scripts/postgres/shared.ts"

const endings: Array<() => unknown> = []

/** Runs after the test, the last first. */
export const atEnd = (end: () => unknown): void => void endings.push(end)

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "omni-cli-"))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store that nobody has used, and how the command line is told of it. */
export interface World {
  readonly args: ReadonlyArray<string>
  /** For `shop.ts` in the child. */
  readonly env: { readonly [name: string]: string }
  open(): StoreDriver
}

export const inSqlite = async (): Promise<World> => {
  const path = join(temporaryFolder(), "shop.db")
  return { args: ["--store", path], env: { SHOP: path }, open: () => closing(sqlite(path, { durability: "normal" })) }
}

export const inPostgres = async (): Promise<World & { readonly url: string; readonly schema: string }> => {
  const url = await sharedPostgres()
  const schema = `test_cli_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  atEnd(() => asOwner(url, `drop schema if exists ${schema} cascade; drop schema if exists ${schema}_keys cascade`))
  return {
    url,
    schema,
    args: ["--store", url, "--schema", schema],
    env: { SHOP: url, SHOP_SCHEMA: schema },
    open: () => closing(postgres(url, { schema }))
  }
}

const closing = (driver: StoreDriver): StoreDriver => {
  atEnd(() => driver.close())
  return driver
}

export const worlds: ReadonlyArray<readonly [string, () => Promise<World>]> = [
  ["SQLite", inSqlite],
  ["PostgreSQL", inPostgres]
]

/** Runs SQL as the server's superuser; answers the rows of the last statement. */
export const asOwner = async (url: string, sql: string): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result: unknown = await client.query(sql)
    return ((Array.isArray(result) ? result.at(-1) : result) as { readonly rows: ReadonlyArray<Record<string, unknown>> }).rows
  } finally {
    await client.end()
  }
}

const program = join(import.meta.dirname, "../bin/omni.js")
const node = ["--conditions=@omni/source"]
const environment = (env: { readonly [name: string]: string }) => {
  const { OMNI_STORE: _, ...own } = process.env
  return { ...own, NODE_ENV: "production", ...env }
}

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly error: string
  /** What `--json` answered. */
  json<A>(): A
}

/** The command as a process of its own. */
export const omni = (args: ReadonlyArray<string>, env: { readonly [name: string]: string } = {}): Ran => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, program, ...args], {
    env: environment(env),
    encoding: "utf8",
    timeout: 60_000
  })
  return { code: status, out: stdout, error: stderr, json: () => JSON.parse(stdout) }
}

/** The same inside of this process, for what loads no app: an app is loaded once, and reads its environment then. */
export const said = async (args: ReadonlyArray<string>): Promise<Ran> => {
  const [out, error]: [Array<string>, Array<string>] = [[], []]
  const code = await main(args, { out: (text) => void out.push(text), error: (text) => void error.push(text), color: false, env: {} })
  return { code, out: out.join(""), error: error.join(""), json: () => JSON.parse(out.join("")) }
}

/** The same, to be ended by whoever started it. */
export const begin = (args: ReadonlyArray<string>, env: { readonly [name: string]: string } = {}) => {
  const child = spawn(process.execPath, [...node, program, ...args], { env: environment(env), stdio: ["ignore", "pipe", "pipe"] })
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)))
  atEnd(() => child.kill("SIGKILL"))
  return { child, ended }
}

/** The module that `--app` is given. */
export const app = join(import.meta.dirname, "children/shop.ts")
