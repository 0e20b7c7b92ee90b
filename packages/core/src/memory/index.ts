import type { KeyStore, StoreDriver } from "../ports/store.ts"
import type { Limits } from "../store/limits.ts"
import { Backing } from "./backing.ts"
import { type Client, scopedStore } from "./client.ts"
import { Keys } from "./keys.ts"

export { inProcess, type InProcessOptions, type InProcessTransport } from "../transport/in-process.ts"

/** What a memory store claims to be able to do: less than all, to try an app as if on a poorer store. */
export interface MemoryOptions {
  /** 100,000 rows and events, 256 MB, 16 MB a value, unless told. */
  readonly limits?: Partial<Limits>
  /** `false`: without `begin`. */
  readonly begin?: boolean
  /** `false`: without `watch`. */
  readonly watch?: boolean
}

/** A store in memory, which other clients may share. */
export interface MemoryDriver extends StoreDriver {
  /** Another client of the same rows, log and keys, as another process would be. It is closed by itself. */
  shared(options?: MemoryOptions): MemoryDriver
}

const generous: Limits = { keys: 100_000, bytes: 2 ** 28, valueBytes: 2 ** 24 }

/**
 * Rows in memory, gone with the process: for tests, browsers and trials, and the oracle that every other store is checked against.
 * It keeps all laws of the port. Closing a client ends its sessions and watches, and its methods reject from then on; the data
 * stays for clients that share it.
 */
export const memory = (options: MemoryOptions = {}): MemoryDriver => clientOf(new Backing(), options)

/** The keys of personal data in memory, for apps that keep them apart from their store. */
export const memoryKeys = (): KeyStore => new Keys()

const clientOf = (backing: Backing, { limits, begin = true, watch = true }: MemoryOptions): MemoryDriver => {
  const client: Client = { limits: { ...generous, ...limits }, closed: false, sessions: new Set(), watches: new Set() }
  return {
    specVersion: 1,
    capabilities: { limits: client.limits, findConsistency: "snapshot", durability: "memory", begin, watch },
    keys: backing.keys,
    async open(scope) {
      const { begin: locked, watch: watched, ...always } = scopedStore(backing.scope(scope), client)
      return { ...always, ...(begin ? { begin: locked } : {}), ...(watch ? { watch: watched } : {}) }
    },
    async due(collection, now, limit) {
      return backing.due(collection, now, limit)
    },
    async scopes() {
      return backing.heads()
    },
    async migrate() {},
    async close() {
      client.closed = true
      for (const session of client.sessions) await session.release()
      for (const watching of client.watches) await watching[Symbol.asyncDispose]()
    },
    shared: (more = {}) => clientOf(backing, { limits: client.limits, begin, watch, ...more })
  }
}
