import type { PGliteInterface } from "@electric-sql/pglite"
import { Closed, StoreUnavailable } from "@omni/core"

import { type Database, PINNED } from "../database.ts"
import { unavailable } from "../failure.ts"
import { type Rows, type Session, sql, type Statement } from "../statement.ts"
import { embedded } from "./protocol.ts"

const PIN = sql(`select ${PINNED}`)

/** PGlite has one session, so everything is a transaction that waits for its turn. Nobody else's is under way, so reads need no snapshot. */
export class EmbeddedDatabase implements Database {
  readonly #db: PGliteInterface
  readonly #session: Session
  readonly #patience: number
  #closed = false

  /** `patience`: how long (ms) to wait for the session. */
  constructor(db: PGliteInterface, patience: number) {
    this.#db = db
    this.#session = embedded(db)
    this.#patience = patience
  }

  read(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    return this.transaction((session) => session.run(statements))
  }

  write(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    return this.read(statements)
  }

  async transaction<A>(work: (session: Session) => Promise<A>): Promise<A> {
    if (this.#closed) throw new Closed({ message: "The store was closed." })
    if (this.#db.closed) throw new Closed({ message: "The PGlite of the store was closed." })
    try {
      return await this.#inTurn(() => work(pinned(this.#session)))
    } catch (error) {
      throw unavailable(error)
    }
  }

  /** What is under way goes on; the app's PGlite stays open. */
  async close(): Promise<void> {
    this.#closed = true
  }

  /** In a transaction of PGlite's own, which waits for those of the app. Its turn can not be given back: who has left lets it pass. */
  #inTurn<A>(work: () => Promise<A>): Promise<A> {
    return new Promise((resolve, reject) => {
      let left = false
      let result: Promise<A> | undefined
      const timer = setTimeout(() => {
        left = true
        reject(busy(this.#patience))
      }, this.#patience)
      this.#db
        .transaction(async () => {
          clearTimeout(timer)
          if (!left) await (result = work())
        })
        .then(
          () => resolve(result!),
          (error: unknown) => {
            clearTimeout(timer)
            reject(error)
          }
        )
    })
  }
}

/** Plans are pinned by whatever runs first. */
const pinned = (session: Session): Session => {
  let begun = false
  return {
    async run(statements) {
      if (begun) return session.run(statements)
      begun = true
      return (await session.run([PIN, ...statements])).slice(1)
    }
  }
}

/** The app's transaction on its one session, as a database: it is begun and ended by the app. */
export const joinedDatabase = (session: Session): Database => ({
  read: (statements) => session.run(statements),
  write: (statements) => session.run(statements),
  transaction: (work) => work(session),
  close: async () => undefined
})

const busy = (patience: number): StoreUnavailable =>
  new StoreUnavailable({
    message: `PGlite has one session, and it was not free for ${patience} ms. Look for a transaction that stays open, or that waits for a call of Omni's from its inside: there, use \`within\`.`,
    cause: undefined
  })
