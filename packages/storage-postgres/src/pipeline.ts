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
  on(event: "notice", listener: (notice: Notice) => void): void
  removeListener(event: "parseComplete" | "notice", listener: (notice: Notice) => void): void
}

/** What the server remarks beside its answers. `routine` names the place in its source. */
interface Notice {
  readonly routine?: string | undefined
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
  readonly #limit: number
  #silence: NodeJS.Timeout | undefined
  #heard = false
  #unreplicated = false
  #stopListening: () => void = () => undefined

  /** `limit`: how long (ms) the server may say nothing. */
  constructor(
    statements: ReadonlyArray<Statement>,
    prepare: boolean,
    limit: number,
    resolve: (results: ReadonlyArray<Rows>) => void,
    reject: (error: unknown) => void
  ) {
    this.#statements = statements
    this.#prepare = prepare
    this.#limit = limit
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: Connection): Error | null {
    connection.stream.cork()
    connection.on("notice", this.#onNotice)
    this.#stopListening = () => connection.removeListener("notice", this.#onNotice)
    this.#silence = setTimeout(() => this.#listen(), this.#limit)
    try {
      if (this.#prepare) this.#sendPrepared(connection)
      else for (const statement of this.#statements) this.#send(connection, "", statement)
      connection.sync()
    } catch (error) {
      this.#end()
      return error instanceof Error ? error : new Error(String(error))
    } finally {
      connection.stream.uncork()
    }
    return null
  }

  handleDataRow(message: { readonly fields: Columns }): void {
    this.#heard = true
    this.#rows.push(message.fields)
  }

  handleCommandComplete(): void {
    this.#results.push(this.#rows)
    this.#rows = []
  }

  handleReadyForQuery(): void {
    this.#end()
    if (this.#unreplicated) this.#reject(new Error("The wait for the synchronous standby was cancelled"))
    else this.#resolve(this.#results)
  }

  handleError(error: unknown): void {
    this.#end()
    this.#reject(error)
  }

  handleRowDescription(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  /** PostgreSQL then takes a commit for done that no standby has: to us it is one whose outcome nobody knows. */
  readonly #onNotice = ({ routine }: Notice): void => {
    this.#unreplicated ||= routine === "SyncRepWaitForLSN"
  }

  #end(): void {
    clearTimeout(this.#silence)
    this.#stopListening()
  }

  #listen(): void {
    if (!this.#heard) return this.handleError(new Error(`The server has said nothing for ${this.#limit} ms`))
    this.#heard = false
    this.#silence?.refresh()
  }

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
    this.#stopListening = () => {
      connection.removeListener("notice", this.#onNotice)
      connection.removeListener("parseComplete", parsed)
    }
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

/** A session that hears from its server again within a time (ms), or gives it up. */
export interface Impatient extends Session {
  run(statements: ReadonlyArray<Statement>, limit?: number): Promise<ReadonlyArray<Rows>>
}

/** A client of node-postgres as a session. `prepare: false` names no statements, for poolers that can not keep them apart. */
export const pipelined = (client: PipelineClient, prepare: boolean, usual: number): Impatient => ({
  run: (statements, limit = usual) =>
    new Promise((resolve, reject) => void client.query(new Pipeline(statements, prepare, limit, resolve, reject)))
})
