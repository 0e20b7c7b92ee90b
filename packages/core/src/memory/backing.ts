import type { Due } from "../ports/store.ts"
import { compareText } from "../values/plain/text.ts"
import { Keys } from "./keys.ts"
import { ScopeData } from "./scope.ts"
import { Sorted } from "./sorted.ts"

const byDue = (a: Due, b: Due): number =>
  a.due !== b.due
    ? a.due - b.due
    : compareText(a.key.collection, b.key.collection) || compareText(a.key.id, b.key.id) || compareText(a.scope, b.scope)

const START_OF_TIME: Due = { scope: "", key: { collection: "", id: "" }, due: -Infinity }

/** What the clients of one memory store share: its scopes, its keys, and what is due over all scopes. */
export class Backing {
  readonly keys = new Keys()
  readonly #scopes = new Map<string, ScopeData>()
  readonly #due = new Sorted<Due>(byDue)

  scopes(): ReadonlyArray<string> {
    return [...this.#scopes.keys()]
  }

  scope(name: string): ScopeData {
    let scope = this.#scopes.get(name)
    if (scope === undefined) this.#scopes.set(name, (scope = new ScopeData(name, this.#due)))
    return scope
  }

  names(): ReadonlyArray<string> {
    return [...this.#scopes.values()]
      .filter(({ used }) => used)
      .map(({ name }) => name)
      .sort(compareText)
  }

  due(now: number, limit: number): ReadonlyArray<Due> {
    const found: Array<Due> = []
    for (const due of this.#due.up(START_OF_TIME)) {
      if (due.due > now || found.length >= limit) break
      found.push(due)
    }
    return found
  }
}
