import { collection, createOmni, module, operation } from "@omni/core"
import { expect, it } from "vitest"
import * as z from "zod"

import { temporarySchema } from "./helpers.ts"

const People = collection("people.people", {
  schema: z.object({ city: z.string(), count: z.number(), mail: z.string().optional() }),
  personal: { subject: ({ city }) => `person:${city}`, fields: ["mail"] }
})
const join = operation("people.join", z.object({ city: z.string() }), function* (tx, { city }) {
  const count = (tx.get(People, city)?.count ?? 0) + 1
  tx.put(People, city, { city, count, mail: "ann@example.org" })
  return count
})

it("never waits for a connection to ask for keys, however many hold and want commit locks", { timeout: 60_000 }, async () => {
  const { open, dispose } = await temporarySchema()
  const apps = [1, 2, 3].map(() =>
    createOmni({
      store: open({ pool: { max: 3 } }),
      modules: { people: module("people", { collections: [People], operations: { join } }) }
    })
  )
  const tenants = Array.from({ length: 8 }, (_, i) => `tenant ${i}`)
  const end = performance.now() + 2000
  let joined = 0
  await Promise.all(
    apps.flatMap((app) =>
      tenants.map(async (tenant) => {
        for (; performance.now() < end; joined++) await app.tenant(tenant).people.join({ city: "lyon" })
      })
    )
  )
  const counts = await Promise.all(tenants.map((tenant) => apps[0]!.tenant(tenant).people.join({ city: "lyon" })))
  expect(counts.reduce((sum, count) => sum + count - 1, 0)).toBe(joined)
  expect(joined).toBeGreaterThan(200)
  await Promise.all(apps.map((app) => app.close()))
  await dispose()
})
