import { randomUUID } from "node:crypto"

import { type PGliteInterface, protocol } from "@electric-sql/pglite"

import { binaryArray } from "../binary.ts"
import type { Session, Statement, Value } from "../statement.ts"
import { Answers } from "./answers.ts"

const { serialize } = protocol
const SYNC = serialize.sync()

/** One name for each text. The session is the app's too, so the names are nobody else's. */
const names = new Map<string, string>()
const own = randomUUID().slice(0, 8)

const nameOf = (text: string): string => {
  let name = names.get(text)
  if (name === undefined) names.set(text, (name = `omni_${own}_${names.size + 1}`))
  return name
}

/** What each PGlite has prepared so far. */
const prepared = new WeakMap<PGliteInterface, Set<string>>()

const preparedOn = (db: PGliteInterface): Set<string> => {
  let known = prepared.get(db)
  if (known === undefined) prepared.set(db, (known = new Set()))
  return known
}

/** PostgreSQL does not know a prepared statement: somebody has run `deallocate` or `discard`. */
const UNPREPARED = "26000"

/**
 * The one session of a PGlite, for whoever has its turn: statements as messages of PostgreSQL's protocol, all in one call, as
 * `pipeline.ts` sends them to a server. PGlite's own way to read the answers takes a U+FEFF from the beginning of a text.
 */
export const embedded = (db: PGliteInterface): Session => ({
  run: (statements) =>
    db.runExclusive(async () => {
      const known = preparedOn(db)
      const { bytes, parsed } = encoded(statements, known)
      const pieces: Array<Buffer> = []
      // Where PGlite keeps its files elsewhere than it writes them, it does so at the end of the transaction.
      await db.execProtocolRawStream(bytes, { syncToFs: false, onRawData: (data) => void pieces.push(Buffer.from(data)) })
      const answers = new Answers(Buffer.concat(pieces))
      // A statement counts as prepared once PostgreSQL says so: what follows a failure is skipped.
      for (const name of parsed.slice(0, answers.parsed)) known.add(name)
      if (answers.fault?.code === UNPREPARED) known.clear()
      return answers.of(statements.length)
    })
})

/** The messages, and the names of what is prepared by them, in order. */
const encoded = (statements: ReadonlyArray<Statement>, known: ReadonlySet<string>) => {
  const parts: Array<Uint8Array> = []
  const parsed = new Set<string>()
  for (const { text, values } of statements) {
    const name = nameOf(text)
    if (!known.has(name) && !parsed.has(name)) {
      parsed.add(name)
      parts.push(serialize.parse({ name, text }))
    }
    parts.push(serialize.bind({ statement: name, values: values.map(wireValue) }), serialize.execute())
  }
  return { bytes: Buffer.concat([...parts, SYNC]), parsed: [...parsed] }
}

const wireValue = (value: Value): string | Uint8Array | null =>
  value === null ? null : typeof value === "object" ? binaryArray(value) : String(value)
