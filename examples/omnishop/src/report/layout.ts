/** A text in lines of at most `width` characters, broken between words. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Rows in aligned columns; a column whose head ends in ">" is aligned to the right. The last column is not filled up. */
export const table = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const names = heads.map((head) => head.replace(/>$/, ""))
  const widths = heads.map((_, at) => Math.max(...[names, ...rows].map((row) => row[at]?.length ?? 0)))
  return [names, ...rows].map((row) =>
    row
      .map((cell, at) =>
        heads[at]?.endsWith(">") ? cell.padStart(widths[at] ?? 0) : at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)
      )
      .join("  ")
  )
}
