/** How far an import has come, for whoever waits for it. */
export interface Progress {
  /** `fraction` of a part (0 to 1) is done, `rows` of it so far. */
  at(part: string, fraction: number, rows: number): void
  /** Takes the bar away. */
  end(): void
}

const BAR = 30

/** A bar on a terminal, drawn ten times a second at most; elsewhere a line every five seconds. */
export const progressOn = (stream: NodeJS.WriteStream, now: () => number): Progress => {
  const every = stream.isTTY ? 100 : 5000
  let last = now()
  return {
    at: (part, fraction, rows) => {
      if (now() - last < every) return
      last = now()
      const done = Math.round(Math.min(1, fraction) * BAR)
      const percent = `${Math.floor(Math.min(1, fraction) * 100)} %`.padStart(5)
      if (stream.isTTY) stream.write(`\r\u001b[K${"█".repeat(done)}${"░".repeat(BAR - done)} ${percent}  ${part}: ${rows} rows`)
      else stream.write(`${percent}  ${part}: ${rows} rows\n`)
    },
    end: () => {
      if (stream.isTTY) stream.write("\r\u001b[K")
    }
  }
}
