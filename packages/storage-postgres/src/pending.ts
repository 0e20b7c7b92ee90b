import type { EventPage } from "@omni/core"

import { toPosition } from "./position.ts"

/**
 * What a transaction of the app's own has recorded and not yet committed, in a database with one session. It may be rolled back, and its
 * positions taken again, so no reader of the log may see it.
 */
export class Pending {
  #transaction = ""
  readonly #heads = new Map<string, number>()

  /** The transaction has taken the lock of a scope, where the newest position is `head`. Only one transaction can be under way. */
  begins(transaction: string, scope: string, head: number): void {
    if (transaction !== this.#transaction) this.#heads.clear()
    this.#transaction = transaction
    if (!this.#heads.has(scope)) this.#heads.set(scope, head)
  }

  /** A page of the log as everybody else would see it. */
  without(scope: string, page: EventPage): EventPage {
    if (page._tag !== "Events") return page
    const head = toPosition(this.#heads.get(scope) ?? 0)
    return page.upto <= head ? page : { ...page, events: page.events.filter(({ position }) => position <= head), upto: head }
  }
}
