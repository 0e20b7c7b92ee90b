import { collection, createOmni, module, operation, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { profile } from "@omni/profile"
import { assert, it } from "vitest"
import * as z from "zod"

/** A store that says how many rows its lists have given, and how often it was asked. */
const counting = (store: StoreDriver) => {
  const told = { listed: 0, reads: 0 }
  const driver: StoreDriver = {
    ...store,
    open: async (scope) => {
      const opened = await store.open(scope)
      return {
        ...opened,
        read: async (keys, queries) => {
          const snapshot = await opened.read(keys, queries)
          told.reads++
          for (const { items } of snapshot.pages) told.listed += items.length
          return snapshot
        }
      }
    }
  }
  return { driver, told }
}

const START = Date.UTC(2026, 0, 1)

/** A customer of so many merged profiles, whose entries `ownerOf` gives out, so many ms `apart`; and what it costs to page through all of them. */
const paged = async (merged: number, entries: number, limit: number, ownerOf: (entry: number) => number, apart = 1000) => {
  const { driver, told } = counting(memory())
  const clock = { now: () => START, sleep: async () => undefined }
  const omni = createOmni({ store: driver, clock, modules: { profile: profile({ limits: { device: Infinity } }) } })
  const device = (i: number) => ({ type: "device", value: `device-${i}` })
  const ids: Array<string> = []
  for (let i = 0; i < merged; i++) ids.push((await omni.profile.identify({ identifiers: [device(i)] })).profile)
  const numbers = Array.from({ length: entries }, (_, entry) => entry)
  await Promise.all(
    numbers.map((entry) =>
      omni.profile.track({ profile: ids[ownerOf(entry)] ?? "", type: "seen", message: `${entry}`, at: START - apart * entry })
    )
  )
  for (let i = 1; i < merged; i++) await omni.profile.identify({ identifiers: [device(0), device(i)] })
  Object.assign(told, { listed: 0, reads: 0 })
  const seen: Array<string> = []
  let pages = 0
  let after: string | undefined
  do {
    const page = await omni.profile.timeline({ profile: ids[0] ?? "", limit, ...(after === undefined ? {} : { after }) })
    seen.push(...page.items.map(({ row }) => row.message ?? ""))
    after = page.cursor
    pages++
  } while (after !== undefined)
  await omni.close()
  assert.deepEqual(
    apart > 0 ? seen : seen.toSorted((a, b) => Number(a) - Number(b)),
    numbers.map(String),
    "each entry once, the newest first"
  )
  return { listed: told.listed, loads: told.reads / pages, pages }
}

it("reads little more of a timeline than it shows, however many profiles went into one", async () => {
  const one = await paged(1, 600, 20, () => 0)
  assert.isAtMost(one.listed, 600)
  for (const ownerOf of [(entry: number) => entry % 60, (entry: number) => Math.floor(entry / 10), () => 7]) {
    const { listed, loads, pages } = await paged(60, 600, 20, ownerOf)
    assert.equal(pages, 30)
    // A page has to look at the head of each list, and goes on in those that it takes from.
    assert.isAtMost(listed, 60 * pages + 6 * 600)
    assert.isAtMost(loads, 7)
  }
})

it("shows each entry once, also when all are of one moment", async () => {
  for (const limit of [1, 7, 20]) assert.equal((await paged(5, 60, limit, (entry) => entry % 3, 0)).pages, Math.ceil(60 / limit))
})

it("goes on behind entries that cannot be read, however many they are", async () => {
  const store = memory()
  const broken = collection("profile.timeline", {
    schema: z.object({ profile: z.string(), at: z.number() }),
    indexes: { profile: ["profile", "at"] }
  })
  const spoil = operation("test.spoil", z.object({ profile: z.string() }), function* (tx, input) {
    for (let i = 0; i < 200; i++) tx.put(broken, `broken-${i}`, { profile: input.profile, at: START + i })
  })
  const other = createOmni({ store: store.shared(), modules: { test: module("test", { collections: [broken], operations: { spoil } }) } })
  const omni = createOmni({ store, clock: { now: () => START, sleep: async () => undefined }, modules: { profile: profile() } })
  const { profile: id } = await omni.profile.identify({ identifiers: [{ type: "device", value: "d1" }] })
  await omni.profile.track({ profile: id, type: "seen", at: START })
  await other.test.spoil({ profile: id })
  let seen = 0
  let after: string | undefined
  do {
    const page = await omni.profile.timeline({ profile: id, limit: 2, ...(after === undefined ? {} : { after }) })
    seen += page.items.length
    after = page.cursor
  } while (after !== undefined)
  assert.equal(seen, 1)
  await other.close()
})
