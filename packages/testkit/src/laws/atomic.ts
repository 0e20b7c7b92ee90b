import { type IndexQuery, type ScopedStore, START, type StoreDriver } from "@omni/core"

import { holds, pause, same } from "../assert.ts"
import {
  type Bench,
  change,
  COLLECTION,
  committed,
  dueIn,
  event,
  eventsOf,
  findsLate,
  key,
  land,
  law,
  put,
  remove,
  rowOf,
  spread,
  times,
  valueOf
} from "./bench.ts"

const all = (index: string, limit = 1000): IndexQuery => ({
  collection: COLLECTION,
  index,
  from: "",
  to: "\u{10ffff}",
  order: "asc",
  limit,
  after: undefined
})

/** All that can be seen of a scope's rows with these ids. */
const everything = async (driver: StoreDriver, store: ScopedStore, scope: string, ids: ReadonlyArray<string>) => {
  const { rows, pages } = await store.read(
    ids.map((id) => key(id)),
    [all("by"), all("")]
  )
  return { rows, pages, events: (await eventsOf(store, START)).map(({ body }) => body), due: await dueIn(driver, scope) }
}

const whole = law("a commit lands whole: rows, entries, events and due work", async (bench) => {
  const scope = bench.scope()
  const store = await bench.driver.open(scope)
  await land(store, { writes: [put("old", 0, { add: [["by", "o"]], due: 7 })] })
  const events = [event("s", 1), event("s", 2)]
  const position = await land(store, {
    time: 5_000,
    writes: [
      put("a", 1, { add: [["by", "x"]], due: 20 }),
      put("b", 2, {
        add: [
          ["by", "w"],
          ["by", "y"]
        ],
        due: 10
      }),
      remove("old", [["by", "o"]])
    ],
    events
  })
  await bench.found(async () => {
    const seen = await everything(bench.driver, store, scope, ["a", "b", "old"])
    const a = { version: position, time: 5_000, schema: 1, value: "1" }
    const b = { ...a, value: "2" }
    same(seen.rows, [a, b, undefined], "the rows read")
    const entries = [
      { id: "b", value: "w", row: b },
      { id: "a", value: "x", row: a },
      { id: "b", value: "y", row: b }
    ]
    const ids = [
      { id: "a", value: "a", row: a },
      { id: "b", value: "b", row: b }
    ]
    same(seen.pages[0], { items: entries, more: false }, "the index")
    same(seen.pages[1], { items: ids, more: false }, "the ids")
    same(
      seen.events,
      events.map(({ body }) => body),
      "the events"
    )
    same(
      seen.due,
      [
        { scope, key: key("b"), due: 10 },
        { scope, key: key("a"), due: 20 }
      ],
      "the due work"
    )
  })
})

const nothing = law("a conflict writes nothing: no row, entry, event or due work", async (bench) => {
  const scope = bench.scope()
  const store = await bench.driver.open(scope)
  await land(store, { writes: [put("a", 1, { add: [["by", "x"]], due: 10 }), put("b", 1)], events: [event("s", 1)] })
  const look = () => everything(bench.driver, store, scope, ["a", "b", "c"])
  await bench.found(async () => {
    const { pages, due } = await look()
    same([...pages.map(({ items }) => items.length), due.length], [1, 2, 1], "the entries, ids and due work before a conflict")
  })
  const before = await look()
  const result = await store.commit(
    change({
      checks: [{ key: key("b"), version: undefined }],
      writes: [put("c", 1, { add: [["by", "c"]], due: 1 }), put("a", 2, { add: [["by", "z"]], drop: [["by", "x"]] }), remove("b")],
      events: [event("s", 2)]
    })
  )
  same(result._tag, "Conflict", "the answer to a failed check")
  same(await look(), before, "what can be seen after a conflict")
})

const versions = law(
  "a row's version is the position of the commit that wrote it, its time and schema are what was written",
  async (bench) => {
    const store = await bench.driver.open(bench.scope())
    for (const [i, time] of [0, 1, 1_700_000_000_000, 8.64e15, -1].entries()) {
      const position = await land(store, {
        time,
        writes: [put("a", i, { schema: i }), put("b", i, { schema: 7 })],
        events: [event("s", i)]
      })
      const expected = { version: position, time, schema: i, value: String(i) }
      same((await store.read([key("a"), key("b")])).rows, [expected, { ...expected, schema: 7 }], "the rows just written")
    }
  }
)

const reborn = law("a row that is removed and written again has another version", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const first = await land(store, { writes: [put("a", "same")] })
  await land(store, { writes: [remove("a")] })
  same(await rowOf(store, "a"), undefined, "a removed row")
  await land(store, { writes: [put("a", "same")] })
  const late = await store.commit(change({ checks: [{ key: key("a"), version: first }], writes: [put("a", "late")] }))
  same(late._tag, "Conflict", "the answer to a check of the version before the removal")
})

const fresh = law("a read is never older than the last commit that its client was told of", async (bench) => {
  const stores = await bench.both()
  const keep = async (store: ScopedStore, id: string) => {
    for (const i of times(bench.scaled(40))) {
      const told = await land(store, { writes: [put(id, i, { add: [["by", `${id} ${i}`]], drop: [["by", `${id} ${i - 1}`]] })] })
      const own = { ...all("by"), from: id, to: `${id} 9999` }
      const { rows, pages, position } = await store.read([key(id)], [own])
      if (!findsLate(bench.driver))
        same(
          pages[0]!.items.map(({ value }) => value),
          [`${id} ${i}`],
          "the entry just written"
        )
      holds(position >= told, `a read at ${position} after a commit at ${told}`)
      same(valueOf(rows[0]), i, "the row just written")
    }
  }
  await Promise.all(stores.map((store, i) => keep(store, `row ${i}`)))
})

const ROWS = 6

/** Writes generation after generation of rows that belong together, and one event with each. */
const generations = async (store: ScopedStore, ids: ReadonlyArray<string>, until: number): Promise<void> => {
  for (;;) {
    const { rows } = await store.read(ids.map((id) => key(id)))
    const now = Number(valueOf(rows[0]) ?? 0)
    if (now >= until) return
    const drop: ReadonlyArray<readonly [string, string]> = now === 0 ? [] : [["by", `g${now}`]]
    await store.commit(
      change({
        checks: rows.map((row, i) => ({ key: key(ids[i]!), version: row?.version })),
        writes: ids.map((id) => put(id, now + 1, { add: [["by", `g${now + 1}`]], drop })),
        events: [event("s", now + 1)]
      })
    )
  }
}

const observe = async (bench: Bench, store: ScopedStore, ids: ReadonlyArray<string>): Promise<number> => {
  const { rows, pages, position } = await store.read(
    ids.map((id) => key(id)),
    [all("by"), all("")]
  )
  const now = Number(valueOf(rows[0]) ?? 0)
  same(
    rows.map((row) => row?.version),
    rows.map(() => rows[0]?.version),
    "the versions of rows that are always written together"
  )
  if (!findsLate(bench.driver) && now > 0)
    for (const [i, page] of pages.entries()) {
      const entries = ids.map((id, at) => ({ id, value: i === 0 ? `g${now}` : id, row: rows[at] }))
      same(page.items, entries, "the entries of one moment, by the rows of that moment")
    }
  const events = (await eventsOf(store, START)).filter((e) => e.position <= position).length
  same(events, now, `the events up to the snapshot's position ${position}, one for each generation of its rows`)
  return now
}

const moment = law("a read is of one moment, rows, entries and position, while others write", async (bench) => {
  const [one, two] = await bench.both()
  const ids = times(ROWS).map((i) => `row ${i}`)
  const until = bench.scaled(60)
  const look = async (store: ScopedStore) => {
    for (let seen = 0; seen < until;) {
      const now = await observe(bench, store, ids)
      if (now === seen) await pause(1)
      seen = now
    }
  }
  await Promise.all([generations(one, ids, until), generations(two, ids, until), look(one), look(two)])
})

const blind = law("a commit without checks lands over whatever is there, and removing what is absent is no mistake", async (bench) => {
  const [one, two] = await bench.both()
  await spread(bench.scaled(40), 8, async (i) => {
    committed(await (i % 2 === 0 ? one : two).commit(change({ writes: [put("a", i), remove(`none ${i}`)] })), "a blind write")
  })
  holds((await rowOf(one, "a")) !== undefined, "the row that many wrote is there")
  same(await rowOf(one, "none 1"), undefined, "a row that was only removed")
})

export const atomicLaws = [whole, nothing, versions, reborn, fresh, moment, blind]
