import { type Due, type ScopeHead, START } from "../ports/store.ts"
import { compareText } from "../values/plain/text.ts"
import { DueWork } from "./due.ts"
import { Keys } from "./keys.ts"
import { ScopeData } from "./scope.ts"

/** What the clients of one memory store share: its scopes, its keys, and what is due over all scopes. */
export class Backing {
  readonly keys = new Keys()
  readonly #scopes = new Map<string, ScopeData>()
  readonly #due = new DueWork()

  scopes(): ReadonlyArray<string> {
    return [...this.#scopes.keys()]
  }

  scope(name: string): ScopeData {
    let scope = this.#scopes.get(name)
    if (scope === undefined) this.#scopes.set(name, (scope = new ScopeData(name, this.#due)))
    return scope
  }

  heads(): ReadonlyArray<ScopeHead> {
    return [...this.#scopes.values()]
      .filter(({ head }) => head !== START)
      .map(({ name, head }) => ({ scope: name, position: head }))
      .sort((a, b) => compareText(a.scope, b.scope))
  }

  due(collection: string, now: number, limit: number): ReadonlyArray<Due> {
    return this.#due.until(collection, now, limit)
  }
}
