import { collection, createOmni, InvalidRow, module, operation, query, type Json } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

describe("schema evolution", () => {
  const V1 = collection("t.items", { schema: z.object({ name: z.string() }) })
  const V2 = collection("t.items", {
    schema: z.object({ title: z.string(), size: z.number() }),
    version: 2,
    upcasts: { 1: (row: { name: string }) => ({ title: row.name, size: 0 }) }
  })
  const V3 = collection("t.items", {
    schema: z.looseObject({ title: z.string(), size: z.number(), colour: z.string() }),
    version: 3,
    upcasts: { 1: (row: { name: string }) => ({ title: row.name, size: 0 }), 2: (row: object) => ({ ...row, colour: "none" }) }
  })
  const put = (of: typeof V1 | typeof V2 | typeof V3) =>
    operation("t.put", z.object({ id: z.string(), row: z.record(z.string(), z.unknown()) }), function* (tx, { id, row }) {
      tx.put(of as never, id, row as never)
    })
  const get = (of: typeof V1 | typeof V2 | typeof V3) =>
    operation("t.get", z.object({ id: z.string() }), function* (tx, { id }) {
      return tx.get(of as never, id) as Json | undefined
    })
  const list = (of: typeof V1 | typeof V2 | typeof V3) =>
    query("t.list", z.object({}), function* (view) {
      return view.find(of as never, "id")
    })
  const app = (of: typeof V1 | typeof V2 | typeof V3, store: ReturnType<typeof memory>) =>
    createOmni({ store, modules: { t: module("t", { operations: { put: put(of), get: get(of) }, queries: { list: list(of) } }) } })

  it("upcasts old rows when they are read", async () => {
    const store = memory()
    await app(V1, store).t.put({ id: "a", row: { name: "shaver" } })
    assert.deepEqual(await app(V2, store.shared()).t.get({ id: "a" }), { title: "shaver", size: 0 })
    assert.deepEqual(await app(V3, store.shared()).t.get({ id: "a" }), { title: "shaver", size: 0, colour: "none" })
  })

  it("keeps what it does not know of a row one version ahead, and its version", async () => {
    const store = memory()
    await app(V3, store).t.put({ id: "a", row: { title: "shaver", size: 2, colour: "red" } })
    const old = app(V2, store.shared())
    assert.deepEqual(await old.t.get({ id: "a" }), { title: "shaver", size: 2, colour: "red" })
    await old.transact(function* (tx) {
      tx.put(V2, "a", { ...tx.get(V2, "a")!, size: 3 })
    })
    assert.deepEqual(await app(V3, store.shared()).t.get({ id: "a" }), { title: "shaver", size: 3, colour: "red" })
  })

  it("keeps them too when the row is written without having been read, or made anew", async () => {
    for (const read of [false, true]) {
      const store = memory()
      await app(V3, store).t.put({ id: "a", row: { title: "shaver", size: 2, colour: "red" } })
      const old = app(V2, store.shared())
      if (read) await old.t.get({ id: "a" })
      await old.t.put({ id: "a", row: { title: "razor", size: 3 } })
      assert.deepEqual(await app(V3, store.shared()).t.get({ id: "a" }), { title: "razor", size: 3, colour: "red" })
      assert.deepEqual(await old.t.get({ id: "a" }), { title: "razor", size: 3, colour: "red" })
    }
  })

  it("keeps a field that a later release of the same version has added, and drops what it knows to be gone", async () => {
    const store = memory()
    const Old = collection("t.items", { schema: z.object({ name: z.string(), note: z.string().optional() }) })
    const New = collection("t.items", {
      schema: z.object({ name: z.string(), note: z.string().optional(), colour: z.string().optional() })
    })
    const [older, newer] = [Old, New].map((of) =>
      createOmni({
        store: store.shared(),
        modules: { t: module("t", { operations: { put: put(of as never), get: get(of as never) } }) }
      })
    )
    await newer!.t.put({ id: "a", row: { name: "shaver", note: "old", colour: "red" } })
    await older!.t.put({ id: "a", row: { name: "razor" } })
    assert.deepEqual(await newer!.t.get({ id: "a" }), { name: "razor", colour: "red" })
    await newer!.t.put({ id: "a", row: { name: "razor" } })
    assert.deepEqual(await older!.t.get({ id: "a" }), { name: "razor" })
  })

  it("lets go of what this release has taken away: what an upcast left over, and fields of rows that may have any", async () => {
    const store = memory()
    const left = collection("t.items", {
      schema: z.object({ title: z.string() }),
      version: 2,
      upcasts: { 1: (row: { name: string }) => ({ ...row, title: row.name }) }
    })
    const loose = collection("t.loose", { schema: z.looseObject({ title: z.string() }) })
    await app(V1, store).t.put({ id: "a", row: { name: "shaver" } })
    const omni = createOmni({ store: store.shared(), modules: {} })
    await omni.transact(function* (tx) {
      tx.put(left, "a", { title: tx.get(left, "a")!.title })
      tx.put(loose, "b", { title: "x", colour: "red" })
    })
    await omni.transact(function* (tx) {
      tx.put(loose, "b", { title: tx.get(loose, "b")!.title })
    })
    const scope = await store.shared().open("default")
    const { rows } = await scope.read([
      { collection: "t.items", id: "a" },
      { collection: "t.loose", id: "b" }
    ])
    assert.deepEqual(
      rows.map((row) => JSON.parse(row!.value) as unknown),
      [{ title: "shaver" }, { title: "x" }]
    )
  })

  it("never overwrites or removes what it cannot read, whether it has read it or not", async () => {
    const Indexed = collection("t.items", {
      schema: z.object({ title: z.string(), size: z.number() }),
      version: 2,
      upcasts: { 1: (row: { name: string }) => ({ title: row.name, size: 0 }) },
      indexes: { title: ["title"] }
    })
    const remove = operation("t.remove", z.object({ id: z.string() }), function* (tx, { id }) {
      tx.remove(Indexed, id)
    })
    for (const of of [V2, Indexed]) {
      const store = memory()
      const scope = await store.open("default")
      const key = { collection: "t.items", id: "new" }
      await scope.commit({
        id: "new",
        time: 0,
        retry: false,
        checks: [],
        events: [],
        writes: [{ key, row: { schema: 9, value: `{"far":"ahead"}` }, add: [], drop: [], due: undefined }]
      })
      const omni = createOmni({ store: store.shared(), modules: { t: module("t", { operations: { put: put(of as never), remove } }) } })
      const ended = await Promise.allSettled([
        omni.t.put({ id: "a", row: { title: "a", size: 1 } }),
        omni.t.put({ id: "new", row: { title: "new", size: 1 } }),
        omni.t.put({ id: "b", row: { title: "b", size: 1 } })
      ])
      assert.deepEqual(
        ended.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"]
      )
      assert.instanceOf((ended[1] as PromiseRejectedResult).reason, InvalidRow)
      assert.instanceOf(await thrownBy(omni.t.remove({ id: "new" })), InvalidRow)
      assert.equal((await scope.read([key])).rows[0]?.value, `{"far":"ahead"}`)
    }
  })

  it("names the collection, id and path of a row that fits no version, leaves it, and is not held up by it", async () => {
    const store = memory()
    const scope = await store.open("default")
    const key = { collection: "t.items", id: "bad" }
    await scope.commit({
      id: "raw",
      time: 0,
      retry: false,
      checks: [],
      events: [],
      writes: [{ key, row: { schema: 2, value: `{"title":1,"size":2}` }, add: [], drop: [], due: undefined }]
    })
    await scope.commit({
      id: "new",
      time: 0,
      retry: false,
      checks: [],
      events: [],
      writes: [{ key: { ...key, id: "new" }, row: { schema: 9, value: `{}` }, add: [], drop: [], due: undefined }]
    })
    const omni = app(V2, store.shared())
    await omni.t.put({ id: "good", row: { title: "x", size: 1 } })
    const error = (await thrownBy(omni.t.get({ id: "bad" }))) as InvalidRow
    assert.instanceOf(error, InvalidRow)
    assert.deepEqual([error.collection, error.id, error.issues.map((i) => i.path)], ["t.items", "bad", ["title"]])
    assert.instanceOf(await thrownBy(omni.t.put({ id: "bad", row: { title: "x", size: 1 } })), InvalidRow)
    assert.match(String(await thrownBy(omni.t.get({ id: "new" }))), /version 9 of its schema.*Update/)
    const page = (await omni.t.list({})) as { items: ReadonlyArray<{ id: string }>; invalid?: ReadonlyArray<InvalidRow> }
    assert.deepEqual(
      page.invalid?.map((row) => row.id),
      ["bad", "new"]
    )
    assert.includeMembers(
      page.items.map((item) => item.id),
      ["good"]
    )
  })
})
