import { createWriteStream } from "node:fs"
import { rename } from "node:fs/promises"
import { basename } from "node:path"
import { finished } from "node:stream/promises"

import type { CsvLine } from "./csv.ts"

/** Told of a row that was not taken, and why. */
export type Reject = (row: CsvLine, reason: string) => void

/** Keeps every row that was not taken, with the reason. */
export interface Rejects {
  /** For the rows of a file. */
  of(file: string): Reject
  /** How many rows of each file were rejected for each reason, its particulars left out. */
  readonly counts: ReadonlyMap<string, number>
  /** Puts the file in its place. */
  close(): Promise<void>
}

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

/**
 * A CSV file of what was rejected: file, line, reason, row as it stood. It grows beside its place, and takes it when all is done: each
 * run of an import meets the same bad rows again.
 */
export const rejectsFile = (path: string): Rejects => {
  const growing = `${path}.part`
  const stream = createWriteStream(growing)
  const counts = new Map<string, number>()
  stream.write("file,line,reason,row\n")
  return {
    counts,
    of: (file) => {
      const name = basename(file)
      return ({ line, raw }, reason) => {
        const what = `${name}: ${reason.split(":")[0]}`
        counts.set(what, (counts.get(what) ?? 0) + 1)
        stream.write(`${quoted(name)},${line},${quoted(reason)},${quoted(raw)}\n`)
      }
    },
    close: async () => {
      stream.end()
      await finished(stream)
      await rename(growing, path)
    }
  }
}
