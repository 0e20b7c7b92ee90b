import { createOmni, type Key, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"

import { People, shop, Stock } from "./shop.ts"

/** Which rows the engine keeps in memory between batches: those that are used, so many and not more, and nothing that was sealed. */

const counting = () => {
  const reads: Array<string> = []
  const store = memory()
  const driver: StoreDriver = {
    ...store,
    open: async (scope) => {
      const scoped = await store.open(scope)
      return {
        ...scoped,
        read: (keys: ReadonlyArray<Key>, queries) => {
          reads.push(...keys.filter(({ collection }) => collection === Stock.name).map(({ id }) => id))
          return scoped.read(keys, queries)
        }
      }
    }
  }
  const open = (cache: number) => createOmni({ store: driver, modules: { shop: shop() }, cache })
  const times = (id: string) => reads.filter((read) => read === id).length
  return { open, times }
}

const look = (omni: ReturnType<ReturnType<typeof counting>["open"]>, ...skus: ReadonlyArray<string>) =>
  omni.transact(function* (tx) {
    return tx.getMany(Stock, skus)
  })

describe("rows in memory", () => {
  it("are read once while there is room for all", async () => {
    const { open, times } = counting()
    const omni = open(10)
    for (let round = 0; round < 5; round++) for (const sku of ["a", "b", "c", "d"]) await look(omni, sku)
    assert.deepEqual(["a", "b", "c", "d"].map(times), [1, 1, 1, 1])
  })

  it("that are used all the time stay, and those that are not go, when there are too many", async () => {
    const { open, times } = counting()
    const omni = open(3)
    for (let i = 0; i < 40; i++) await look(omni, "hot", `${i}`)
    assert.equal(times("hot"), 1)
    await look(omni, "0")
    assert.equal(times("0"), 2)
  })

  it("stay when they are used, and not when an operation only passes by", async () => {
    const { open, times } = counting()
    const omni = open(3000)
    await look(omni, "used")
    for (const round of [1, 2]) {
      await omni.shop.pass({ skus: ["used", "other"] })
      assert.deepEqual([times("used"), times("other")], [1, round])
    }
    await look(omni, "other")
    await omni.shop.pass({ skus: ["other"] })
    await look(omni, "other")
    assert.equal(times("other"), 3)
  })

  it("hold nothing of a person once the batch is over, in whatever generation they are", async () => {
    const { open } = counting()
    for (const between of [0, 1, 2, 3]) {
      const omni = open(1)
      const person = `p${between}`
      const read = () =>
        omni.transact(function* (tx) {
          return tx.get(People, person)
        })
      assert.isUndefined(await read())
      for (let i = 0; i < between; i++) await look(omni, `x${i}`, `y${i}`)
      await omni.transact(function* (tx) {
        return tx.put(People, person, { id: person, email: "p@x.org", city: tx.get(People, person)?.city ?? "Lyon" })
      })
      await omni.erase(person)
      assert.deepEqual(await read(), { id: person, city: "Lyon" })
    }
  })
})
