import { createHash } from "node:crypto"

import type { Database } from "./database.ts"

/** What has a number in rows: a value of a facet, a place of prices, a facet of numbers, the views of a text, where a product is shown. */
export type Kind = "value" | "place" | "measure" | "views" | "shown"

export interface Name {
  readonly kind: Kind
  /** Of values. */
  readonly facet?: string
  readonly name: string
}

const LETTERS: Readonly<Record<Kind, string>> = { value: "v", place: "p", measure: "m", views: "w", shown: "s" }

/** The letter of a kind as its column has it. */
export const letterOf = (kind: Kind): string => LETTERS[kind]

/** What a name is found by within its kind. An index takes no very long ones. */
export const keyOf = ({ facet, name }: Omit<Name, "kind">): string => {
  const whole = facet === undefined ? name : `${facet}\u001f${name}`
  return whole.length <= 500 ? whole : `${whole.slice(0, 100)}\u001f${createHash("sha256").update(whole).digest("hex")}`
}

const known = (name: Name): string => letterOf(name.kind) + keyOf(name)

/** Numbers are remembered up to so many names. */
const MOST = 200_000

/** The numbers of names in one generation: given once, and never to another. */
export class Names {
  readonly #table: string
  readonly #numbers = new Map<string, number>()

  constructor(table: string) {
    this.#table = table
  }

  /** Numbers for names, within a transaction; `keep` once it has been committed. */
  async numbered(query: Database["query"], names: ReadonlyArray<Name>) {
    const missing = new Map(names.filter((name) => !this.#numbers.has(known(name))).map((name) => [known(name), name]))
    const found = missing.size === 0 ? new Map<string, number>() : await this.#enter(query, [...missing.values()])
    const numberOf = (name: Name): number => this.#numbers.get(known(name)) ?? found.get(known(name))!
    const keep = (): void => {
      if (this.#numbers.size > MOST) this.#numbers.clear()
      for (const [key, number] of found) this.#numbers.set(key, number)
    }
    return { numberOf, keep }
  }

  async #enter(query: Database["query"], names: ReadonlyArray<Name>): Promise<ReadonlyMap<string, number>> {
    const rows = JSON.stringify(names.map((name) => ({ kind: letterOf(name.kind), facet: name.facet, key: keyOf(name), name: name.name })))
    const given = `jsonb_to_recordset($1::jsonb) as r (kind "char", facet text, key text, name text)`
    // In one order, so that two writers never wait for each other in a circle; what is there costs no number.
    await query(
      `insert into ${this.#table} (kind, facet, key, name) select r.kind, r.facet, r.key, r.name from ${given}
where not exists (select from ${this.#table} n where n.kind = r.kind and n.key = r.key collate "C") order by r.kind, r.key collate "C" on conflict do nothing`,
      [rows]
    )
    const found = await query(
      `select n.number, n.kind, n.key from ${given} join ${this.#table} n on n.kind = r.kind and n.key = r.key collate "C"`,
      [rows]
    )
    return new Map(found.map(({ number, kind, key }) => [String(kind) + String(key), Number(number)]))
  }
}
