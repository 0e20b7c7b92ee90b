import { days, Id, type ImportedRows, type ImportOptions, type ImportProgress, importRows, InvalidInput, operation } from "@omni/core"
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

/** What is counted of an import. */
type Outcome = "corrected" | "matched" | "superseded"

/** How stock is imported. */
export interface StockImportOptions extends ImportOptions<Outcome> {
  /** Its durable name: rows that were taken under it are not taken again, when it is run again over the same source. */
  readonly name: string
}

/**
 * Streams stock rows into the inventory, 100 a commit unless told (larger chunks take more memory, and hardly less time); what is not a stock row is told
 * to `onReject`, and holds up nothing. Broken off, it is run again under its name over the same source: what was taken is not taken twice, and
 * `from` passes over what `onProgress` had said to be done.
 *
 * `await importStock(omni.inventory, rows, { name: "erp 2026-11-28" })`, where `rows` is what a reader of CSV, say, yields.
 */
export const importStock = (
  inventory: StockLoader,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  { name, ...options }: StockImportOptions
): Promise<ImportProgress<Outcome>> =>
  importRows(
    rows,
    {
      schema: StockRow,
      about: ({ sku, location }) => JSON.stringify([sku, location]),
      counts: ["corrected", "matched", "superseded"],
      take: (part) => takeRows(inventory, name, part, 0)
    },
    options
  )

/** What became of rows, from a place in their chunk on. */
const takeRows = async (inventory: StockLoader, name: string, rows: ImportedRows<StockRow>, place: number): Promise<Taken> => {
  const lines = rows.map(({ value }) => value)
  try {
    const key = `${name} ${rows[0]?.row}-${rows.at(-1)?.row}`
    return { counts: await inventory.loadStock({ lines, reference: name }, { key }), refused: [] }
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    if (rows.length === 1) return { counts: { corrected: 0, matched: 0, superseded: 0 }, refused: [{ at: place, issues: error.issues }] }
    // One row is to blame, or several: the others are taken all the same.
    const half = rows.length >> 1
    const first = await takeRows(inventory, name, rows.slice(0, half), place)
    const second = await takeRows(inventory, name, rows.slice(half), place + half)
    const sum = (outcome: Outcome) => first.counts[outcome] + second.counts[outcome]
    return {
      counts: { corrected: sum("corrected"), matched: sum("matched"), superseded: sum("superseded") },
      refused: [...first.refused, ...second.refused]
    }
  }
}

interface Taken {
  readonly counts: { readonly [outcome in Outcome]: number }
  readonly refused: ReadonlyArray<{ readonly at: number; readonly issues: InvalidInput["issues"] }>
}
