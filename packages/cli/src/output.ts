import type { Command } from "./command.ts"

/** Where a command line writes, and what it may use of the process. */
export interface Streams {
  /** A promise for when there is room again, where there is none. */
  readonly out: (text: string) => Promise<void> | void
  readonly error: (text: string) => void
  /** Whether what is written is for a terminal. */
  readonly color: boolean
  readonly env: { readonly [name: string]: string | undefined }
}

const codes = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const

/** Writes what a command found: as JSON, or as text for people. */
export class Output {
  readonly json: boolean
  readonly #streams: Streams

  constructor(streams: Streams, json: boolean) {
    this.#streams = streams
    this.json = json
  }

  line(text = ""): void {
    void this.#streams.out(`${text}\n`)
  }

  /** As many lines as there are, no faster than they are read. */
  async lines(all: AsyncIterable<string>): Promise<void> {
    for await (const text of all) await this.#streams.out(`${text}\n`)
  }

  /** One value: a document on a line of its own. */
  value(value: unknown): void {
    this.line(JSON.stringify(value))
  }

  style(style: keyof typeof codes, text: string): string {
    return this.#streams.color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
  }

  /** Columns as wide as they have to be; the first row is their heading. */
  table(rows: ReadonlyArray<ReadonlyArray<string>>): void {
    // There may be more rows than a call takes arguments.
    const widths = rows[0]!.map((_, i) => rows.reduce((width, row) => Math.max(width, row[i]!.length), 0))
    rows.forEach((row, n) => {
      const text = row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd()
      this.line(n === 0 ? this.style("bold", text) : text)
    })
  }
}

/** An instant as people and programs read it. */
export const instant = (time: number): string => new Date(time).toISOString()

/** Text of others on one line, without what a terminal would take for an order. */
export const plain = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim()

export const usage = ({ name, args }: Pick<Command, "name" | "args">): string => `omni ${name}${args === undefined ? "" : ` ${args}`}`
