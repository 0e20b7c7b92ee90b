import type { Connection } from "./connection.ts"

/** The interned names of a file, as far as they are known here. What was interned is never changed, so it is true for every snapshot. */
export class Names {
  readonly #scopes = new Map<string, number>()
  readonly #types = new Map<string, number>()
  readonly #kinds = new Map<string, number>()
  readonly #spaces = new Map<number, Map<string, Map<string, number>>>()
  /** How to forget what the running transaction interned. */
  #fresh: Array<() => void> = []

  scope(name: string, on: Connection): number | undefined {
    return remember(this.#scopes, name, () => id(on, "select id from scope where name = ?", name))
  }

  type(name: string, on: Connection): number | undefined {
    return remember(this.#types, name, () => id(on, "select id from type where name = ?", name))
  }

  space(scope: number, collection: string, index: string, on: Connection): number | undefined {
    return remember(this.#indexes(scope, collection), index, () =>
      id(on, "select id from space where scope = ? and collection = ? and idx = ?", scope, collection, index)
    )
  }

  internScope(name: string, on: Connection): number {
    return this.scope(name, on) ?? this.#add(this.#scopes, name, id(on, "insert into scope (name, floor) values (?, 0) returning id", name))
  }

  internType(name: string, on: Connection): number {
    return this.type(name, on) ?? this.#add(this.#types, name, id(on, "insert into type (name) values (?) returning id", name))
  }

  /** The number of a collection, over all scopes. */
  internKind(collection: string, on: Connection): number {
    const known = remember(this.#kinds, collection, () => id(on, "select id from kind where collection = ?", collection))
    return known ?? this.#add(this.#kinds, collection, id(on, "insert into kind (collection) values (?) returning id", collection))
  }

  internSpace(scope: number, collection: string, index: string, on: Connection): number {
    const known = this.space(scope, collection, index, on)
    if (known !== undefined) return known
    return this.#add(
      this.#indexes(scope, collection),
      index,
      id(on, "insert into space (scope, collection, idx) values (?, ?, ?) returning id", scope, collection, index)
    )
  }

  landed(): void {
    if (this.#fresh.length > 0) this.#fresh = []
  }

  rolledBack(): void {
    for (const forget of this.#fresh) forget()
    this.#fresh = []
  }

  #indexes(scope: number, collection: string): Map<string, number> {
    return entry(entry(this.#spaces, scope), collection)
  }

  #add<K>(known: Map<K, number>, name: K, id: number | undefined): number {
    if (id === undefined) throw new Error("SQLite returned no id.")
    known.set(name, id)
    this.#fresh.push(() => known.delete(name))
    return id
  }
}

const id = (on: Connection, sql: string, ...values: ReadonlyArray<string | number>): number | undefined =>
  on.one<[number]>(sql, ...values)?.[0]

const remember = <K>(known: Map<K, number>, name: K, look: () => number | undefined): number | undefined => {
  const id = known.get(name)
  if (id !== undefined) return id
  const found = look()
  if (found !== undefined) known.set(name, found)
  return found
}

const entry = <K, A, B>(maps: Map<K, Map<A, B>>, key: K): Map<A, B> => {
  let map = maps.get(key)
  if (map === undefined) maps.set(key, (map = new Map()))
  return map
}
