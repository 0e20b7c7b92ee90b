import type { Collection } from "@omni/core"
import { assert, it } from "vitest"

import type * as resolveFile from "../src/resolve.ts"
import type * as standFile from "../src/stand.ts"
import { NOW } from "./shop.ts"

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
