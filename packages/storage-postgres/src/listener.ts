import type { PooledClient, PostgresPool } from "./options.ts"
import { pipelined } from "./pipeline.ts"
import { clientOf } from "./pool.ts"
import { quoted, sql } from "./statement.ts"

/** How long (ms) after a lost connection it is tried again. Polling goes on meanwhile. */
const AGAIN = 1_000

/** One connection that is told of commits, kept for as long as somebody wants to know. */
export class Listener {
  readonly #pool: PostgresPool
  readonly #channel: string
  readonly #limit: number
  readonly #onNews: (scope: string) => void
  #started = false
  #closed = false
  #client: PooledClient | undefined
  #retry: NodeJS.Timeout | undefined

  /** `limit`: how long (ms) there may be no answer. */
  constructor(pool: PostgresPool, channel: string, limit: number, onNews: (scope: string) => void) {
    this.#pool = pool
    this.#channel = channel
    this.#limit = limit
    this.#onNews = onNews
  }

  start(): void {
    if (this.#started || this.#closed) return
    this.#started = true
    void this.#connect()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#drop()
  }

  async #connect(): Promise<void> {
    try {
      const client = await clientOf(this.#pool, this.#limit, () => this.#lost(client))
      if (this.#closed) return client.release(true)
      this.#client = client
      client.on("end", () => this.#lost(client))
      client.on("notification", ({ payload }) => this.#onNews(payload ?? ""))
      await pipelined(client, false, this.#limit).run([sql(`listen ${quoted(this.#channel)}`)])
    } catch {
      this.#lost(this.#client)
    }
  }

  #lost(client: PooledClient | undefined): void {
    if (this.#closed || client !== this.#client) return
    this.#drop()
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#connect(), AGAIN).unref()
  }

  /** It is never given back: somebody else would be told of our commits. */
  #drop(): void {
    const client = this.#client
    this.#client = undefined
    client?.release(true)
  }
}
