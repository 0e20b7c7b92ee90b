import type { Engine, Scope } from "../client/engine.ts"
import type { Position } from "../ports/store.ts"
import type { Pass } from "./loop.ts"

/** How long (ms) it is relied on that scopes tell of their commits, before all are asked where they stand. */
const SWEEP = 1000
/** How many scopes are looked at at once. */
const WIDTH = 16

/** What came of a look at a scope, which stood at `position` or further. */
export interface Look extends Pass {
  readonly position: Position
}

/**
 * Which scopes a worker has to look at: those that tell of a commit, those in which something falls due, and those that have gone on
 * since nothing was found there. What a commit costs does not grow with the number of scopes that rest.
 */
export class News {
  readonly #engine: Engine
  /** Where a scope stood when nothing was left to do in it, and until when. */
  readonly #resting = new Map<string, { readonly position: Position; readonly until: number }>()
  readonly #told = new Set<string>()
  #swept = -Infinity

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Something was committed in a scope. */
  tell(scope: string): void {
    this.#told.add(scope)
  }

  /** At the next pass all are asked where they stand. */
  ask(): void {
    this.#swept = -Infinity
  }

  /** What was found before says nothing any more. */
  forget(): void {
    this.#resting.clear()
    this.ask()
  }

  /** Looks at the scopes that have news; with `all`, each is asked where it stands. What fails in one holds up no other. */
  async pass(all: boolean, look: (scope: Scope) => Promise<Look>): Promise<Pass> {
    const failures: Array<unknown> = []
    let progress = false
    const waiting = (await this.#scopes(all)).values()
    const lane = async () => {
      for (const id of waiting) {
        this.#resting.delete(id)
        try {
          const found = await look(await this.#engine.scope(id))
          failures.push(...found.failures)
          progress ||= found.progress
          if (found.progress) this.#told.add(id)
          else if (found.failures.length === 0) this.#resting.set(id, { position: found.position, until: found.next })
        } catch (error) {
          failures.push(error)
        }
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, lane))
    let next = Infinity
    for (const { until } of this.#resting.values()) next = Math.min(next, until)
    return { progress, next, failures }
  }

  async #scopes(all: boolean): Promise<ReadonlySet<string>> {
    const { now } = this.#engine
    const sweeps = all || Math.abs(now - this.#swept) >= SWEEP
    const heads = sweeps ? await this.#engine.heads() : new Map<string, Position>()
    if (sweeps) this.#swept = now
    const scopes = new Set(this.#told)
    this.#told.clear()
    for (const [scope, position] of heads) if (this.#resting.get(scope)?.position !== position) scopes.add(scope)
    for (const [scope, { until }] of this.#resting) if (until <= now) scopes.add(scope)
    return scopes
  }
}
