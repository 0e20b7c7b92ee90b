import { connect, Connection } from "./connection.ts"
import { isBusy } from "./failure.ts"
import type { Names } from "./names.ts"
import type { Settings } from "./options.ts"
import { HEAD, logEnds } from "./reading.ts"
import { whenFree } from "./wait.ts"

/** How often (ms) SQLite is asked whether another process has committed; asking costs about 3 µs. */
const POLL = 15
/** After a look at all that is watched there is none for so many times as long as it took: of very many scopes it takes milliseconds. */
const REST = 10

const HEADS = `select s.name, ${HEAD} from json_each(?) w cross join scope s on s.name = w.value`

interface Watched {
  readonly wakes: Set<() => void>
  /** The newest commit that was told of. */
  head: number
}

/** Tells of commits: of our own at once, of those of other processes at the next poll. */
export class Watchers {
  readonly #settings: Settings
  readonly #names: Names
  readonly #scopes = new Map<string, Watched>()
  /** The names of the scopes, as JSON. */
  #watched: string | undefined
  #polling: { readonly on: Connection; readonly timer: NodeJS.Timeout; version: number; next: number } | undefined

  constructor(settings: Settings, names: Names) {
    this.#settings = settings
    this.#names = names
  }

  async add(scope: string, wake: () => void): Promise<AsyncDisposable> {
    await whenFree(this.#settings.path, this.#settings.lockTimeout, () => this.#start())
    // A wake of its own for each call, so that the same function can watch twice.
    const own = () => wake()
    let watched = this.#scopes.get(scope)
    if (watched === undefined) {
      watched = { wakes: new Set(), head: this.#head(scope) }
      this.#scopes.set(scope, watched)
      this.#watched = undefined
    }
    watched.wakes.add(own)
    return { [Symbol.asyncDispose]: async () => this.#remove(scope, own) }
  }

  committed(scope: string, head: number): void {
    const watched = this.#scopes.get(scope)
    if (watched !== undefined) tell(watched, head)
  }

  close(): void {
    this.#scopes.clear()
    this.#stop()
  }

  #start(): void {
    if (this.#polling !== undefined || this.#settings.memory) return
    const on = new Connection(connect(this.#settings.path, true))
    const timer = setInterval(() => this.#poll(), POLL).unref()
    this.#polling = { on, timer, version: versionOf(on), next: 0 }
  }

  #stop(): void {
    if (this.#polling === undefined) return
    clearInterval(this.#polling.timer)
    this.#polling.on.db.close()
    this.#polling = undefined
  }

  #remove(scope: string, wake: () => void): void {
    const watched = this.#scopes.get(scope)
    watched?.wakes.delete(wake)
    if (watched?.wakes.size === 0) {
      this.#scopes.delete(scope)
      this.#watched = undefined
    }
    if (this.#scopes.size === 0) this.#stop()
  }

  #poll(): void {
    const polling = this.#polling
    const begun = performance.now()
    if (polling === undefined || begun < polling.next) return
    try {
      const version = versionOf(polling.on)
      if (version === polling.version) return
      this.#watched ??= JSON.stringify([...this.#scopes.keys()])
      for (const [scope, head] of polling.on.all<[string, number]>(HEADS, this.#watched)) {
        const watched = this.#scopes.get(scope)
        if (watched !== undefined && head !== watched.head) tell(watched, head)
      }
      polling.version = version
      polling.next = performance.now() + REST * (performance.now() - begun)
    } catch (error) {
      if (!isBusy(error)) throw error
    }
  }

  #head(scope: string): number {
    const on = this.#polling?.on
    return on === undefined ? 0 : logEnds({ on, names: this.#names, scope })[0]
  }
}

const versionOf = (on: Connection): number => on.one<[number]>("pragma data_version")?.[0] ?? 0

const tell = (watched: Watched, head: number): void => {
  watched.head = head
  for (const wake of watched.wakes) queueMicrotask(wake)
}
