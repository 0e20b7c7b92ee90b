import type { Engine, Scope } from "../client/engine.ts"
import type { Position } from "../ports/store.ts"
import { Aside } from "./aside.ts"
import type { Pass } from "./loop.ts"

/** How long (ms) it is relied on that scopes tell of their commits, before all are asked where they stand. */
const SWEEP = 1000
/** How many scopes are looked at at once. */
const WIDTH = 16
/** How long (ms) a scope in which something fails is left alone at most. */
const LONGEST = 30_000

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
  readonly #aside = new Aside(LONGEST)
  #swept = -Infinity
  readonly #report: (error: unknown) => void

  constructor(engine: Engine, report: (error: unknown) => void) {
    this.#engine = engine
    this.#report = report
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
    this.#aside.clear()
    this.ask()
  }

  /** Looks at the scopes that have news. What fails in one is told, and holds up no other. */
  async pass(look: (scope: Scope) => Promise<Look>): Promise<Pass> {
    const { now } = this.#engine
    const due = this.#aside.due(now)
    const scopes = await this.#scopes(Math.abs(now - this.#swept) >= SWEEP)
    for (const scope of due.places) scopes.add(scope)
    for (const scope of scopes) if (this.#aside.isLeft(scope, now)) scopes.delete(scope)
    const { progress, failures } = await this.#each(scopes, look)
    for (const failure of failures) this.#report(failure)
    let { next } = this.#aside.due(now)
    for (const { until } of this.#resting.values()) next = Math.min(next, until)
    return { progress, next, failures: [] }
  }

  /** Asks each scope where it stands, and looks at those that have news, also where something has failed before. */
  async drain(look: (scope: Scope) => Promise<Look>): Promise<Omit<Pass, "next">> {
    return this.#each(await this.#scopes(true), look)
  }

  async #each(scopes: Iterable<string>, look: (scope: Scope) => Promise<Look>): Promise<Omit<Pass, "next">> {
    const failures: Array<unknown> = []
    let progress = false
    const waiting = scopes[Symbol.iterator]()
    const lane = async () => {
      for (let at = waiting.next(); at.done !== true; at = waiting.next()) {
        const id = at.value
        this.#resting.delete(id)
        try {
          const found = await look(await this.#engine.scope(id))
          failures.push(...found.failures)
          progress ||= found.progress
          if (found.progress) this.#told.add(id)
          else if (found.failures.length === 0) this.#resting.set(id, { position: found.position, until: found.next })
          if (found.failures.length === 0) this.#aside.forget(id)
          else this.#aside.leave(id, found.failures[0], this.#engine.now)
        } catch (error) {
          failures.push(error)
          this.#aside.leave(id, error, this.#engine.now)
        }
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, lane))
    return { progress, failures }
  }

  async #scopes(sweeps: boolean): Promise<Set<string>> {
    const { now } = this.#engine
    const heads = sweeps ? await this.#engine.heads() : new Map<string, Position>()
    if (sweeps) this.#swept = now
    const scopes = new Set(this.#told)
    this.#told.clear()
    for (const [scope, position] of heads) if (this.#resting.get(scope)?.position !== position) scopes.add(scope)
    for (const [scope, { until }] of this.#resting) if (until <= now) scopes.add(scope)
    return scopes
  }
}
