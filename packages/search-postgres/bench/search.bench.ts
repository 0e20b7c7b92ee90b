import type { SearchAnswer, SearchDriver, SearchIndex } from "@omni/catalog/search"
import type { Position } from "@omni/core"
/** Search on a PostgreSQL server of default settings, over 100,000 products (20,000 unless `--long`), beside full-text search written by hand. */
import { postgresSearch } from "@omni/search-postgres"
import pg from "pg"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"
import { documentsOf, entriesOf, request, rows } from "../../search-embedded/bench/products.ts"
import { byHand } from "./by-hand.ts"
import { broadest, mix, type Question, SYNONYMS } from "./questions.ts"

const all = isLong ? rows() : rows().filter((_, at) => at % 5 === 0)
const documents = documentsOf(all).map((document, at) => ({
  ...document,
  offers: document.offers.map((offer) => ({
    ...offer,
    prices: { ...offer.prices, ...(at % 10 === 0 ? { "list:club": 89 + ((at * 7_919) % 5_000) } : {}) }
  }))
}))
const of = `${all.length.toLocaleString("en")} products`
const server = process.env["OMNI_PG"] === undefined ? await startPostgres() : undefined
const url = server?.url ?? process.env["OMNI_PG"]!
const owner = new pg.Client({ connectionString: url })
await owner.connect()
const schema = "bench_search"
await owner.query(`drop schema if exists ${schema} cascade`)

const CHECKPOINT = { position: "1" as Position }
const fill = async (driver: SearchDriver): Promise<SearchIndex> => {
  const index = await driver.open("default", { version: 0, synonyms: SYNONYMS })
  await index.begin({ id: "1", settings: 0, checkpoint: CHECKPOINT })
  const entries = entriesOf(documents)
  // As many at once as the index is given of a catalog.
  for (let at = 0; at < entries.length; at += 100) await index.write("1", entries.slice(at, at + 100), CHECKPOINT)
  await index.publish("1")
  return index
}

const percentile = (times: ReadonlyArray<number>, part: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))]!

const driver = postgresSearch(url, { schema })
let index!: SearchIndex
const seconds = (await millisOf(async () => void (index = await fill(driver)))) / 1_000

const bench = "search-postgres"
const alone = { bench, better: "lower", rounds: 1, peers: {} } as const

/** What questions take, each asked once, milliseconds. */
const timesOf = async (questions: ReadonlyArray<Question>): Promise<ReadonlyArray<number>> => {
  const times: Array<number> = []
  for (const question of questions) times.push(await millisOf(() => index.search(question)))
  return times
}

const kinds = mix(all, isLong ? 150 : 40)
const hand = await byHand(owner, documents)
const texts = kinds["words"]!.map(({ text }) => text)
const byHandTimes = async () => {
  const times: Array<number> = []
  for (const text of texts) times.push(await millisOf(() => hand.ask(text)))
  return percentile(times, 0.99)
}
await compare({
  bench,
  case: `p99 of words, ${of}`,
  unit: "ms",
  better: "lower",
  rounds: 1,
  ours: async () => percentile(await timesOf(kinds["words"]!), 0.99),
  peers: { "by hand": byHandTimes }
})
const mixed = new Map<string, ReadonlyArray<number>>()
for (const [kind, questions] of Object.entries(kinds)) mixed.set(kind, await timesOf(questions))
for (const [kind, times] of mixed)
  console.error(`  ${kind}: p50 ${percentile(times, 0.5).toFixed(1)}, p99 ${percentile(times, 0.99).toFixed(1)}`)
const together = [...mixed.values()].flat()
for (const [name, part] of [
  ["p50", 0.5],
  ["p99", 0.99]
] as const)
  await compare({ ...alone, case: `${name} of a mix, ${of}`, unit: "ms", ours: () => percentile(together, part) })

const pages: Array<number> = []
for (let after: string | undefined, page = 0; page < 40; page++) {
  let answer: SearchAnswer | undefined
  pages.push(
    await millisOf(async () => (answer = await index.search(request("chicken", { limit: 100, ...(after === undefined ? {} : { after }) }))))
  )
  after = answer?.cursor
  if (after === undefined) break
}
await compare({ ...alone, case: `p99 of pages to the end, ${of}`, unit: "ms", ours: () => percentile(pages, 0.99) })

const broad: Array<number> = []
for (const [name, question] of Object.entries(broadest("GROCERY"))) {
  const times = await timesOf(Array.from({ length: isLong ? 20 : 7 }, () => question))
  console.error(`  ${name}: p50 ${percentile(times, 0.5).toFixed(1)}, most ${Math.max(...times).toFixed(1)}`)
  broad.push(...times)
}
for (const [name, part] of [
  ["p50", 0.5],
  ["p99", 0.99]
] as const)
  await compare({ ...alone, case: `${name} of the broadest, with counts, ${of}`, unit: "ms", ours: () => percentile(broad, part) })

const size = async (tables: string): Promise<number> => {
  const found = await owner.query(
    "select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c where relkind = 'r' and relnamespace = $1::regnamespace",
    [tables]
  )
  return Number(found.rows[0].bytes) / 1e6
}
await compare({ ...alone, case: `on the disk, ${of}`, unit: "MB", ours: () => size(schema), peers: { "by hand": () => size(hand.schema) } })
await compare({
  ...alone,
  better: "higher",
  case: `made anew, ${of}`,
  unit: "products/s",
  ours: () => all.length / seconds,
  peers: { "by hand": () => hand.rate }
})
const again = entriesOf(documents)
  .slice(0, 5_000)
  .map((entry, at) => ({
    ...entry,
    id: documents[(at * 7_919) % documents.length]!.id,
    version: "2" as Position,
    document: documents[(at * 7_919) % documents.length]!
  }))
await compare({
  ...alone,
  better: "higher",
  case: `followed, ${of}`,
  unit: "products/s",
  ours: async () => {
    const millis = await millisOf(async () => {
      for (let at = 0; at < again.length; at += 100) await index.write("1", again.slice(at, at + 100), CHECKPOINT)
    })
    return (again.length * 1_000) / millis
  }
})

await driver.close()
await owner.query(`drop schema if exists ${schema} cascade; drop schema if exists ${hand.schema} cascade`)
await owner.end()
await server?.stop()
