/** Search over 100,000 products in one process: how long a question takes at worst, how long an index takes to make, and how much memory it needs. */
import type { SearchDriver, SearchIndex } from "@omni/catalog/search"
import type { Position } from "@omni/core"
import { embedded } from "@omni/search-embedded"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"
import { flexSearch, miniSearch, orama, type Peer } from "./peers.ts"
import { documentsOf, entriesOf, request, rows, typed } from "./products.ts"

const all = rows()
const documents = documentsOf(all)
const texts = typed(all, isLong ? 2_000 : 200)

const CHECKPOINT = { position: "1" as Position }

const build = async (driver: SearchDriver): Promise<SearchIndex> => {
  const index = await driver.open("default", { version: 0, synonyms: {} })
  await index.begin({ id: "1", settings: 0, checkpoint: CHECKPOINT })
  const entries = entriesOf(documents)
  for (let at = 0; at < entries.length; at += 1_000) await index.write("1", entries.slice(at, at + 1_000), CHECKPOINT)
  await index.publish("1")
  return index
}

/** What 99 of 100 questions take at most, milliseconds. */
const worst = async (ask: (text: string) => unknown): Promise<number> => {
  const times: Array<number> = []
  for (const text of texts) times.push(await millisOf(() => ask(text)))
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
}

/** What is held of memory beside the products themselves, and how long it took to make. */
const made = async <T>(make: () => Promise<T>) => {
  globalThis.gc?.()
  const before = process.memoryUsage()
  let value: T | undefined
  const millis = await millisOf(async () => {
    value = await make()
  })
  globalThis.gc?.()
  const after = process.memoryUsage()
  return {
    value: value!,
    seconds: millis / 1000,
    megabytes: (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6
  }
}

const ours = await made(() => build(embedded()))
const peers: ReadonlyArray<readonly [string, Peer]> = [
  ["minisearch", miniSearch],
  ["flexsearch", flexSearch],
  ...(isLong ? [["orama", orama] as const] : [])
]
const theirs = new Map<string, { readonly ask: (text: string) => unknown; readonly seconds: number; readonly megabytes: number }>()
for (const [name, peer] of peers) {
  const { value, ...costs } = await made(() => peer(all))
  theirs.set(name, { ask: value, ...costs })
}
const of = <A>(read: (peer: { readonly ask: (text: string) => unknown; readonly seconds: number; readonly megabytes: number }) => A) =>
  Object.fromEntries([...theirs].map(([name, peer]) => [name, () => read(peer)]))

const bench = "search"
const index = ours.value
await compare({
  bench,
  case: "p99 of words, 100,000 products",
  unit: "ms",
  better: "lower",
  rounds: isLong ? 3 : 1,
  ours: () => worst((text) => index.search(request(text))),
  peers: of(({ ask }) => worst(ask))
})
const facets = ["brand", "category", "available"]
const priceRanges = [{ to: 999 }, { from: 1_000, to: 2_499 }, { from: 2_500 }]
const counted = { facets, priceRanges, values: { available: ["south"] }, price: { from: 200 } }
await compare({
  bench,
  case: "p99 with 3 facets, a filter and prices",
  unit: "ms",
  better: "lower",
  rounds: isLong ? 3 : 1,
  ours: () => worst((text) => index.search(request(text, counted))),
  peers: {}
})
await index.search(request("", { sort: "name" }))
for (const sort of ["price", "name"] as const) {
  await compare({
    bench,
    case: `p99 sorted by ${sort}`,
    unit: "ms",
    better: "lower",
    rounds: isLong ? 3 : 1,
    ours: () => worst((text) => index.search(request(text, { sort }))),
    peers: {}
  })
}
await compare({
  bench,
  case: "made anew",
  unit: "s",
  better: "lower",
  rounds: 1,
  ours: () => ours.seconds,
  peers: of(({ seconds }) => seconds)
})
await compare({
  bench,
  case: "memory of the index",
  unit: "MB",
  better: "lower",
  rounds: 1,
  ours: () => ours.megabytes,
  peers: of(({ megabytes }) => megabytes)
})
