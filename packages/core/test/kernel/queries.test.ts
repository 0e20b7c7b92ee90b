import { Closed, collection, createOmni, module, operation, paged, query, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { Reservations, shop } from "./shop.ts"

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

  it("give at most 1,000 rows at once, and at least one, however many are asked for", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() }, verify: false })
    await omni.shop.stock({ sku: "a", onHand: 1e6 })
    await Promise.all(Array.from({ length: 1100 }, () => omni.shop.reserve({ sku: "a", quantity: 1 })))
    for (const [limit, most] of [
      [1e9, 1000],
      [0, 1],
      [-5, 1],
      [undefined, 50]
    ] as const) {
      const page = await omni.shop.reservations({ sku: "a", ...(limit === undefined ? {} : { limit }) })
      assert.equal(page.items.length, most)
      assert.isString(page.cursor)
    }
  })

  it("say what is wrong with an unknown cursor", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    assert.match(String(await thrownBy(omni.shop.reservations({ sku: "a", after: "nonsense" }))), /no cursor/)
  })

  it("stop watching when the app is closed, or was told to stop before it began", async () => {
    for (const store of [memory(), memory({ watch: false })]) {
      const omni = createOmni({ store, modules: { shop: shop() } })
      const seen: Array<unknown> = []
      const watching = (async () => {
        for await (const { value } of omni.shop.watch.levels({ skus: ["a"] })) seen.push(value)
      })()
      for (let i = 0; i < 100 && seen.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 2))
      await omni.close()
      await watching
      assert.deepEqual(seen, [[0]])
    }
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    for await (const _ of omni.shop.watch.levels({ skus: ["a"] }, { signal: AbortSignal.abort() })) assert.fail("It was told to stop")
  })

  it("tell a watcher of a change that lands while the answer is made, with and without a store that wakes", async () => {
    for (const watch of [true, false]) {
      const store = memory({ watch })
      const omni = createOmni({ store, modules: { shop: shop() } })
      const other = createOmni({ store: store.shared(), modules: { shop: shop() } })
      await other.shop.stock({ sku: "a", onHand: 1 })
      const stop = new AbortController()
      const seen: Array<number> = []
      for await (const { value } of omni.shop.watch.levels({ skus: ["a"] }, { signal: stop.signal })) {
        seen.push(value[0]!)
        if (seen.length < 4) await (seen.length % 2 === 0 ? omni : other).shop.stock({ sku: "a", onHand: 1 + seen.length })
        else stop.abort()
      }
      assert.deepEqual(seen, [1, 2, 3, 4])
    }
  })

  it("answer at one position over all the loads they need", async () => {
    const store = memory()
    const Pointers = collection("t.pointers", { schema: z.object({ to: z.string() }) })
    const Values = collection("t.values", { schema: z.object({ n: z.number() }) })
    const move = operation("t.move", z.object({ n: z.number() }), function* (tx, { n }) {
      tx.put(Values, `v${n}`, { n })
      tx.put(Pointers, "p", { to: `v${n}` })
      if (n > 0) tx.remove(Values, `v${n - 1}`)
    })
    const follow = query("t.follow", z.object({}), function* (view) {
      const to = view.get(Pointers, "p")!.to
      return [to, view.get(Values, to)?.n, view.find(Values, "id").items.map(({ row }) => row.n)] as const
    })
    const modules = { t: module("t", { operations: { move }, queries: { follow } }) }
    const writer = createOmni({ store: store.shared(), modules })
    await writer.t.move({ n: 0 })
    let n = 1
    const racing: StoreDriver = {
      ...store,
      open: async (scope) => {
        const scoped = await store.open(scope)
        return {
          ...scoped,
          read: async (keys, queries) => {
            const snapshot = await scoped.read(keys, queries)
            if (n < 5) await writer.t.move({ n: n++ })
            return snapshot
          }
        }
      }
    }
    const [to, value, all] = await createOmni({ store: racing, modules }).t.follow({})
    assert.deepEqual([to, all], [`v${value}`, [value!]])
  })

  it("ask a store that nobody writes to for each row once, and one that others write to at most once more a load", async () => {
    const Links = collection("t.links", { schema: z.object({ to: z.string() }) })
    const link = operation("t.link", z.object({ from: z.string(), to: z.string() }), function* (tx, { from, to }) {
      tx.put(Links, from, { to })
    })
    const walk = query("t.walk", z.object({}), function* (view) {
      const way = ["a"]
      for (let at = "a"; way.length < 6; way.push(at)) at = view.get(Links, at)!.to
      return way.join("")
    })
    const modules = { t: module("t", { operations: { link }, queries: { walk } }) }
    const walked = async (isWrittenTo: boolean) => {
      const store = memory()
      const writer = createOmni({ store: store.shared(), modules })
      for (const [from, to] of ["ab", "bc", "cd", "de", "ef"]) await writer.t.link({ from: from!, to: to! })
      const asked: Array<string> = []
      const watched: StoreDriver = {
        ...store,
        open: async (scope) => {
          const scoped = await store.open(scope)
          const read: typeof scoped.read = async (keys, queries) => {
            const links = keys.filter(({ collection: name }) => name === Links.name).map(({ id }) => id)
            if (links.length > 0) asked.push(links.join(""))
            if (isWrittenTo) await writer.t.link({ from: "x", to: String(asked.length) })
            return scoped.read(keys, queries)
          }
          return { ...scoped, read }
        }
      }
      assert.equal(await createOmni({ store: watched, modules }).t.walk({}), "abcdef")
      return asked
    }
    assert.deepEqual(await walked(false), ["a", "b", "c", "d", "e"])
    assert.deepEqual(await walked(true), ["a", "b", "ab", "abc", "abcd", "abcde"])
  })

  it("are Closed after close, as operations are, and a watch ends", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    await omni.shop.levels({ skus: ["a"] })
    await omni.close()
    assert.instanceOf(await thrownBy(omni.shop.levels({ skus: ["a"] })), Closed)
    const safe = await omni.shop.safe.levels({ skus: ["a"] })
    assert.equal(safe.ok ? "" : safe.error._tag, "Closed")
    const fresh = createOmni({ store: memory(), modules: { shop: shop() } })
    await fresh.close()
    assert.instanceOf(await thrownBy(fresh.shop.levels({ skus: ["a"] })), Closed)
    for await (const _ of omni.shop.watch.levels({ skus: ["a"] })) assert.fail("A closed app answers nothing")
  })

  it("that the store answers too late, because the app is closing, are Closed as well", async () => {
    const store = memory()
    const app: { close?: () => Promise<void> } = {}
    const leaving: StoreDriver = {
      ...store,
      open: async (scope) => {
        const scoped = await store.open(scope)
        const read: typeof scoped.read = async (keys, queries) => {
          if (app.close === undefined) return scoped.read(keys, queries)
          await app.close()
          throw new Error("the connection was closed")
        }
        return { ...scoped, read }
      }
    }
    const omni = createOmni({ store: leaving, modules: { shop: shop() } })
    await omni.shop.levels({ skus: ["a"] })
    app.close = omni.close
    assert.instanceOf(await thrownBy(omni.shop.levels({ skus: ["a"] })), Closed)
  })

  it("take a page's cursor back as it was, and refuse any other text by name", async () => {
    const list = query("t.list", z.object(paged), function* (view, part) {
      return view.find(Reservations, "id", part)
    })
    const omni = createOmni({ store: memory(), modules: { shop: shop(), t: module("t", { queries: { list } }) } })
    await omni.shop.stock({ sku: "a", onHand: 9 })
    for (const _ of [1, 2, 3]) await omni.shop.reserve({ sku: "a", quantity: 1 })
    const first = await omni.t.list({ limit: 2 })
    assert.lengthOf((await omni.t.list({ limit: 2, after: first.cursor ?? "" })).items, 1)
    for (const after of ["", "?", "%", "[1,2]", '["a"]', "null"]) {
      const refused = await omni.t.safe.list({ after })
      assert.equal(refused.ok ? "" : refused.error._tag, "InvalidInput", after)
    }
  })
})
