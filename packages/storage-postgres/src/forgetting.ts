import type { Database } from "./database.ts"
import { sql } from "./statement.ts"
import type { Tables } from "./tables.ts"

/** How long (ms) there is at least between two looks for what may be forgotten. */
const PAUSE = 60_000

/** Ids forgotten in one transaction, so that commits come in between. */
const STEP = 5_000

/** Commits are remembered by their ids for a while, then forgotten by whichever process looks first. */
export class Forgetting {
  readonly #database: Database
  readonly #tables: Tables
  readonly #retention: number
  #next = 0
  #waiting: NodeJS.Timeout | undefined

  /** `retention`: how long (ms) an id is kept. */
  constructor(database: Database, tables: Tables, retention: number) {
    this.#database = database
    this.#tables = tables
    this.#retention = retention
  }

  /** A commit has landed, so there is something to forget one day. */
  committed(): void {
    this.#waiting ??= setTimeout(() => void this.#forget(), Math.max(0, this.#next - performance.now())).unref()
  }

  close(): void {
    clearTimeout(this.#waiting)
  }

  /** What another process is at is left to it; what fails is done by the next look. */
  async #forget(): Promise<void> {
    const { schema } = this.#tables
    const old = `select ctid from ${schema}.commit where at < now() - make_interval(secs => $1) limit ${STEP} for update skip locked`
    const step = sql(
      `with gone as (delete from ${schema}.commit where ctid = any (array(${old})) returning 1) select count(*)::text from gone`,
      this.#retention / 1000
    )
    try {
      for (let gone = STEP; gone === STEP;) gone = Number((await this.#database.write([step]))[0]![0]![0])
    } catch {
      // The store is away or closed.
    }
    this.#next = performance.now() + Math.min(PAUSE, this.#retention)
    this.#waiting = undefined
  }
}
