import { checkOptions, type KnownOptions } from "@omni/core"

/** How a file is kept. */
export interface SqliteOptions {
  /**
   * `"full"` (default): a commit has reached the disk when it is answered. `"normal"`: it survives the end of the process at
   * once, and a power cut some moments later; what a power cut takes away are whole commits, the latest ones.
   */
  readonly durability?: "full" | "normal"
  /** Where the keys of personal data are: beside the file by default, `shop.keys.db` for `shop.db`. */
  readonly keys?: string
  /** The bytes that the file may grow to; a commit beyond them is `NotWritten`. No limit by default. */
  readonly maxSize?: number
  /** How long (ms) a commit waits for other processes before it gives up with an error. 30,000 by default. */
  readonly lockTimeout?: number
  /** How long (ms) the ids of commits are kept, by which a commit that is sent again is known. 900,000 by default. */
  readonly retention?: number
}

/** What holds for one open file, in full. */
export interface Settings extends Required<Omit<SqliteOptions, "maxSize">> {
  readonly path: string
  readonly memory: boolean
  readonly maxSize: number | undefined
}

const MEMORY = ":memory:"

const KNOWN: KnownOptions<SqliteOptions> = { durability: true, keys: true, maxSize: true, lockTimeout: true, retention: true }

/** Throws `InvalidOptions` when it is told what there is not. */
export const settingsOf = (path: string, options: SqliteOptions): Settings => {
  checkOptions("sqlite()", options, KNOWN)
  return {
    path,
    memory: path === MEMORY,
    durability: options.durability ?? "full",
    keys: options.keys ?? keysBeside(path),
    maxSize: options.maxSize,
    lockTimeout: options.lockTimeout ?? 30_000,
    retention: options.retention ?? 900_000
  }
}

/** `shop.db` has its keys in `shop.keys.db`, `shop` in `shop.keys`. */
const keysBeside = (path: string): string => {
  if (path === MEMORY) return MEMORY
  const [, stem, ending] = /^(.*?)(\.[^./\\]+)?$/s.exec(path) ?? []
  return `${stem}.keys${ending ?? ""}`
}
