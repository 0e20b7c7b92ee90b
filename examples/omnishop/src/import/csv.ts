import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import type { Readable } from "node:stream"
import { StringDecoder } from "node:string_decoder"
import { createGunzip } from "node:zlib"

import { parse } from "csv-parse/sync"

/** A line of a CSV file: its number in the file, from 1, and its text. */
export interface CsvLine {
  readonly line: number
  readonly raw: string
}

/** A line that could be read, with its fields by the names in the head of the file. */
export interface CsvRow extends CsvLine {
  readonly fields: Readonly<Record<string, string>>
}

/** A line that could not, and why. */
export interface BadLine extends CsvLine {
  readonly reason: string
}

/** Some lines of a file under its head, and how much of the file (0 to 1) was read by then. */
export interface CsvPart {
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<CsvRow>
  readonly bad: ReadonlyArray<BadLine>
  readonly read: number
}

/** Lines taken together: the parser costs more to start than to run. */
const PART = 1000

/**
 * Reads a CSV file (gzipped when its name ends in `.gz`) in parts of 1,000 lines, in constant memory. A row is a line: no field of these
 * files holds a line break, so a quote that is never closed spoils its own line alone. Blank lines are no rows.
 */
export async function* readCsv(path: string): AsyncGenerator<CsvPart, void> {
  const { size } = await stat(path)
  const file = createReadStream(path)
  let head: ReadonlyArray<string> | undefined
  for await (const lines of partsOf(path.endsWith(".gz") ? file.pipe(createGunzip()) : file, file)) {
    const rest = head === undefined ? lines.slice(1) : lines
    head ??= fieldsOf(lines[0]?.raw ?? "") ?? []
    yield { head, ...rowsOf(rest, head), read: size === 0 ? 1 : file.bytesRead / size }
  }
}

/** The rows among lines that were read before, under the head of their file. */
export const rowsOf = (lines: ReadonlyArray<CsvLine>, head: ReadonlyArray<string>): Pick<CsvPart, "rows" | "bad"> => {
  const records = together(lines) ?? lines.map(({ raw }) => fieldsOf(raw))
  const rows: Array<CsvRow> = []
  const bad: Array<BadLine> = []
  lines.forEach((line, i) => {
    const record = records[i]
    if (record === undefined) bad.push({ ...line, reason: "its quotes are broken" })
    else if (record.length !== head.length) bad.push({ ...line, reason: "has more or fewer fields than the head of the file" })
    else rows.push({ ...line, fields: Object.fromEntries(head.map((name, at) => [name, record[at] ?? ""])) })
  })
  return { rows, bad }
}

/** All records in one go; `undefined` when a line of them is broken, for then nobody knows which record is whose. */
const together = (lines: ReadonlyArray<CsvLine>): ReadonlyArray<ReadonlyArray<string>> | undefined => {
  const records = recordsOf(lines.map(({ raw }) => raw).join("\n"))
  return records?.length === lines.length ? records : undefined
}

const fieldsOf = (raw: string): ReadonlyArray<string> | undefined => recordsOf(raw)?.[0]

const recordsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> | undefined => {
  try {
    return parse(text, { record_delimiter: "\n", relax_column_count: true })
  } catch {
    return undefined
  }
}

async function* partsOf(text: Readable, file: Readable): AsyncGenerator<ReadonlyArray<CsvLine>, void> {
  file.on("error", (error) => text.destroy(error))
  const decoder = new StringDecoder("utf8")
  let part: Array<CsvLine> = []
  let line = 0
  let rest = ""
  const take = (raw: string): void => {
    line++
    const clean = (line === 1 ? raw.replace(/^\uFEFF/, "") : raw).replace(/\r$/, "")
    if (clean.trim() !== "" || line === 1) part.push({ line, raw: clean })
  }
  for await (const chunk of text) {
    const lines = (rest + decoder.write(chunk as Buffer)).split("\n")
    rest = lines.pop() ?? ""
    for (const raw of lines) {
      take(raw)
      if (part.length < PART) continue
      yield part
      part = []
    }
  }
  rest += decoder.end()
  if (rest !== "") take(rest)
  if (part.length > 0) yield part
}
