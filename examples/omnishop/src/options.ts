import { join, resolve } from "node:path"

/** What the demo is asked to do. */
export interface Options {
  /** Where the shop is kept: a file, `memory`, `pglite`, `postgres` or a connection string. */
  readonly store: string
  /** Forget the store of earlier runs first. */
  readonly fresh: boolean
  /** The folder of CSV files to import after the story. */
  readonly data: string | undefined
  readonly help: boolean
}

const root = resolve(import.meta.dirname, "../../..")

/** Where The Complete Journey lies when `--data` names no folder: beside the repository. */
const DATA = join(root, "../shared/data/complete-journey")

/** Unless told: the store that the demo leaves in its own folder, so that the next run finds it. Git does not see it. */
const STORE = resolve(import.meta.dirname, "../omnishop.db")

/** How to ask. */
export const USAGE = `npx -y pnpm@12 demo [--fresh] [--data [folder]] [--store <where>]

  --fresh          delete the store of earlier runs first
  --data [folder]  import the CSV files (or .csv.gz) of The Complete Journey after the story;
                   without a folder those of ../shared/data/complete-journey
  --store <where>  keep the shop in this file instead of examples/omnishop/omnishop.db; or in "memory",
                   in "pglite" (PostgreSQL inside of this process), in "postgres" (a server of its own),
                   both gone at the end, or at postgres://…`

/** Reads the command line; a folder is meant as seen from where the command was typed. Throws `TypeError` for what it does not know. */
export const optionsOf = (args: ReadonlyArray<string>, from: string): Options => {
  let options: Options = { store: STORE, fresh: false, data: undefined, help: false }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    const next = args[i + 1]?.startsWith("-") === false ? args[i + 1] : undefined
    if (arg === "--fresh") options = { ...options, fresh: true }
    else if (arg === "--help" || arg === "-h") options = { ...options, help: true }
    else if (arg === "--data") options = { ...options, data: next === undefined ? DATA : resolve(from, next) }
    else if (arg === "--store" && next !== undefined) options = { ...options, store: next }
    else if (arg !== "--") throw new TypeError(`"${arg}" is not understood.\n\n${USAGE}`)
    if (next !== undefined && (arg === "--data" || arg === "--store")) i++
  }
  return options
}
