import { setTimeout } from "node:timers/promises"

import { expect, it } from "vitest"

import type { Database } from "../src/database.ts"
import type { Statement } from "../src/statement.ts"
import { Tables } from "../src/tables.ts"
import { Watchers } from "../src/watchers.ts"

it("asks after a notification how far its tenant has come, and not all that are watched", async () => {
  const asked: Array<ReadonlyArray<unknown>> = []
  const heads = new Map<unknown, number>()
  const database: Pick<Database, "read"> = {
    read: async ([ask]: ReadonlyArray<Statement>) => {
      const [names] = ask!.values
      const { items } = names as { readonly items: ReadonlyArray<string> }
      asked.push(items)
      return [items.map((name) => [name, String(heads.get(name) ?? 1)])]
    }
  }
  const watchers = new Watchers(database as Database, new Tables("s", database as Database), 60_000, undefined)
  const woken: Array<string> = []
  for (let n = 0; n < 100; n++) await watchers.add(`tenant-${n}`, () => woken.push(`tenant-${n}`))
  asked.length = 0
  for (let n = 0; n < 10; n++) {
    heads.set("tenant-7", n + 2)
    watchers.notified("tenant-7")
    await setTimeout(1)
  }
  watchers.notified("nobody watches it")
  await setTimeout(1)
  expect(woken).toHaveLength(10)
  expect(asked.flat()).toEqual(new Array(10).fill("tenant-7"))
  watchers.close()
})
