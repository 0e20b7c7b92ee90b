/** How far an import has come, for whoever waits for it. */
export interface Progress {
  /** `fraction` (0 to 1) of a part is done; `detail` says it in its own measure: "4000 rows". */
  at(part: string, fraction: number, detail: string): void
  /** Something begins whose end nobody can foretell. */
  say(what: string): void
  /** Takes the bar away. */
  end(): void
}

/** For whoever does not want to know. */
export const noProgress: Progress = { at: () => {}, say: () => {}, end: () => {} }

const BAR = 30

/** A bar on a terminal, drawn ten times a second at most; elsewhere a line every five seconds. */
export const progressOn = (stream: NodeJS.WriteStream, now: () => number): Progress => {
  const every = stream.isTTY ? 100 : 5000
  let last = now()
  return {
    at: (part, fraction, detail) => {
      if (now() - last < every) return
      last = now()
      const done = Math.round(Math.min(1, fraction) * BAR)
      const percent = `${Math.floor(Math.min(1, fraction) * 100)} %`.padStart(5)
      if (stream.isTTY) stream.write(`\r\u001b[K${"█".repeat(done)}${"░".repeat(BAR - done)} ${percent}  ${part}: ${detail}`)
      else stream.write(`${percent}  ${part}: ${detail}\n`)
    },
    say: (what) => {
      stream.write(stream.isTTY ? `\r\u001b[K${what} …` : `${what} …\n`)
    },
    end: () => {
      if (stream.isTTY) stream.write("\r\u001b[K")
    }
  }
}
