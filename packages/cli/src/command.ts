import type { Opening } from "./open.ts"
import type { Output } from "./output.ts"

/** An option of a command, as `node:util` parses it, with what help says of it. */
export interface OptionSpec {
  readonly type: "string" | "boolean"
  /** How its value is called in help: `<days>`. */
  readonly value?: string
  readonly help: string
}

/** What was given on the command line. */
export interface Given {
  readonly args: ReadonlyArray<string>
  /** The value of an option; `undefined` where it is not there. */
  text(option: string): string | undefined
  flag(option: string): boolean
}

export interface Context extends Given {
  readonly output: Output
  readonly opening: Opening
}

/** How a command ended: `0` well, `1` with something that somebody should look at. */
export type ExitCode = 0 | 1

export interface Command {
  /** `dead-letters list` */
  readonly name: string
  /** What follows it: `<id>…`. */
  readonly args?: string
  readonly summary: string
  /** Sentences for its own help. */
  readonly details?: string
  readonly options?: { readonly [name: string]: OptionSpec }
  readonly run: (context: Context) => Promise<ExitCode>
}

/** What every command takes. */
export const common: { readonly [name: string]: OptionSpec } = {
  store: { type: "string", value: "<address>", help: "postgres://…, or the file of SQLite; OMNI_STORE unless told" },
  schema: { type: "string", value: "<name>", help: "PostgreSQL: the schema of the store; omni unless told" },
  keys: { type: "string", value: "<place>", help: "where the keys of personal data are: a schema, or SQLite's file" },
  app: { type: "string", value: "<file>", help: "a module that exports `omni`, what createOmni made, or `modules`" },
  tenant: { type: "string", value: "<id>", help: "one tenant; all of them unless told" },
  json: { type: "boolean", help: "answers JSON, which stays as it is from release to release" },
  help: { type: "boolean", help: "says this" }
}
