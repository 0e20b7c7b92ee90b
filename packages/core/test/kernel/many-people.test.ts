import { createOmni, module, operation, type KeyStore } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { People, shop } from "./shop.ts"

const people = Array.from({ length: 1000 }, (_, n) => `p${n}`)

const registerAll = operation("t.registerAll", z.object({ city: z.string() }), function* (tx, { city }) {
  for (const id of people) tx.put(People, id, { id, email: `${id}@x.org`, city })
})
const emails = operation("t.emails", z.object({}), function* (tx) {
  return tx.getMany(People, people).map((row) => row?.email)
})

/** Keys, and for how many persons at a time they were asked. */
const counted = (keys: KeyStore) => {
  const asked: Array<number> = []
  const counting: KeyStore = {
    specVersion: 1,
    get: (scope, subjects) => (asked.push(subjects.length), keys.get(scope, subjects)),
    create: (scope, subject, key) => keys.create(scope, subject, key),
    destroy: (scope, subject) => keys.destroy(scope, subject)
  }
  return { asked, keys: counting }
}

describe("a commit about very many people", () => {
  it("asks for their keys in parts, writing and reading, so that others have their turn", async () => {
    const store = memory()
    const { asked, keys } = counted(store.keys)
    const modules = { t: module("t", { operations: { registerAll, emails } }) }
    await createOmni({ store, keys, modules }).t.registerAll({ city: "Lyon" })
    const told = await createOmni({ store: store.shared(), keys, modules }).t.emails({})
    assert.deepEqual(
      told,
      people.map((id) => `${id}@x.org`)
    )
    assert.isAtLeast(
      asked.reduce((sum, n) => sum + n),
      2 * people.length
    )
    assert.isAtMost(Math.max(...asked), 128)
  })

  it("fails for those alone who were erased", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    await omni.erase("p7")
    await omni.erase("p300")
    const ends = await Promise.all(
      people.slice(0, 400).map((person) => omni.shop.safe.register({ person, email: `${person}@x.org`, city: "Lyon" }))
    )
    const refused = ends.flatMap((end, n) => (end.ok ? [] : [`p${n} ${end.error._tag}`]))
    assert.deepEqual(refused, ["p7 SubjectErased", "p300 SubjectErased"])
  })
})
