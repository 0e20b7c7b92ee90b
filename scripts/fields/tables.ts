/** A row of a table whose second column has fields: what is called, and what of each cell is said. */
export interface Row {
  readonly line: number
  readonly names: ReadonlyArray<string>
  /** By what is called, where the cell has a part for each; else one part for all. Empty where it says nothing. */
  readonly parts: ReadonlyArray<ReadonlyArray<string>>
}

/** The tables of a page whose second column is `fields`. A word that the page explains, "*Who* is `customer?` and `session?`", stands for these. */
export const fieldTables = (page: string): ReadonlyArray<ReadonlyArray<Row>> => {
  const words = wordsOf(page)
  const tables: Array<Array<Row>> = []
  let inside = false
  page.split("\n").forEach((text, at) => {
    if (!text.startsWith("|")) inside = false
    else if (cellsOf(text)[1] === "fields") {
      inside = true
      tables.push([])
    } else if (inside && !text.startsWith("|---")) {
      const [first = "", fields = ""] = cellsOf(text)
      tables.at(-1)!.push({ line: at + 1, names: quotedIn(first), parts: partsOf(fields, words) })
    }
  })
  return tables
}

/** The cells of a row. */
const cellsOf = (text: string): ReadonlyArray<string> =>
  text
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The names in back quotes. */
const quotedIn = (text: string): ReadonlyArray<string> => [...text.matchAll(/`([A-Za-z]\w*\??)`/g)].map(([, name]) => name!)

/** Words that stand for fields, in small letters. */
const wordsOf = (page: string): ReadonlyMap<string, ReadonlyArray<string>> =>
  new Map(
    [...page.matchAll(/\*([A-Z][a-z]+)\* is\s+((?:`\w+\??`(?:,?\s+and\s+|,\s+)?)+)/g)].map(([, word, names]) => [
      word!.toLowerCase(),
      quotedIn(names!)
    ])
  )

const partsOf = (cell: string, words: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyArray<ReadonlyArray<string>> => {
  let plain = cell
  while (/\([^()]*\)/.test(plain)) plain = plain.replaceAll(/\([^()]*\)/g, "")
  if (plain === "") return []
  return plain
    .split(";")
    .map((part) =>
      [...part.matchAll(/`(\w+\??)`|([a-z]+)/g)].flatMap(([, name, word]) => (name === undefined ? (words.get(word!) ?? []) : [name]))
    )
}
