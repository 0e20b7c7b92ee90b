import { expect, it, vi } from "vitest"

import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"

it("remembers a commit by its id for as long as it is told to, and no longer", async () => {
  const { url, schema, open, dispose } = await temporarySchema()
  const [brief, lasting] = [open({ retention: 100 }), open()]
  await lasting.migrate(["test.things"])
  const count = async () => (await asOwner(url, `select count(*)::int from ${schema}.commit`))[0]?.["count"]
  const kept = await lasting.open("main")
  for (let i = 0; i < 20; i++) landed(await kept.commit(commitOf({ writes: [put(`row-${i}`, i)] })))
  expect(await count()).toBe(20)
  const scope = await brief.open("main")
  await vi.waitFor(
    async () => {
      landed(await scope.commit(commitOf({ writes: [put("last", 0)] })))
      expect(await count()).toBeLessThan(10)
    },
    { timeout: 5_000, interval: 50 }
  )
  await Promise.all([brief.close(), lasting.close()])
  await dispose()
})
