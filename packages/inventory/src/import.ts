import { days, Id, InvalidInput, operation } from "@omni/core"
import * as z from "zod"

import { CountLine, takeCounts } from "./count.ts"

/** A row of an import: so many of an article at a location, as of when it was counted. */
export const StockRow = CountLine.omit({ believed: true, lots: true })
export type StockRow = z.infer<typeof StockRow>

/**
 * Takes over a part of an import: absolute counts, as `count` does, of which only sums are answered and nobody is told that something is
 * available again. Errors: those of `count`.
 */
export const loadStock = operation(
  "inventory.loadStock",
  {
    input: z.object({ lines: z.array(StockRow).min(1).max(1000), reference: Id.exactOptional() }),
    fact: true,
    remember: days(30),
    passing: true
  },
  function* (tx, { lines, reference }) {
    const dated = lines.map((line) => ({ ...line, countedAt: line.countedAt ?? tx.now }))
    const taken = yield* takeCounts(tx, "inventory.loadStock", dated, {
      reason: "imported",
      quiet: true,
      ...(reference === undefined ? {} : { reference })
    })
    const of = (outcome: string) => taken.filter((one) => one.outcome === outcome).length
    return { corrected: of("corrected"), matched: of("matched"), superseded: of("superseded") }
  }
)

/** The client of the inventory. */
export interface StockLoader {
  loadStock(
    input: { lines: Array<StockRow>; reference?: string },
    options: { readonly key: string }
  ): Promise<{ readonly corrected: number; readonly matched: number; readonly superseded: number }>
}

/** A row that was not taken, by its number in the source, from 0, and why. */
export interface RejectedRow {
  readonly row: number
  readonly value: unknown
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}

/** How far an import is. All rows before `next` have been taken or rejected: an import that was broken off can go on from there. */
export interface ImportProgress {
  readonly next: number
  readonly corrected: number
  readonly matched: number
  readonly superseded: number
  readonly rejected: number
}

/** What an import is called, and how it is done. */
export interface ImportOptions {
  /** Its durable name: rows that were taken under it are not taken again, when it is run again over the same source. */
  readonly name: string
  /** Rows before this number are passed over. */
  readonly from?: number
  /** Rows in one commit, 100 unless told: larger ones take more memory, and hardly less time. */
  readonly chunk?: number
  readonly onProgress?: (progress: ImportProgress) => void
  readonly onReject?: (rejected: RejectedRow) => void
}

interface Part {
  readonly from: number
  readonly rows: ReadonlyArray<{ readonly row: number; readonly line: StockRow }>
  /** The number of the row behind it. */
  readonly next: number
}

/**
 * Streams stock rows into the inventory, a chunk a commit; what is not a stock row is told to `onReject`, and holds up nothing. Only a
 * chunk or two are in memory at a time. Broken off, it is run again under its name over the same source: what was taken is not taken
 * twice, and `from` passes over what `onProgress` had said to be done.
 *
 * `await importStock(omni.inventory, rows, { name: "erp 2026-11-28" })`, where `rows` is what a reader of CSV, say, yields.
 */
export const importStock = async (
  inventory: StockLoader,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  { name, from = 0, chunk = 100, onProgress, onReject }: ImportOptions
): Promise<ImportProgress> => {
  let progress: ImportProgress = { next: from, corrected: 0, matched: 0, superseded: 0, rejected: 0 }
  const reject = (rejected: RejectedRow): void => {
    progress = { ...progress, rejected: progress.rejected + 1 }
    onReject?.(rejected)
  }
  const take = async ({ rows: part, ...about }: Part): Promise<void> => {
    const [first] = part
    if (first === undefined) return
    try {
      const key = `${name} ${first.row}-${about.next - 1}`
      const done = await inventory.loadStock({ lines: part.map(({ line }) => line), reference: name }, { key })
      progress = {
        ...progress,
        corrected: progress.corrected + done.corrected,
        matched: progress.matched + done.matched,
        superseded: progress.superseded + done.superseded
      }
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      if (part.length === 1) return reject({ row: first.row, value: first.line, issues: error.issues })
      // One row is to blame, or several: the others are taken all the same.
      const half = part.length >> 1
      await take({ from: first.row, rows: part.slice(0, half), next: part[half]!.row })
      await take({ from: part[half]!.row, rows: part.slice(half), next: about.next })
    }
  }
  // The next chunk is read and checked while one is being written.
  let underWay: Promise<void> = Promise.resolve()
  for await (const part of partsOf(rows, from, chunk, reject)) {
    await underWay
    underWay = take(part).then(() => {
      progress = { ...progress, next: part.next }
      onProgress?.(progress)
    })
    // It is awaited in the next round; until then nobody has to hear of its failure.
    underWay.catch(() => undefined)
  }
  await underWay
  return progress
}

/** The rows in chunks that name no stock twice. */
async function* partsOf(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  from: number,
  chunk: number,
  reject: (rejected: RejectedRow) => void
): AsyncGenerator<Part> {
  let part: Array<Part["rows"][number]> = []
  let named = new Set<string>()
  let start = from
  let row = -1
  for await (const value of rows) {
    if (++row < from) continue
    const parsed = StockRow.safeParse(value)
    if (!parsed.success) {
      reject({ row, value, issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })) })
      continue
    }
    const id = JSON.stringify([parsed.data.sku, parsed.data.location])
    if (part.length === chunk || named.has(id)) {
      yield { from: start, rows: part, next: row }
      part = []
      named = new Set()
      start = row
    }
    part.push({ row, line: parsed.data })
    named.add(id)
  }
  yield { from: start, rows: part, next: row + 1 }
}
