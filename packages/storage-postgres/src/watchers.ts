import type { Database } from "./database.ts"
import { sql, texts } from "./statement.ts"
import type { Tables } from "./tables.ts"

interface Watched {
  readonly wakes: Set<() => void>
  /** The newest position that was told of. */
  head: number
}

/** How long (ms) news for others are collected: those of one moment go out together. */
const COLLECT = 5

/** Tells others that something was committed in these scopes. What is lost is made up for by their next poll. */
export type Announce = (scopes: ReadonlyArray<string>) => Promise<void>

/**
 * By a notification, which goes out after its commit and not with it: PostgreSQL lets transactions that notify commit one at a time. There is
 * nothing in it to be lost, so it does not wait for the disk, where it would be in the way of commits.
 */
export const notifying =
  (database: Database, channel: string): Announce =>
  async (scopes) =>
    void (await database.write([
      sql("select set_config('synchronous_commit', 'off', true)"),
      sql("select pg_notify($1, scope)::text from unnest($2::text[]) scope", channel, texts(scopes))
    ]))

/** Tells of commits: of our own at once, of those of others when they are announced, or at the next poll. */
export class Watchers {
  readonly #database: Database
  readonly #tables: Tables
  readonly #poll: number
  readonly #announce: Announce | undefined
  readonly #scopes = new Map<string, Watched>()
  readonly #news = new Set<string>()
  /** The scopes that the next look is at: those of which something was heard, or all. */
  readonly #heard = new Set<string>()
  #collecting: NodeJS.Timeout | undefined
  #polling: NodeJS.Timeout | undefined
  #busy = false

  /** Without `announce` others have to ask. */
  constructor(database: Database, tables: Tables, poll: number, announce: Announce | undefined) {
    this.#database = database
    this.#tables = tables
    this.#poll = poll
    this.#announce = announce
  }

  async add(scope: string, wake: () => void): Promise<AsyncDisposable> {
    // A wake of its own for each call, so that the same function can watch twice.
    const own = () => wake()
    let watched = this.#scopes.get(scope)
    if (watched === undefined) {
      watched = { wakes: new Set(), head: (await this.#heads([scope])).get(scope) ?? 0 }
      watched = this.#scopes.get(scope) ?? watched
      this.#scopes.set(scope, watched)
    }
    watched.wakes.add(own)
    this.#polling ??= setInterval(() => void this.#look(this.#scopes.keys()), this.#poll).unref()
    return { [Symbol.asyncDispose]: async () => this.#remove(scope, own) }
  }

  /** One of our own commits has landed. */
  committed(scope: string, head: number): void {
    const watched = this.#scopes.get(scope)
    if (watched !== undefined) tell(watched, head)
    if (this.#announce === undefined) return
    this.#news.add(scope)
    this.#collecting ??= setTimeout(() => void this.#notify(), COLLECT).unref()
  }

  /** Somebody else's commit has landed, as far as an announcement can be trusted. */
  notified(scope: string): void {
    if (this.#scopes.has(scope)) void this.#look([scope])
  }

  close(): void {
    this.#scopes.clear()
    clearTimeout(this.#collecting)
    this.#stop()
  }

  #stop(): void {
    clearInterval(this.#polling)
    this.#polling = undefined
  }

  #remove(scope: string, wake: () => void): void {
    const watched = this.#scopes.get(scope)
    watched?.wakes.delete(wake)
    if (watched?.wakes.size === 0) this.#scopes.delete(scope)
    if (this.#scopes.size === 0) this.#stop()
  }

  async #notify(): Promise<void> {
    this.#collecting = undefined
    const scopes = [...this.#news]
    this.#news.clear()
    await this.#announce!(scopes).catch(() => undefined)
  }

  /** Asks how far scopes have come. While the store is away there is nothing to tell. */
  async #look(scopes: Iterable<string>): Promise<void> {
    for (const scope of scopes) this.#heard.add(scope)
    if (this.#busy) return
    this.#busy = true
    try {
      while (this.#heard.size > 0) await this.#compare()
    } catch {
      // The next poll asks again.
    } finally {
      this.#busy = false
    }
  }

  async #compare(): Promise<void> {
    const scopes = [...this.#heard]
    this.#heard.clear()
    for (const [scope, head] of await this.#heads(scopes)) {
      const watched = this.#scopes.get(scope)
      if (watched !== undefined && head > watched.head) tell(watched, head)
    }
  }

  async #heads(scopes: ReadonlyArray<string>): Promise<ReadonlyMap<string, number>> {
    const ask = sql(`select name, head::text from ${this.#tables.schema}.scope where name = any ($1::text[])`, texts(scopes))
    const [rows] = await this.#database.read([ask])
    return new Map(rows!.map(([name, head]) => [name!, Number(head)]))
  }
}

const tell = (watched: Watched, head: number): void => {
  watched.head = Math.max(watched.head, head)
  for (const wake of watched.wakes) queueMicrotask(wake)
}
