import type { KeyStore } from "../ports/store.ts"

type Held = Uint8Array | "destroyed"

/** Keys of personal data in memory. Bytes are copied on the way in and out, and overwritten when they are destroyed. */
export class Keys implements KeyStore {
  readonly specVersion = 1
  readonly #scopes = new Map<string, Map<string, Held>>()

  async get(scope: string, subjects: ReadonlyArray<string>): Promise<ReadonlyArray<Held | undefined>> {
    const held = this.#scopes.get(scope)
    return subjects.map((subject) => copy(held?.get(subject)))
  }

  async create(scope: string, subject: string, key: Uint8Array): Promise<Held> {
    const held = this.#scope(scope)
    if (!held.has(subject)) held.set(subject, key.slice())
    return copy(held.get(subject))!
  }

  async destroy(scope: string, subject: string): Promise<void> {
    const held = this.#scope(scope)
    const key = held.get(subject)
    if (key instanceof Uint8Array) key.fill(0)
    held.set(subject, "destroyed")
  }

  #scope(scope: string): Map<string, Held> {
    let held = this.#scopes.get(scope)
    if (held === undefined) this.#scopes.set(scope, (held = new Map()))
    return held
  }
}

const copy = (held: Held | undefined): Held | undefined => (held instanceof Uint8Array ? held.slice() : held)
