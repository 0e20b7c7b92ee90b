import type * as z from "zod"

import { checkKnown } from "./input.ts"

/** What is wrong with a row, and where. */
interface Issue {
  readonly path: string
  readonly message: string
}

/** A row that was not taken, as the source told it, by its number there, from 0, and why. */
export interface RejectedRow {
  readonly row: number
  readonly value: unknown
  readonly issues: ReadonlyArray<Issue>
}

/** How far an import is. All rows before `next` have been taken or rejected: an import that was broken off can go on from there. */
export type ImportProgress<K extends string> = { readonly next: number; readonly rejected: number } & Counts<K>

type Counts<K extends string> = { readonly [count in K]: number }

/** How an import is done. */
export interface ImportOptions<K extends string> {
  /** Rows before this number are passed over. */
  readonly from?: number
  /** Rows in one commit, at least 1. */
  readonly chunk?: number
  readonly onProgress?: (progress: ImportProgress<K>) => void
  readonly onReject?: (rejected: RejectedRow) => void
}

/** Rows that are taken together, each with its number in the source. */
export type ImportedRows<R> = ReadonlyArray<{ readonly row: number; readonly value: R }>

/** What is imported, and how a chunk of it is taken. */
export interface Import<R, K extends string> {
  readonly schema: z.ZodType<R>
  /** What a row is about: no chunk has two rows about the same, so that they are taken one after the other. */
  readonly about: (row: R) => string
  /** What is counted. */
  readonly counts: ReadonlyArray<K>
  /** Takes a chunk, in one commit, and answers its counts, and which of its rows were refused by their place in it. */
  readonly take: (rows: ImportedRows<R>) => Promise<{
    readonly counts: Counts<K>
    readonly refused?: ReadonlyArray<{ readonly at: number; readonly issues: ReadonlyArray<Issue> }>
  }>
}

/**
 * Streams rows in, a chunk a commit; what does not fit the schema, or is refused, is told to `onReject` and holds up nothing. Only two chunks are in
 * memory at a time: one is read and checked while the one before is written. Rejects with what the source or `take` fails with, when all rows before that
 * have been taken. Throws `RangeError` for a chunk that has no whole number of rows.
 */
export const importRows = async <R, K extends string>(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  { schema, about, counts, take }: Import<R, K>,
  { from = 0, chunk = 100, onProgress, onReject }: ImportOptions<K> = {}
): Promise<ImportProgress<K>> => {
  if (!Number.isSafeInteger(chunk) || chunk < 1)
    throw new RangeError(`A chunk of an import is a whole number of rows, at least 1, not ${chunk}.`)
  let [next, rejected] = [from, 0]
  const sums = new Map(counts.map((name) => [name, 0]))
  const progress = () => ({ next, rejected, ...Object.fromEntries(sums) }) as ImportProgress<K>
  const reject = (one: RejectedRow): void => {
    rejected++
    onReject?.(one)
  }
  const write = async (part: Part<R>): Promise<void> => {
    if (part.rows.length > 0) {
      const { counts: of, refused = [] } = await take(part.rows)
      for (const [name, sum] of sums) sums.set(name, sum + of[name])
      for (const { at, issues } of refused) reject({ row: part.rows[at]!.row, value: part.told[at], issues })
    }
    next = part.next
    onProgress?.(progress())
  }
  let underWay: Promise<void> = Promise.resolve()
  for await (const part of partsOf(rows, { schema, about, from, chunk, reject })) {
    await underWay
    underWay = write(part)
    // It is awaited in the next round; until then nobody has to hear of its failure.
    underWay.catch(() => undefined)
  }
  await underWay
  return progress()
}

interface Part<R> {
  readonly rows: ImportedRows<R>
  /** The same as the source told them. */
  readonly told: ReadonlyArray<unknown>
  /** The number of the row behind it. */
  readonly next: number
}

interface Parting<R> {
  readonly schema: z.ZodType<R>
  readonly about: (row: R) => string
  readonly from: number
  readonly chunk: number
  readonly reject: (rejected: RejectedRow) => void
}

async function* partsOf<R>(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  { schema, about, from, chunk, reject }: Parting<R>
): AsyncGenerator<Part<R>> {
  let part: Array<ImportedRows<R>[number]> = []
  let told: Array<unknown> = []
  let named = new Set<string>()
  let row = -1
  for await (const value of rows) {
    if (++row < from) continue
    const checked = checkKnown("import", schema, value)
    if (!checked.ok) {
      reject({ row, value, issues: checked.error.issues })
      continue
    }
    // The schema has taken it, so it is one of its outputs.
    const input = checked.value as R
    const name = about(input)
    if (part.length === chunk || named.has(name)) {
      yield { rows: part, told, next: row }
      part = []
      told = []
      named = new Set()
    }
    part.push({ row, value: input })
    told.push(value)
    named.add(name)
  }
  yield { rows: part, told, next: row + 1 }
}
