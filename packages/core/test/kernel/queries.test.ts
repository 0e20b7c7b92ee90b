import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { shop } from "./shop.ts"

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

describe("queries", () => {
  it("page without gaps or repeats while writers go on", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (quantities, limit) => {
          const omni = createOmni({ store: memory(), modules: { shop: shop() } })
          await omni.shop.stock({ sku: "a", onHand: 1e6 })
          const ids = await Promise.all(quantities.map((quantity) => omni.shop.reserve({ sku: "a", quantity })))
          const seen: Array<string> = []
          let after: string | undefined
          do {
            const page = await omni.shop.reservations({ sku: "a", limit, ...(after === undefined ? {} : { after }) })
            assert.isAtMost(page.items.length, limit)
            seen.push(...page.items.map((item) => item.id))
            after = page.cursor
            await omni.shop.reserve({ sku: "a", quantity: 1 + (seen.length % 9) })
          } while (after !== undefined)
          assert.equal(new Set(seen).size, seen.length, "a row came twice")
          assert.includeMembers(seen, ids)
        }
      ),
      { numRuns: 25 }
    ))

  it("tell a watcher of every change that touches the answer, also by another process", async () => {
    const store = memory()
    const omni = createOmni({ store, modules: { shop: shop() } })
    const other = createOmni({ store: store.shared(), modules: { shop: shop() } })
    const stop = new AbortController()
    const seen: Array<ReadonlyArray<number>> = []
    const watching = (async () => {
      for await (const { value } of omni.shop.watch.levels({ skus: ["a"] }, { signal: stop.signal })) seen.push(value)
    })()
    const until = async (level: number) => {
      for (let i = 0; i < 200 && seen.at(-1)?.[0] !== level; i++) await new Promise((resolve) => setTimeout(resolve, 5))
      assert.deepEqual(seen.at(-1), [level])
    }
    await until(0)
    await omni.shop.stock({ sku: "a", onHand: 5 })
    await until(5)
    await other.shop.stock({ sku: "a", onHand: 7 })
    await until(7)
    await omni.shop.stock({ sku: "b", onHand: 1 })
    stop.abort()
    await watching
    assert.deepEqual(seen, [[0], [5], [7]])
  })

  it("say what is wrong with an unknown cursor", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    assert.match(String(await thrownBy(omni.shop.reservations({ sku: "a", after: "nonsense" }))), /no cursor/)
  })
})
