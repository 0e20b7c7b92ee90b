import type { Due } from "../ports/store.ts"
import { compareText } from "../values/plain/text.ts"
import { Sorted } from "./sorted.ts"

const byDue = (a: Due, b: Due): number =>
  a.due !== b.due ? a.due - b.due : compareText(a.key.id, b.key.id) || compareText(a.scope, b.scope)

const START_OF_TIME: Due = { scope: "", key: { collection: "", id: "" }, due: -Infinity }

/** What is due over all scopes, collection by collection. */
export class DueWork {
  readonly #of = new Map<string, Sorted<Due>>()

  add(due: Due): void {
    const { collection } = due.key
    let list = this.#of.get(collection)
    if (list === undefined) this.#of.set(collection, (list = new Sorted<Due>(byDue)))
    list.add(due)
  }

  delete(due: Due): void {
    this.#of.get(due.key.collection)?.delete(due)
  }

  until(collection: string, now: number, limit: number): ReadonlyArray<Due> {
    const found: Array<Due> = []
    for (const due of this.#of.get(collection)?.up(START_OF_TIME) ?? []) {
      if (due.due > now || found.length >= limit) break
      found.push(due)
    }
    return found
  }
}
