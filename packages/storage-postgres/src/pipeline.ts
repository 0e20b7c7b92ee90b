import { binaryArray } from "./binary.ts"
import type { Columns, Rows, Session, Statement, Value } from "./statement.ts"

/** What node-postgres hands to a query of one's own (as `pg-cursor` is): the protocol, message by message. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void }
  parse(message: { readonly name: string; readonly text: string }): void
  bind(message: { readonly statement: string; readonly values: ReadonlyArray<string | Buffer | null> }): void
  execute(): void
  sync(): void
  on(event: "parseComplete", listener: () => void): void
  removeListener(event: "parseComplete", listener: () => void): void
}

/** A client of node-postgres, as far as it is used here. */
export interface PipelineClient {
  query(query: Pipeline): unknown
}

/** One name for each text, so that connections can tell what they have prepared. */
const names = new Map<string, string>()

const nameOf = (text: string): string => {
  let name = names.get(text)
  if (name === undefined) names.set(text, (name = `omni_${names.size + 1}`))
  return name
}

/** What each connection has prepared so far. */
const prepared = new WeakMap<Connection, Set<string>>()

const preparedOn = (connection: Connection): Set<string> => {
  let known = prepared.get(connection)
  if (known === undefined) prepared.set(connection, (known = new Set()))
  return known
}

/**
 * Statements sent in one go, with one Sync at their end: a single round trip. PostgreSQL runs them in order, each with a snapshot of
 * its own, and skips what follows a failure.
 */
export class Pipeline {
  readonly #statements: ReadonlyArray<Statement>
  readonly #prepare: boolean
  readonly #results: Array<Rows> = []
  #rows: Array<Columns> = []
  readonly #resolve: (results: ReadonlyArray<Rows>) => void
  readonly #reject: (error: unknown) => void
  #stopListening: () => void = () => undefined

  constructor(
    statements: ReadonlyArray<Statement>,
    prepare: boolean,
    resolve: (results: ReadonlyArray<Rows>) => void,
    reject: (error: unknown) => void
  ) {
    this.#statements = statements
    this.#prepare = prepare
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: Connection): Error | null {
    connection.stream.cork()
    try {
      if (this.#prepare) this.#sendPrepared(connection)
      else for (const statement of this.#statements) this.#send(connection, "", statement)
      connection.sync()
    } catch (error) {
      this.#stopListening()
      return error instanceof Error ? error : new Error(String(error))
    } finally {
      connection.stream.uncork()
    }
    return null
  }

  handleDataRow(message: { readonly fields: Columns }): void {
    this.#rows.push(message.fields)
  }

  handleCommandComplete(): void {
    this.#results.push(this.#rows)
    this.#rows = []
  }

  handleReadyForQuery(): void {
    this.#stopListening()
    this.#resolve(this.#results)
  }

  handleError(error: unknown): void {
    this.#stopListening()
    this.#reject(error)
  }

  handleRowDescription(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  /** A statement counts as prepared once the server says so: what follows a failure is skipped, and must be sent again. */
  #sendPrepared(connection: Connection): void {
    const known = preparedOn(connection)
    const sent = new Set<string>()
    for (const statement of this.#statements) {
      const name = nameOf(statement.text)
      if (known.has(name) || sent.has(name)) this.#execute(connection, name, statement)
      else {
        sent.add(name)
        this.#send(connection, name, statement)
      }
    }
    if (sent.size === 0) return
    const parsing = sent.values()
    const parsed = () => {
      const { value } = parsing.next()
      if (value !== undefined) known.add(value)
    }
    connection.on("parseComplete", parsed)
    this.#stopListening = () => connection.removeListener("parseComplete", parsed)
  }

  #send(connection: Connection, name: string, statement: Statement): void {
    connection.parse({ name, text: statement.text })
    this.#execute(connection, name, statement)
  }

  #execute(connection: Connection, name: string, { values }: Statement): void {
    connection.bind({ statement: name, values: values.map(wireValue) })
    connection.execute()
  }
}

const wireValue = (value: Value): string | Buffer | null =>
  value === null ? null : typeof value === "object" ? binaryArray(value) : String(value)

/** A client of node-postgres as a session. `prepare: false` names no statements, for poolers that can not keep them apart. */
export const pipelined = (client: PipelineClient, prepare: boolean): Session => ({
  run: (statements) => new Promise((resolve, reject) => void client.query(new Pipeline(statements, prepare, resolve, reject)))
})
