import { basename } from "node:path"

import type * as z from "zod"

import type { Omnishop } from "../app.ts"
import { type CsvLine, readCsv, rowsOf } from "./csv.ts"
import type { Flight } from "./flight.ts"
import type { Progress } from "./progress.ts"
import type { Reject, Rejects } from "./rejects.ts"

/** What every part of an import works with. */
export interface Importing {
  readonly omni: Omnishop
  readonly rejects: Rejects
  readonly flight: Flight
  readonly progress: Progress
  /** How many rows of each file have been read, taken or not. */
  readonly counts: Map<string, number>
  /** How many of each thing are there now because of it: "orders", say. */
  readonly made: Map<string, number>
}

/** A row as its file tells it, with the line that it stands in. */
export interface Told<R> extends CsvLine {
  readonly row: R
}

/** Rows of a file that could be understood, in parts; the others are rejected. What cannot be read at all is rejected as a whole. */
export async function* rowsIn<S extends z.ZodType>(
  { counts, progress, rejects }: Importing,
  file: string,
  schema: S
): AsyncGenerator<{ readonly head: ReadonlyArray<string>; readonly told: ReadonlyArray<Told<z.infer<S>>> }, void> {
  const name = basename(file)
  const reject = rejects.of(file)
  let line = 0
  try {
    for await (const { bad, head, read, rows } of readCsv(file)) {
      for (const { reason, ...at } of bad) reject(at, reason)
      const count = (counts.get(name) ?? 0) + rows.length + bad.length
      counts.set(name, count)
      line = Math.max(line, rows.at(-1)?.line ?? 0, bad.at(-1)?.line ?? 0)
      yield { head, told: understood(rows, schema, reject) }
      progress.at(name, read, `${count} rows`)
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    counts.set(name, (counts.get(name) ?? 0) + 1)
    reject({ line: line + 1, raw: "" }, `cannot be read from here on: ${error.message}`)
  }
}

/** The rows among lines that `rowsIn` has given before. */
export const again = <S extends z.ZodType>(
  lines: ReadonlyArray<CsvLine>,
  head: ReadonlyArray<string>,
  schema: S
): ReadonlyArray<Told<z.infer<S>>> => understood(rowsOf(lines, head).rows, schema, () => {})

const understood = <S extends z.ZodType>(
  rows: ReadonlyArray<CsvLine & { readonly fields: unknown }>,
  schema: S,
  reject: Reject
): ReadonlyArray<Told<z.infer<S>>> =>
  rows.flatMap(({ line, raw, fields }) => {
    const parsed = schema.safeParse(fields)
    if (parsed.success) return [{ line, raw, row: parsed.data }]
    const [issue] = parsed.error.issues
    const reason = issue?.code === "invalid_type" ? "is missing" : issue?.message
    reject({ line, raw }, `${issue?.path.join(".")} ${reason}`)
    return []
  })

/** What zlib and the file system say of a file that is cut off or broken. */
const isUnreadable = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && /^(Z_|ERR_ZLIB|E[A-Z]+$)/.test(String(error.code))

/** Rejects rows whose key was there before, and gives the others. `seen` remembers the line of each key. */
export const distinct = <R>(
  told: ReadonlyArray<Told<R>>,
  keyOf: (row: R) => string,
  seen: Map<string, number>,
  reject: Reject
): ReadonlyArray<Told<R>> =>
  told.filter((one) => {
    const key = keyOf(one.row)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, one.line)
    else reject(one, "tells again what a line before it has told")
    return first === undefined
  })

/** What came of a call that may be refused. */
type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: { readonly _tag: string; readonly message: string } }

/** Counts one more of something that is there now. */
export const count = ({ made }: Importing, what: string): void => void made.set(what, (made.get(what) ?? 0) + 1)

/** What is the matter with the store, not with a row. */
const STORE = new Set(["Closed", "Contended", "OutcomeUnknown", "StoreTooNew", "StoreUnavailable"])

/** Makes `what` of rows by a call; when it is refused, the rows are rejected with the reason. Trouble with the store ends the import. */
export const make = (
  importing: Importing,
  what: string,
  { reject, rows }: { readonly reject: Reject; readonly rows: ReadonlyArray<CsvLine> },
  call: () => Promise<Outcome>
): Promise<void> =>
  importing.flight.start(async () => {
    const outcome = await call()
    if (outcome.ok) return count(importing, what)
    if (STORE.has(outcome.error._tag)) throw outcome.error
    for (const row of rows) reject(row, `${outcome.error._tag}: ${outcome.error.message}`)
  })
