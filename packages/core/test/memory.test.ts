import { START, type Commit, type Write } from "@omni/core"
import { memory } from "@omni/core/memory"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import type * as rememberedFile from "../src/memory/remembered.ts"
import type * as sortedFile from "../src/memory/sorted.ts"
import type * as textFile from "../src/values/plain/text.ts"

// Not public, so they are reached by their address.
const inside = (file: string) => new URL(`../src/${file}.ts`, import.meta.url).href
const { Remembered }: typeof rememberedFile = await import(inside("memory/remembered"))
const { Sorted }: typeof sortedFile = await import(inside("memory/sorted"))
const { compareText, utf8Length }: typeof textFile = await import(inside("values/plain/text"))

const text = fc.string({ unit: fc.constantFrom("", "a", "b", "\u0001", "é", "\uffee", "\ufffd", "😀", "\u{10ffff}"), maxLength: 5 })
const whole = fc.oneof(text, fc.string({ unit: "binary", maxLength: 5 }))

describe("text", () => {
  it("is compared as its UTF-8 bytes are", () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      })
    )
  })

  it("is measured in UTF-8 bytes", () => {
    fc.assert(
      fc.property(whole, (a) => {
        expect(utf8Length(a)).toBe(Buffer.byteLength(a))
      })
    )
  })
})

describe("Sorted", () => {
  const numbers = (a: number, b: number) => a - b
  const change = fc.record({ add: fc.boolean(), value: fc.nat(3000) })

  it("is a sorted set: against an array that is sorted again each time, over chunk borders", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3000, size: "max" }), fc.nat(3000), (changes, from) => {
        const sorted = new Sorted<number>(numbers)
        const naive = new Set<number>()
        for (const { add, value } of changes) {
          if (add) sorted.add(value)
          else sorted.delete(value)
          if (add) naive.add(value)
          else naive.delete(value)
        }
        const all = [...naive].sort(numbers)
        expect([...sorted.up(-1)]).toEqual(all)
        expect([...sorted.down(9999)]).toEqual(all.toReversed())
        expect([...sorted.up(from)]).toEqual(all.filter((value) => value >= from))
        expect([...sorted.down(from)]).toEqual(all.filter((value) => value <= from).toReversed())
      }),
      { numRuns: 60 }
    )
  })
})

const write = (id: string, value = "{}"): Write => ({
  key: { collection: "things", id },
  row: { schema: 1, value },
  add: [],
  drop: [],
  due: undefined
})

const commit = (id: string, parts: Partial<Commit> = {}): Commit => ({
  id,
  time: 1,
  retry: false,
  checks: [],
  writes: [write(id)],
  events: [],
  ...parts
})

describe("memory", () => {
  it("shares its rows, keys and due work with the clients made from it, and with nobody else", async () => {
    const driver = memory()
    const other = driver.shared()
    await (await driver.open("shop")).commit(commit("a", { writes: [{ ...write("a"), due: 3 }] }))
    await driver.keys.create("shop", "anna", new Uint8Array(32))
    expect(await other.due("things", 3, 10)).toEqual([{ scope: "shop", key: { collection: "things", id: "a" }, due: 3 }])
    expect(await other.keys.get("shop", ["anna"])).toEqual([new Uint8Array(32)])
    expect((await other.scopes()).map(({ scope }) => scope)).toEqual(["shop"])
    expect(await memory().scopes()).toEqual([])
  })

  it("says in its capabilities what it was told to do without, and does without it", async () => {
    const driver = memory({ begin: false, watch: false, limits: { keys: 2 } })
    for (const client of [driver, driver.shared()]) {
      const store = await client.open("shop")
      expect(client.capabilities).toMatchObject({ begin: false, watch: false, limits: { keys: 2, bytes: 2 ** 28 } })
      expect(["begin" in store, "watch" in store]).toEqual([false, false])
    }
    expect("begin" in (await driver.shared({ begin: true }).open("shop"))).toBe(true)
  })

  it("refuses what its limits do not allow, with the limit and what was asked", async () => {
    const store = await memory({ limits: { keys: 3, valueBytes: 20, bytes: 50 } }).open("shop")
    const told = async (writes: ReadonlyArray<Write>, checks: Commit["checks"] = []) => {
      const result = await store.commit(commit("x", { writes, checks }))
      return result._tag === "NotWritten" ? result.reason : result._tag
    }
    expect(await told(["a", "b", "c", "d"].map((id) => write(id)))).toContain("4 rows and events are more than the 3")
    expect(await told([write("a", '"äääääääääää"')])).toContain("24 bytes is larger than the 20")
    expect(await told(["a", "b", "c"].map((id) => write(id, '"123456789012345678"')))).toContain("60 bytes are more than the 50")
    expect(await told([write("a\0")])).toContain('"a\\u0000"')
    expect(await told([{ ...write("a"), add: [{ index: "by", value: "\ud800" }] }])).toContain('the index "by"')
    const checks = ["a", "b", "c"].map((id) => ({ key: { collection: "things", id }, version: undefined }))
    expect(
      await told(
        checks.map(({ key }) => write(key.id)),
        checks
      )
    ).toBe("Committed")
  })

  it("rejects what is asked of a closed client, and serves the others", async () => {
    const driver = memory()
    const store = await driver.open("shop")
    const other = await driver.shared().open("shop")
    const session = await store.begin!([])
    const waiting = store.begin!([])
    const landing = other.commit(commit("a"))
    await driver.close()
    await expect(waiting).rejects.toThrow("closed")
    expect((await landing)._tag).toBe("Committed")
    for (const call of [
      () => store.read([]),
      () => store.commit(commit("b")),
      () => store.events(START, 1),
      () => session.commit(commit("c"))
    ])
      await expect(call()).rejects.toThrow(/closed|ended/)
    expect((await other.read([{ collection: "things", id: "a" }])).rows[0]?.value).toBe("{}")
  })

  it("remembers at least the latest commits, and at most twice as many", () => {
    const remembered = new Remembered<number>(10)
    for (let i = 0; i < 100; i++) remembered.set(`commit ${i}`, i)
    const known = Array.from({ length: 100 }, (_, i) => remembered.get(`commit ${i}`)).filter((i) => i !== undefined)
    expect(known.slice(-10)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99])
    expect(known.length).toBeLessThanOrEqual(20)
  })

  it("gives rows that nobody can change", async () => {
    const store = await memory().open("shop")
    const query = { collection: "things", index: "", from: "", to: "z", order: "asc", limit: 9, after: undefined } as const
    await store.commit(commit("a"))
    const { rows, pages } = await store.read([{ collection: "things", id: "a" }], [query])
    expect(Object.isFrozen(rows[0])).toBe(true)
    expect(pages[0]!.items.map(({ row }) => row)).toEqual(rows)
  })
})
