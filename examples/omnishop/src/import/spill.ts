import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

import type { CsvLine } from "./csv.ts"

/** Lines sorted into heaps by name, on disk: what belongs together need not stand together in a file, nor fit into memory. */
export interface Spill extends AsyncDisposable {
  add(heap: string, line: CsvLine): Promise<void>
  /** The names of the heaps, sorted. */
  names(): ReadonlyArray<string>
  /** The lines of a heap, in the order in which they were added. */
  read(heap: string): Promise<ReadonlyArray<CsvLine>>
}

/** Lines kept in memory before they are written. */
const KEPT = 50_000

/** Heaps in a folder of the system's place for temporary files; it is deleted at the end. */
export const spillTo = async (): Promise<Spill> => {
  const folder = await mkdtemp(join(tmpdir(), "omnishop-import-"))
  const files = new Map<string, string>()
  const kept = new Map<string, Array<string>>()
  let count = 0
  const fileOf = (heap: string): string => {
    const file = files.get(heap) ?? join(folder, String(files.size))
    files.set(heap, file)
    return file
  }
  const flush = async (): Promise<void> => {
    for (const [heap, lines] of kept) await appendFile(fileOf(heap), lines.join(""))
    kept.clear()
    count = 0
  }
  return {
    add: async (heap, { line, raw }) => {
      const lines = kept.get(heap) ?? []
      lines.push(`${line} ${raw}\n`)
      kept.set(heap, lines)
      if (++count >= KEPT) await flush()
    },
    names: () => [...new Set([...files.keys(), ...kept.keys()])].sort(),
    read: async (heap) => {
      await flush()
      const file = files.get(heap)
      const texts = file === undefined ? [] : (await readFile(file, "utf8")).split("\n").slice(0, -1)
      return texts.map((text) => ({ line: Number.parseInt(text, 10), raw: text.slice(text.indexOf(" ") + 1) }))
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true })
  }
}
