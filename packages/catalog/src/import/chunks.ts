import type * as z from "zod"

/** A row that was not taken, by its number in the source, from 0, and why. Where no field is to blame, `path` is the code of the refusal. */
export interface RejectedRow {
  readonly row: number
  readonly value: unknown
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}

/** How far an import is. All rows before `next` have been taken or rejected: an import that was broken off can go on from there. */
export interface ImportProgress {
  readonly next: number
  /** Products, variants or prices that were new or another. */
  readonly changed: number
  readonly rejected: number
}

/** How an import is done. */
export interface ImportOptions {
  /** Rows before this number are passed over. */
  readonly from?: number
  /** Rows in one commit. */
  readonly chunk?: number
  readonly onProgress?: (progress: ImportProgress) => void
  readonly onReject?: (rejected: RejectedRow) => void
}

/** What became of a chunk: how much was new, and which of its rows were refused. */
export interface ChunkTaken {
  readonly changed: number
  readonly refused?: ReadonlyArray<{
    readonly at: number
    readonly code: string
    readonly message: string
    readonly issues?: RejectedRow["issues"]
  }>
}

interface Chunk<I> {
  readonly rows: ReadonlyArray<{ readonly row: number; readonly value: I }>
  /** The number of the row behind it. */
  readonly next: number
}

/**
 * Streams rows in, a chunk a commit; what does not fit the schema, or is refused, is told to `onReject` and holds up nothing. Only two chunks are in
 * memory at a time: one is read and checked while the one before is written. `key` says what a row is about: no chunk has two rows about the same.
 */
export const importInChunks = async <I>(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  schema: z.ZodType<unknown, I>,
  key: (row: I) => string,
  take: (rows: Array<I>) => Promise<ChunkTaken>,
  { from = 0, chunk = 100, onProgress, onReject }: ImportOptions
): Promise<ImportProgress> => {
  let progress: ImportProgress = { next: from, changed: 0, rejected: 0 }
  const reject = (rejected: RejectedRow): void => {
    progress = { ...progress, rejected: progress.rejected + 1 }
    onReject?.(rejected)
  }
  const write = async ({ rows: part, next }: Chunk<I>): Promise<void> => {
    if (part.length > 0) {
      const { changed, refused = [] } = await take(part.map(({ value }) => value))
      for (const { at, code, message, issues = [{ path: code, message }] } of refused) reject({ ...part[at]!, issues })
      progress = { ...progress, changed: progress.changed + changed }
    }
    progress = { ...progress, next }
    onProgress?.(progress)
  }
  let underWay: Promise<void> = Promise.resolve()
  for await (const part of chunksOf(rows, schema, key, { from, chunk, reject })) {
    await underWay
    underWay = write(part)
    // It is awaited in the next round; until then nobody has to hear of its failure.
    underWay.catch(() => undefined)
  }
  await underWay
  return progress
}

async function* chunksOf<I>(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  schema: z.ZodType<unknown, I>,
  key: (row: I) => string,
  { from, chunk, reject }: { readonly from: number; readonly chunk: number; readonly reject: (rejected: RejectedRow) => void }
): AsyncGenerator<Chunk<I>> {
  let part: Array<Chunk<I>["rows"][number]> = []
  let keys = new Set<string>()
  let row = -1
  for await (const value of rows) {
    if (++row < from) continue
    const issues = issuesOf(schema, value)
    if (issues.length > 0) {
      reject({ row, value, issues })
      continue
    }
    // The schema has taken it, so it is one of its inputs.
    const input = value as I
    const about = key(input)
    if (part.length === chunk || keys.has(about)) {
      yield { rows: part, next: row }
      part = []
      keys = new Set()
    }
    part.push({ row, value: input })
    keys.add(about)
  }
  yield { rows: part, next: row + 1 }
}

const issuesOf = (schema: z.ZodType, value: unknown): RejectedRow["issues"] => {
  const parsed = schema.safeParse(value)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }))
}
