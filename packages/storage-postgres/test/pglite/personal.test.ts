import type { PGlite } from "@electric-sql/pglite"
import { collection, createOmni, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { pglite } from "@omni/storage-postgres/pglite"
import { afterAll, beforeAll, expect, it } from "vitest"
import * as z from "zod"

import { sales } from "../sales.ts"
import { closeShared, embeddedSchema, START_MILLIS, startSharedWithKeys } from "./helpers.ts"

beforeAll(startSharedWithKeys, START_MILLIS)
afterAll(closeShared)

const SECRET = "anna@example.org"

const People = collection("people.people", {
  schema: z.object({ city: z.string(), mail: z.string().optional() }),
  personal: { subject: ({ city }) => `person:${city}`, fields: ["mail"] }
})
const join = operation("people.join", z.object({ city: z.string(), mail: z.string().optional() }), function* (tx, person) {
  return tx.put(People, person.city, person)
})
const find = operation("people.find", z.object({ city: z.string() }), function* (tx, { city }) {
  return tx.get(People, city)
})
const people = module("people", { collections: [People], operations: { join, find } })

/** Every file of a PGlite, as one text. */
const filesOf = async (db: PGlite): Promise<string> => Buffer.from(await (await db.dumpDataDir("none")).arrayBuffer()).toString("latin1")

it("keeps personal data sealed, and its keys in no file of the rows", { timeout: 60_000 }, async () => {
  const { db, open, dispose } = await embeddedSchema({ keys: true })
  const driver = open()
  const omni = createOmni({ store: driver, modules: { people } })
  await omni.people.join({ city: "Lyon", mail: SECRET })
  const [key] = await driver.keys.get("default", ["person:Lyon"])
  expect(key).toBeInstanceOf(Uint8Array)
  const files = await filesOf(db)
  expect(files).toContain("people.people")
  expect(files).not.toContain(SECRET)
  expect(files).not.toContain(Buffer.from(key as Uint8Array).toString("latin1"))
  expect(await omni.people.find({ city: "Lyon" })).toEqual({ city: "Lyon", mail: SECRET })
  await omni.erase("person:Lyon")
  expect(await omni.people.find({ city: "Lyon" })).toEqual({ city: "Lyon" })
  await omni.close()
  await dispose()
})

it("says at once that there is no place for keys, and does everything that needs none", async () => {
  const { db, schema, dispose } = await embeddedSchema()
  const omni = createOmni({ store: pglite(db, { schema }), modules: { people, sales } })
  expect(await omni.sales.sell({ article: "mug" }, { key: "one" })).toBe(1)
  expect(await omni.people.join({ city: "Oslo" })).toEqual({ city: "Oslo" })
  const began = performance.now()
  await expect(omni.people.join({ city: "Lyon", mail: SECRET })).rejects.toMatchObject({
    _tag: "StoreUnavailable",
    final: true,
    message: expect.stringContaining("keys")
  })
  await expect(omni.erase("person:Lyon")).rejects.toMatchObject({ _tag: "StoreUnavailable", final: true })
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(await omni.people.find({ city: "Lyon" })).toBeUndefined()
  await omni.close()

  const keyed = createOmni({ store: pglite(db, { schema }), keys: memory().keys, modules: { people } })
  expect(await keyed.people.join({ city: "Lyon", mail: SECRET })).toEqual({ city: "Lyon", mail: SECRET })
  await keyed.close()

  // Sealed by somebody who had the keys: to read it is as final as to write it.
  const keyless = createOmni({ store: pglite(db, { schema }), modules: { people } })
  await expect(keyless.people.find({ city: "Lyon" })).rejects.toMatchObject({ _tag: "StoreUnavailable", final: true })
  await keyless.close()
  await dispose()
})

it("takes no keys into the PGlite of the rows", async () => {
  const { db, dispose } = await embeddedSchema()
  expect(() => pglite(db, { keys: db })).toThrow("files of its own")
  await dispose()
})
