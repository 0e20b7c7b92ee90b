import { type Collection, createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { assert, it } from "vitest"

import { over } from "../../../scripts/test/over.ts"
import type * as resolveFile from "../src/resolve.ts"
import type * as standFile from "../src/stand.ts"
import { line, NOW } from "./shop.ts"

// Not public, so they are reached by their addresses.
const { namedIn }: typeof resolveFile = await import(new URL("../src/resolve.ts", import.meta.url).href)
const { standsOf }: typeof standFile = await import(new URL("../src/stand.ts", import.meta.url).href)

const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)

it("looks at each line of a delivery a few times, however many name lots", () => {
  const lines = range(1000).map((i) => ({ sku: `a${i}`, location: "lyon", quantity: 2, lots: [{ lot: `L${i}`, quantity: 2 }] }))
  let reads = 0
  const counted = lines.map((line) => Object.defineProperty({ ...line }, "location", { get: () => (reads++, line.location) }))
  assert.deepEqual(
    namedIn(lines, counted).map(({ lots }) => lots),
    lines.map(({ lots }) => lots)
  )
  assert.isAtMost(reads, 10 * lines.length)
})

it("names the lots of an article in the order of its lines, then those of kits that it is in, at each location its own", () => {
  const lot = (name: string) => ({ lot: name, quantity: 1 })
  const lines = [
    { sku: "kit", location: "lyon", quantity: 1, parts: [{ sku: "cup", lots: [lot("A")] }] },
    { sku: "cup", location: "lyon", quantity: 1, lots: [lot("B")] },
    { sku: "cup", location: "paris", quantity: 1, lots: [lot("C")] }
  ]
  const needs = ["lyon", "paris"].map((location) => ({ sku: "cup", location, quantity: 2 }))
  const [lyon, paris] = namedIn(needs, lines)
  assert.deepEqual([lyon?.lots, paris?.lots], [[lot("B"), lot("A")], [lot("C")]])
})

it("finds where kits and articles are kept by looking at each location a few times", () => {
  const places = range(1000).map((i) => `l${i}`)
  let reads = 0
  const counted = new Proxy(places, { get: (all, at, self) => (reads++, Reflect.get(all, at, self)) })
  const rows = ({ name }: Collection, ids: ReadonlyArray<string>) => {
    if (name === "inventory.placements") return ids.map(() => ({ locations: counted }))
    const components = ["cup", "saucer"].map((sku) => ({ sku, quantity: 1 }))
    return ids.map((id) => (name === "inventory.articles" && id === "set" ? { sku: "set", policy: {}, components } : undefined))
  }
  const reader = { now: NOW, getMany: rows, get: () => undefined } as never as Parameters<typeof standsOf>[0]
  const stands = standsOf(reader, ["cup", "set"], undefined)
  assert.deepEqual(
    stands.map((all) => all.map(({ location }) => location)),
    [places, places]
  )
  assert.isAtMost(reads, 50 * places.length)
})

it("reads no stock that a channel's pool does not have, however many other locations have some", async () => {
  const driver = memory()
  const read = new Set<string>()
  const store = over(driver, (scope) => ({
    read: (keys, queries) => {
      for (const { collection, id } of keys) if (collection === "inventory.stock") read.add(id)
      return scope.read(keys, queries)
    }
  }))
  const warm = createOmni({ store: driver.shared(), modules: { inventory: inventory() } }).inventory
  await warm.defineChannel({ channel: "web", pool: "web" })
  for (const i of range(40)) {
    await warm.defineLocation({ location: `l${i}`, name: "L", pools: i < 2 ? ["web"] : ["shops"] })
    await warm.receive({ lines: ["cup", "saucer"].map((sku) => line(sku, 3, `l${i}`)) })
  }
  const cold = () => createOmni({ store, modules: { inventory: inventory() } }).inventory
  const [cup, saucer] = await cold().availability({ items: [{ sku: "cup" }, { sku: "saucer" }], channel: "web" })
  assert.deepEqual([cup?.available, saucer?.available], [6, 6])
  assert.sameMembers([...read], ["cup@l0", "cup@l1", "saucer@l0", "saucer@l1"])
  read.clear()
  const order = { lines: ["cup", "saucer"].map((sku) => ({ id: sku, sku, quantity: 5 })) }
  const { plan } = await cold().sourceAndHold({ order, rules: { rank: ["fewest-parcels"] }, channel: "web" })
  assert.deepEqual(plan.parcels.map(({ location }) => location).sort(), ["l0", "l1"])
  assert.sameMembers([...read], ["cup@l0", "cup@l1", "saucer@l0", "saucer@l1"])
})
