import { collection, createOmni, event, type InvalidRow, module, operation, SubjectErased, type Clock } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { People, shop } from "./shop.ts"

/** What goes wrong in one call stays with that call, wherever it goes wrong: while it runs, is compared, is encoded or is sealed. */

const Bags = collection("t.bags", { schema: z.object({ value: z.any() }) })
const Picky = collection("t.picky", {
  schema: z.object({ person: z.string().optional(), note: z.string().optional() }),
  personal: {
    subject: (row) => {
      if (row.person === undefined) throw new Error("whose is it?")
      return row.person
    },
    fields: ["note"]
  }
})
const Packed = event("t.Packed", z.object({ n: z.number() }))

const pack = operation("t.pack", z.object({ id: z.string(), how: z.string() }), function* (tx, { id, how }) {
  if (how === "big") tx.put(Bags, id, { value: 1n })
  else if (how === "picky") tx.put(Picky, id, { note: "mine" })
  else tx.put(Bags, id, { value: how })
  tx.emit(Packed, id, { n: 1 })
  return how === "answer" ? 1n : id
})
const stock = (omni: ReturnType<typeof open>) =>
  omni.transact(function* (tx) {
    return tx.getMany(Bags, ["a", "b", "c"]).map((row) => row?.value as unknown)
  })
const open = (verify: boolean, clock?: Clock) =>
  createOmni({ store: memory(), modules: { t: module("t", { operations: { pack } }) }, verify, ...(clock === undefined ? {} : { clock }) })

describe("a call that cannot be written down", () => {
  for (const verify of [true, false]) {
    for (const how of ["big", "picky"]) {
      it(`fails alone: ${how}, ${verify ? "checked" : "unchecked"}`, async () => {
        const omni = open(verify)
        const ended = await Promise.allSettled([
          omni.t.pack({ id: "a", how: "one" }),
          omni.t.pack({ id: "x", how }),
          omni.t.pack({ id: "b", how: "two" }),
          omni.t.pack({ id: "y", how }),
          omni.t.pack({ id: "c", how: "three" })
        ])
        assert.deepEqual(
          ended.map(({ status }) => status),
          ["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]
        )
        assert.deepEqual(await stock(omni), ["one", "two", "three"])
        assert.equal((await omni.events()).events.length, 3)
      })
    }
  }

  it("fails alone: an answer that is no JSON, and an instant that is none", async () => {
    const omni = open(true)
    const ended = await Promise.allSettled([
      omni.t.pack({ id: "a", how: "answer" }, { key: "a" }),
      omni.t.pack({ id: "b", how: "two" }),
      omni.t.pack({ id: "c", how: "three" }, { asOf: { time: Number.NaN } })
    ])
    assert.deepEqual(
      ended.map(({ status }) => status),
      ["rejected", "fulfilled", "rejected"]
    )
    assert.deepEqual(await stock(omni), [undefined, "two", undefined])
  })
})

it("who only changes what an erased person's writer has left is not refused for it", async () => {
  const omni = createOmni({ store: memory(), modules: { shop: shop() }, verify: false })
  const move = operation("t.move", z.object({ city: z.string() }), function* (tx, { city }) {
    const row = tx.get(People, "p") ?? { id: "p", city: "" }
    tx.put(People, "p", { ...row, city })
  })
  await omni.shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
  await omni.erase("p")
  const [wrong, right] = await Promise.allSettled([
    omni.shop.register({ person: "p", email: "p@x.org", city: "Nice" }),
    omni.transact(move, { city: "Oslo" })
  ])
  assert.instanceOf((wrong as PromiseRejectedResult).reason, SubjectErased)
  assert.equal(right.status, "fulfilled")
})

it("operations that are slow before they have their rows get them all the same", { timeout: 5000 }, async () => {
  const clock = manualClock()
  const Rows = collection("t.rows", { schema: z.object({ n: z.number() }) })
  const slow = operation("t.slow", z.object({ id: z.string() }), function* (tx, { id }) {
    clock.advance(3)
    return tx.get(Rows, id)?.n ?? 0
  })
  const omni = createOmni({ store: memory(), clock, modules: { t: module("t", { operations: { slow } }) }, verify: false })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => omni.t.slow({ id: `${i}` }, { timeout: 1e9 })))
  assert.deepEqual(
    answers,
    Array.from({ length: 40 }, () => 0)
  )
})

describe("an operation that needs many loads", () => {
  const Links = collection("t.links", {
    schema: z.object({ person: z.string(), next: z.string().optional() }),
    personal: { subject: (row) => row.person, fields: ["next"] }
  })
  const link = operation("t.link", z.object({ from: z.string(), to: z.string() }), function* (tx, { from, to }) {
    tx.put(Links, from, { person: "p", next: to })
  })
  const walk = operation("t.walk", z.object({}), function* (tx) {
    let at = "0"
    for (let row = tx.get(Links, at); row?.next !== undefined; row = tx.get(Links, at)) at = row.next
    return at
  })
  const chain = async (links: number, verify: boolean) => {
    const modules = { t: module("t", { operations: { link, walk, pack } }) }
    const omni = createOmni({ store: memory(), modules, verify })
    for (let i = 0; i < links; i++) await omni.t.link({ from: `${i}`, to: `${i + 1}` })
    return omni
  }

  it("gets rows that may not stay in memory, though others come all the time", async () => {
    const omni = await chain(7, false)
    let end: string | undefined
    void omni.t.walk({}).then((at) => (end = at))
    let others = 0
    const busy = async () => {
      for (; end === undefined && others < 400; others++) await omni.t.pack({ id: "a", how: "x" })
    }
    await Promise.all([busy(), busy(), busy()])
    assert.equal(end, "7")
    assert.isBelow(others, 100)
  })

  it("is taken for one that reads in a loop by its loads alone, and not by those of a batch that went on without it", async () => {
    for (const [links, ended] of [
      [7, "7"],
      [8, "InvalidOperation"]
    ] as const) {
      const omni = await chain(links, true)
      const outcome = (walking: Promise<string>) => walking.catch((error: { readonly _tag: string }) => error._tag)
      assert.equal(await outcome(omni.t.walk({})), ended)
      const [beside] = await Promise.all([outcome(omni.t.walk({})), omni.t.pack({ id: "a", how: "x" }), omni.t.pack({ id: "b", how: "y" })])
      assert.equal(beside, ended)
    }
  })
})

it("a refusal stays a refusal when the operation cleans up behind itself", async () => {
  const tidy = operation("t.tidy", z.object({}), function* (tx) {
    try {
      tx.put(Bags, "a", { value: "half" })
      yield { _tag: "No" as const, message: "no" }
    } finally {
      tx.remove(Bags, "a")
    }
  })
  const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { tidy } }) } })
  const ended = await omni.t.safe.tidy({})
  assert.isTrue(!ended.ok && (ended.error as { _tag: string })._tag === "No")
})

it("a row that cannot be opened or parsed fails its readers alone", async () => {
  const store = memory()
  const omni = createOmni({ store, modules: { shop: shop() } })
  await omni.shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
  await omni.shop.register({ person: "q", email: "q@x.org", city: "Nice" })
  const scope = await store.shared().open("default")
  const [row] = (await scope.read([{ collection: People.name, id: "p" }])).rows
  const spoil = (id: string, value: string) =>
    scope.commit({
      id: `spoil ${id}`,
      time: 0,
      retry: false,
      checks: [],
      events: [],
      writes: [{ key: { collection: People.name, id }, row: { schema: 1, value }, add: [], drop: [], due: undefined }]
    })
  // Sealed for another place, and no JSON at all.
  await spoil("moved", row!.value)
  await spoil("torn", row!.value.slice(0, 20))
  const fresh = createOmni({ store: store.shared(), modules: { shop: shop() } })
  const read = (id: string) =>
    fresh.transact(function* (tx) {
      return tx.get(People, id)?.email
    })
  const ended = await Promise.allSettled([read("p"), read("moved"), read("torn"), read("q")])
  assert.deepEqual(
    ended.map((end) => (end.status === "fulfilled" ? end.value : (end.reason as InvalidRow)._tag)),
    ["p@x.org", "InvalidRow", "InvalidRow", "q@x.org"]
  )
})
