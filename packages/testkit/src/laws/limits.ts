import { type Key, START, type StoreDriver } from "@omni/core"
import fc from "fast-check"

import { holds, same, show } from "../assert.ts"
import { change, committed, event, eventsOf, isCommitted, key, land, landAll, law, put, rowOf, times, valueOf } from "./bench.ts"
import { oddTexts, texts } from "./texts.ts"

/** Larger stated limits are believed: reaching them would take all of a machine's memory. */
const LARGEST = 2 ** 25
const MOST = 20_000

/** A text that takes so many bytes as JSON. */
const fill = (bytes: number): string => "x".repeat(Math.max(0, bytes - 2))

const limitsOf = (driver: StoreDriver) => driver.capabilities.limits

const keys = law("keys are any text: what is written under one is read under it alone", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const long = ["x".repeat(512), `${"x".repeat(511)}y`, "ä".repeat(256), "😀".repeat(128)]
  const all = ["", ...oddTexts, ...long].flatMap((text): ReadonlyArray<Key> => [key(text), key("a", text), key(text, text)])
  const distinct = [...new Map(all.map((place) => [show(place), place])).values()]
  await landAll(
    store,
    distinct.map((place, i) => ({ ...put("", i), key: place }))
  )
  const { rows } = await store.read(distinct)
  same(rows.map(valueOf), times(distinct.length), "the rows under odd keys")
  const spellings = ["ẞ", "A\u0308", "a\u200d", "ａ", "𝐚", "a\ufe0f"].map((id) => key(id))
  same(
    (await store.read(spellings)).rows,
    spellings.map(() => undefined),
    "rows under keys that only look alike"
  )
})

const values = law("values and bodies come back letter for letter", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const json = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
    fc.constantFrom("1e400", "1.0", '{"b":1,"a":[ 2 ]}', '{"a":1,"a":2}', '"\\u0000\\ud800"', "12345678901234567890")
  )
  const property = fc.asyncProperty(texts, json, json, async (id, value, body) => {
    const { position } = await store.read([])
    const from = (await store.events(position, 1))._tag === "Events" ? position : START
    await land(store, { writes: [{ ...put(id, 0), row: { schema: 1, value } }], events: [{ type: "T", subject: id, time: 1, body }] })
    same((await rowOf(store, id))?.value, value, `the value of the row ${show(id)}`)
    same(
      (await eventsOf(store, from)).map((written) => written.body),
      [body],
      `the event about ${show(id)}`
    )
  })
  await fc.assert(property, bench.runs(100))
})

const aligned = law("a read answers each key in its place: absent, repeated and very many keys alike", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  await land(store, { writes: [put("a", 1), put("b", 2)] })
  const wanted = times(40_000).map((i) => (i % 3 === 0 ? key("a") : i % 1000 === 1 ? key("b") : key(`none ${i}`)))
  const { rows, pages } = await store.read(wanted)
  same(rows.length, wanted.length, "the number of rows")
  same(
    rows.map((row) => valueOf(row) ?? 0),
    wanted.map(({ id }) => (id === "a" ? 1 : id === "b" ? 2 : 0)),
    "the rows"
  )
  same(pages, [], "the pages, when no query was asked")
  same((await store.read([])).rows, [], "the rows, when none was asked for")
})

const full = law("a commit may touch as many rows as the limits say", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const count = Math.min(limitsOf(bench.driver).keys, MOST)
  const half = Math.floor(count / 2)
  await land(store, { writes: times(half).map((i) => put(`row ${i}`, i)) })
  const { rows } = await store.read(times(half).map((i) => key(`row ${i}`)))
  const checks = rows.map((row, i) => ({ key: key(`row ${i}`), version: row?.version }))
  const writes = times(count - half).map((i) => put(`new ${i}`, i, { add: [["by", `v${i}`]] }))
  const position = committed(
    await store.commit(change({ checks, writes })),
    `${half} checks and ${count - half} writes, with a limit of ${limitsOf(bench.driver).keys}`
  )
  const written = await store.read(writes.map((write) => write.key))
  holds(
    written.rows.every((row) => row?.version === position),
    "every row is there"
  )
})

const large = law("a value may be as large as the limits say", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const { valueBytes, bytes } = limitsOf(bench.driver)
  const size = Math.min(valueBytes, bytes, LARGEST) - 1024
  await land(store, { writes: [put("a", fill(size))] })
  same((await rowOf(store, "a"))?.value.length, size, "the length of the value")
  same(valueOf(await rowOf(store, "a")), fill(size), "the value")
})

const over = law("a commit over the limits is NotWritten (or lands whole), and the store goes on", async (bench) => {
  const [store, other] = await bench.both()
  const { keys: most, valueBytes, bytes } = limitsOf(bench.driver)
  const tries = [
    ...(most > MOST ? [] : [{ writes: times(most + 1).map((i) => put(`row ${i}`, i)) }]),
    ...(most > MOST ? [] : [{ writes: [put("row 0", 1)], events: times(most + 1).map((i) => event("s", i)) }]),
    ...(valueBytes >= LARGEST ? [] : [{ writes: [put("row 0", fill(valueBytes + 1)), put("row 1", 1)], events: [event("s", 1)] }]),
    ...(bytes >= LARGEST ? [] : [{ writes: times(Math.ceil(bytes / 2 ** 16) + 1).map((i) => put(`row ${i}`, fill(2 ** 16))) }])
  ]
  for (const parts of tries) {
    const before = await store.read(parts.writes.map((write) => write.key))
    const commit = change(parts)
    const result = await store.commit(commit)
    holds(result._tag !== "Conflict", "a commit without checks has no conflict")
    const after = await other.read(parts.writes.map((write) => write.key))
    const changed = after.rows.filter((row, i) => row?.version !== before.rows[i]?.version).length
    same(changed, isCommitted(result) ? parts.writes.length : 0, `the rows changed by a commit that answered ${result._tag}`)
    same((await store.commit({ ...commit, retry: true }))._tag, result._tag, "the answer to the same commit again")
    await land(store, { writes: [put("small", 1)], events: [event("s", 1)] })
  }
})

const illFormed = law("a key that no store has to keep is NotWritten (or kept exactly), and the store goes on", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const bad = ["a\0b", "\0", "\ud800", "a\udc00", "\udc00\ud800", "x".repeat(513), "😀".repeat(129)]
  for (const id of bad)
    for (const place of [key(id), key("a", id)]) {
      const result = await store.commit(change({ writes: [{ ...put("", 1), key: place }, put("beside", id.length)] }))
      holds(result._tag !== "Conflict", "a commit without checks has no conflict")
      const { rows } = await store.read([key("beside")])
      if (isCommitted(result))
        same((await store.read([place])).rows[0], rows[0] && { ...rows[0], value: "1" }, `the row under ${show(place)}`)
      else
        same(
          (await store.read([key("a"), key("\ufffd"), key("a\ufffd")])).rows,
          [undefined, undefined, undefined],
          `rows that ${show(place)} was taken for`
        )
      await land(store, { writes: [put("beside", "since")] })
    }
})

const stated = law("the limits let an app work: each is a positive integer, and a value fits a commit", async (bench) => {
  const { keys: most, bytes, valueBytes } = limitsOf(bench.driver)
  for (const limit of [most, bytes, valueBytes]) holds(Number.isSafeInteger(limit) && limit > 0, `${limit} is a positive integer`)
  holds(most >= 25, `a commit may touch 25 rows, not only ${most}`)
  holds(valueBytes >= 2 ** 16 && bytes >= valueBytes, `a value may have 64 kB, and fits a commit (${valueBytes} of ${bytes} bytes)`)
  same(bench.driver.specVersion, 1, "the version of the port")
})

export const limitLaws = [keys, values, aligned, full, large, over, illFormed, stated]
