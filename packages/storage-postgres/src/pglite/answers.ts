import type { Columns, Rows } from "../statement.ts"

/** What PostgreSQL says of an error; `severity` is not translated. */
interface Fault {
  readonly severity: string | undefined
  readonly code: string | undefined
  readonly message: string | undefined
  readonly constraint: string | undefined
}

/** Types of messages from PostgreSQL (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const PARSE_COMPLETE = 0x31
const COMMAND_COMPLETE = 0x43
const DATA_ROW = 0x44
const ERROR = 0x45

/** The messages that PostgreSQL has answered. */
export class Answers {
  readonly #results: Array<Rows> = []
  #rows: Array<Columns> = []
  /** How many statements were prepared. */
  parsed = 0
  /** The first error, after which everything was skipped. */
  fault: Fault | undefined

  constructor(bytes: Buffer) {
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + bytes.readInt32BE(at + 1)
      this.#message(bytes[at]!, bytes.subarray(at + 5, end))
      at = end
    }
  }

  /** The rows of each statement. Throws the error, if there is one. */
  of(count: number): ReadonlyArray<Rows> {
    if (this.fault !== undefined) throw this.fault
    if (this.#results.length === count) return this.#results
    // PGlite does not say so when its WebAssembly has failed.
    throw new Error(`PGlite answered ${this.#results.length} of ${count} statements`)
  }

  #message(type: number, body: Buffer): void {
    if (type === DATA_ROW) this.#rows.push(columnsOf(body))
    else if (type === PARSE_COMPLETE) this.parsed++
    else if (type === ERROR) this.fault ??= faultOf(body)
    else if (type === COMMAND_COMPLETE) {
      this.#results.push(this.#rows)
      this.#rows = []
    }
  }
}

const columnsOf = (body: Buffer): Columns => {
  let at = 2
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    at += length
    return body.toString("utf8", at - length, at)
  })
}

/** Fields of one letter each: (V) severity, (C) SQLSTATE, (M) message, (n) constraint. */
const faultOf = (body: Buffer): Fault => {
  const fields = new Map<string, string>()
  for (const field of body.toString("utf8").split("\0")) if (field !== "") fields.set(field[0]!, field.slice(1))
  return { severity: fields.get("V"), code: fields.get("C"), message: fields.get("M"), constraint: fields.get("n") }
}
