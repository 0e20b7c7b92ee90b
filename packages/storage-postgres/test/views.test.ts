import { readFileSync } from "node:fs"
import { join } from "node:path"

import { createOmni, module, operation } from "@omni/core"
import { expect, it } from "vitest"
import * as z from "zod"

import { asOwner, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8")
const views = [...readme.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql]) => sql!).join("\n")

const ring = operation("door.ring", z.object({}), function* () {
  return undefined
})
const ringLater = operation("door.ringLater", z.object({}), function* (tx) {
  tx.schedule(tx.now + 60_000, ring, {})
})
const door = module("door", { operations: { ring, ringLater } })

it("answers the questions of the README's views", async () => {
  const { url, schema, open, dispose } = await temporarySchema()
  const omni = createOmni({ store: open(), modules: { sales, door } })
  await omni.sales.sell({ article: "mug" })
  await omni.sales.sell({ article: "cup" })
  await omni.door.ringLater({})
  await asOwner(url, views.replaceAll("omni.", `${schema}.`))
  expect(await asOwner(url, `select scope, type, events::int from ${schema}.events_by_day`)).toEqual([
    { scope: "default", type: "sales.Sold", events: 2 }
  ])
  expect(await asOwner(url, `select operation, timers::int, late_seconds::int from ${schema}.timers_waiting`)).toEqual([
    { operation: "door.ring", timers: 1, late_seconds: 0 }
  ])
  expect(await asOwner(url, `select * from ${schema}.outbox_waiting`)).toEqual([])
  expect(await asOwner(url, `select * from ${schema}.dead_letter_list`)).toEqual([])
  await omni.close()
  await dispose()
})
