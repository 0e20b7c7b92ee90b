import { setImmediate } from "node:timers/promises"

import { Lock } from "@omni/core/store"

import { connect, Connection } from "./connection.ts"
import type { Settings } from "./options.ts"
import { Turn, whenFree } from "./wait.ts"

/** Snapshots open at the same time; a longer read keeps its own over several turns of the event loop. */
const MOST = 4

/** Connections that read. Each use sees one snapshot: the newest commit when it began, and nothing of a commit under way. */
export class Readers {
  readonly #settings: Settings
  readonly #writer: Connection
  /** A database in memory has no other connection than its writer's: whoever reads there, or writes, holds this. */
  readonly shared: Lock | undefined
  /** Of all calls of this store, those that write too. */
  readonly turn = new Turn()
  readonly #idle: Array<Connection> = []
  readonly #waiting: Array<(reader: Connection) => void> = []
  #count = 0

  constructor(settings: Settings, writer: Connection) {
    this.#settings = settings
    this.#writer = writer
    this.shared = settings.memory ? new Lock() : undefined
  }

  async use<A>(work: (reader: Connection) => Promise<A>): Promise<A> {
    if (this.turn.isSpent()) await this.turn.next()
    if (this.shared !== undefined) return this.#useWriter(work, this.shared)
    const reader = this.#idle.pop() ?? (await this.#another())
    try {
      await whenFree(this.#settings.path, this.#settings.lockTimeout, () => snapshot(reader))
      return await work(reader)
    } finally {
      if (reader.db.isTransaction) reader.sql("commit").run()
      this.#give(reader)
    }
  }

  async close(): Promise<void> {
    while (this.#idle.length < this.#count) await setImmediate()
    for (const reader of this.#idle) reader.db.close()
  }

  async #useWriter<A>(work: (reader: Connection) => Promise<A>, shared: Lock): Promise<A> {
    await shared.acquire()
    try {
      return await work(this.#writer)
    } finally {
      shared.release()
    }
  }

  async #another(): Promise<Connection> {
    if (this.#count >= MOST) return new Promise((resolve) => this.#waiting.push(resolve))
    const reader = new Connection(connect(this.#settings.path, true))
    this.#count++
    return reader
  }

  #give(reader: Connection): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#idle.push(reader)
    else next(reader)
  }
}

/** `begin` alone takes no snapshot: the first statement does. */
const snapshot = (reader: Connection): void => {
  reader.sql("begin").run()
  try {
    reader.sql("select 1 from scope where id = 0").get()
  } catch (error) {
    reader.sql("rollback").run()
    throw error
  }
}
