import { START, type Position, type ScopedStore, type StoreDriver } from "@omni/core"
import * as fc from "fast-check"
import { expect } from "vitest"

import { commitOf, landed, put } from "./helpers.ts"

const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.constantFrom("'; drop schema public; --", '"', "\\", "$1", "%", "a_b", "a.b", "{}", "null", "default")
)
const part = text.filter((one) => one.isWellFormed() && !one.includes("\0"))

/** Everything that a scope's store can be asked for. */
const allOf = async (store: ScopedStore, collection: string, id: string) => {
  const range = { collection, from: "", to: "\u{10ffff}", order: "asc", limit: 1_000, after: undefined } as const
  const { rows, pages } = await store.read(
    [{ collection, id }],
    ["", "by"].map((index) => ({ ...range, index }))
  )
  const log = await store.events(START as Position, 1_000)
  return {
    rows: rows.map((row) => row?.value),
    ids: pages.map(({ items }) => items.map((item) => item.id)),
    log: log._tag === "Events" ? log.events.map(({ body }) => body) : log
  }
}

/** A store keeps each tenant's rows, entries, events and due work to itself, whatever the names. Gives how many pairs were tried. */
export const keepsTenantsApart = async (driver: StoreDriver, numRuns: number): Promise<number> => {
  let tried = 0
  await fc.assert(
    fc.asyncProperty(part, part, part, part, async (left, right, name, id) => {
      fc.pre(left !== right)
      const collection = `c.${name}`
      const [a, b] = await Promise.all([driver.open(left), driver.open(right)])
      const before = await allOf(b, collection, id)
      const value = `of ${left}`
      const row = { key: { collection, id }, add: [{ index: "by", value: id }], due: 5 }
      landed(
        await a.commit(
          commitOf({ writes: [put(id, value, row)], events: [{ type: "T", subject: id, time: 1, body: JSON.stringify(value) }] })
        )
      )
      expect(await allOf(b, collection, id)).toEqual(before)
      const own = await allOf(a, collection, id)
      expect([own.rows, own.ids.map((ids) => ids.includes(id))]).toEqual([[JSON.stringify(value)], [true, true]])
      const due = (await driver.due(collection, 5, 100_000)).filter(({ key }) => key.id === id)
      expect(due.map(({ scope }) => scope)).toContain(left)
      expect(due.some(({ scope }) => scope === right)).toBe(before.rows[0] !== undefined)
      landed(await a.commit(commitOf({ writes: [{ ...row, row: undefined, add: [], drop: row.add, due: undefined }] })))
      expect(await allOf(b, collection, id)).toEqual(before)
      tried++
    }),
    { numRuns }
  )
  return tried
}
