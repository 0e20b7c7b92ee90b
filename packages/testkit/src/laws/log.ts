import { type Position, type ScopedStore, START } from "@omni/core"
import fc from "fast-check"

import { holds, pause, same, show } from "../assert.ts"
import { change, committed, dueIn, event, eventsOf, key, land, law, put, spread, times } from "./bench.ts"

const bodies = (events: ReadonlyArray<{ readonly body: string }>): ReadonlyArray<string> => events.map(({ body }) => body)

const ordered = law("events are in the log in order, with growing positions and the bodies as they were written", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  same(await store.events(START, 10), { _tag: "Events", events: [], upto: (await store.read([])).position }, "an empty log")
  const written: Array<string> = []
  for (const i of times(20)) {
    const events = times(i % 4).map((n) => event(`s${n}`, { i, n, text: "ä\u{1f600} \\u0000 \"'" }, n % 2 === 0 ? "Even" : "Odd"))
    const at = await land(store, { writes: i % 3 === 0 || events.length === 0 ? [put("a", i)] : [], events })
    written.push(...bodies(events))
    const { position } = await store.read([])
    holds(position >= at, `a snapshot's position ${position} after a commit at ${at}`)
  }
  const log = await eventsOf(store, START)
  same(bodies(log), written, "the log")
  for (const [i, { position }] of log.entries())
    holds(i === 0 || log[i - 1]!.position < position, `positions grow: ${log[i - 1]?.position} then ${position}`)
  const head = (await store.read([])).position
  holds(log.at(-1)!.position <= head, `the last event is not after the head ${head}`)
  same(await eventsOf(store, head), [], "the events after the head")
})

const pages = law(
  "the log in pages is the log, whatever the limit and the types, and `upto` moves a reader of few types on",
  async (bench) => {
    const store = await bench.driver.open(bench.scope())
    const types = ["A", "B", "a", "A%", "C"]
    for (const i of times(40)) await land(store, { events: times((i % 3) + 1).map((n) => event("s", i, types[(i * 7 + n) % 4])) })
    const log = await eventsOf(store, START)
    const head = (await store.read([])).position
    const asked = fc.record({
      wanted: fc.option(fc.uniqueArray(fc.constantFrom(...types)), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 50 }),
      from: fc.nat(log.length)
    })
    const property = fc.asyncProperty(asked, async ({ wanted, limit, from }) => {
      const after = from === 0 ? START : log[from - 1]!.position
      const found: Array<{ readonly position: Position; readonly body: string }> = []
      let at = after
      for (;;) {
        const page = await store.events(at, limit, wanted)
        holds(page._tag === "Events", `expected events, found ${show(page)}`)
        holds(page.events.length <= limit, `a page of ${page.events.length}, when ${limit} were asked for`)
        holds(page.upto >= (page.events.at(-1)?.position ?? at), `\`upto\` is not before what the page holds`)
        found.push(...page.events)
        if (page.upto === at) break
        at = page.upto
        holds(at <= head, `\`upto\` is not after the head`)
      }
      holds(at >= log.at(-1)!.position, `a reader that is told no more stands at the end of the log, not at ${show(at)}`)
      const all = log.slice(from).filter(({ body }) => wanted === undefined || wanted.includes((JSON.parse(body) as { type: string }).type))
      same(
        found.map(({ position, body }) => ({ position, body })),
        all.map(({ position, body }) => ({ position, body })),
        "what was read in pages"
      )
    })
    await fc.assert(property, bench.runs(60))
  }
)

/** Polls until the writers are done and nothing more comes; what was seen, in order. */
const poll = async (store: ScopedStore, done: () => boolean, types?: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const seen: Array<string> = []
  for (let at = START; ;) {
    const last = done()
    const page = await store.events(at, 7, types)
    holds(page._tag === "Events", `expected events, found ${show(page)}`)
    seen.push(...bodies(page.events))
    if (page.upto === at && last) return seen
    if (page.upto === at) await pause(1)
    at = page.upto
  }
}

const skipless = law("a reader that polls skips no event, however long the commits around it take", async (bench) => {
  const stores = await bench.both()
  const writers = 8
  const each = bench.scaled(15)
  let done = false
  const finished = () => done
  const readers = [poll(stores[0], finished), poll(stores[1], finished), poll(stores[0], finished, ["Even"])]
  const heavy = Math.min(200, bench.driver.capabilities.limits.keys - 10)
  const write = async (w: number) => {
    for (const i of times(each)) {
      // Some commits are hundreds of times the work of others, so they overlap in every order.
      const writes = times(i % 3 === w % 3 ? heavy : 1).map((n) => put(`${w}/${n}`, { i, pad: "x".repeat(i % 5 === 0 ? 500 : 1) }))
      await land(stores[w % 2]!, { writes, events: [event(`w${w}`, i, "Even"), event(`w${w}`, i, "Odd")] })
    }
  }
  const written = Promise.all(times(writers).map(write)).finally(() => (done = true))
  const [first, second, few] = await Promise.all([...readers, written])
  const log = bodies(await eventsOf(stores[0], START))
  same(log.length, 2 * writers * each, "the events in the log")
  same(first, log, "what a reader saw as it polled")
  same(second, log, "what a reader at another client saw as it polled")
  same(
    few,
    log.filter((body) => body.includes('"Even"')),
    "what a reader of one type saw as it polled"
  )
  for (const w of times(writers)) {
    const own = log.map((body) => JSON.parse(body) as { subject: string; data: number }).filter(({ subject }) => subject === `w${w}`)
    same(
      own.map(({ data }) => data),
      times(each).flatMap((i) => [i, i]),
      "the events of one writer, in the order it was answered"
    )
  }
})

const trimmed = law(
  "what is trimmed is gone: an older cursor is PositionExpired, one that stands there or later reads on",
  async (bench) => {
    const [store, other] = await bench.both()
    for (const i of times(10)) await land(store, { events: [event("s", i)] })
    const log = await eventsOf(store, START)
    const at = (i: number): Position => log[i]!.position
    await store.trim(at(3))
    for (const after of [START, at(0), at(2)]) {
      const page = await other.events(after, 100)
      holds(page._tag === "PositionExpired", `after ${show(after)}, trimmed up to ${at(3)}: expected PositionExpired, found ${show(page)}`)
      same(bodies(await eventsOf(other, page.oldest)), bodies(log.slice(4)), "what is read from `oldest` on")
    }
    for (const i of [3, 4, 9]) same(await eventsOf(other, at(i)), log.slice(i + 1), `what is read from event ${i} on`)
    await store.trim(at(1))
    await store.trim(at(3))
    await store.trim(START)
    same(await eventsOf(other, at(3)), log.slice(4), "the log after trims that go back")
    same((await other.events(at(2), 100, ["Happened"]))._tag, "PositionExpired", "a reader of one type")
  }
)

const afterTrim = law("positions are not used again after everything was trimmed", async (bench) => {
  const [store, other] = await bench.both()
  for (const i of times(3)) await land(store, { writes: [put("a", i)], events: [event("s", i)] })
  const log = await eventsOf(store, START)
  const last = log.at(-1)!.position
  await store.trim((await store.read([])).position)
  same((await store.events(START, 10))._tag, "PositionExpired", "the start of a log that was trimmed")
  same(await eventsOf(store, last), [], "a reader that has seen all there was")
  const position = await land(other, { writes: [put("a", 9)], events: [event("s", 9)] })
  holds(position > last, `the next commit's position ${position} is after ${last}`)
  same(bodies(await eventsOf(other, last)), [event("s", 9).body], "a reader that had seen all there was reads on")
  same((await other.read([key("a")])).rows[0]?.version, position, "the row, which no trim touches")
})

const trimTypes = law("a trimmed log still serves the rows, the due work and the ids of commits", async (bench) => {
  const scope = bench.scope()
  const store = await bench.driver.open(scope)
  const commit = change({ writes: [put("a", 1, { add: [["by", "x"]], due: 3 })], events: [event("s", 1)] })
  const position = committed(await store.commit(commit), "the first copy")
  await store.trim((await store.read([])).position)
  same(await store.commit({ ...commit, retry: true }), { _tag: "Committed", position }, "a copy of a commit whose events were trimmed")
  await bench.found(async () => same((await dueIn(bench.driver, scope)).length, 1, "the due work"))
})

const many = law("one commit may bring many events, and they stay in order", async (bench) => {
  const stores = await bench.both()
  const size = Math.min(500, Math.floor(bench.driver.capabilities.limits.keys / 2))
  await spread(6, 6, async (i) => void (await land(stores[i % 2]!, { events: times(size).map((n) => event(`c${i}`, n)) })))
  const log = (await eventsOf(stores[0], START)).map(({ body }) => JSON.parse(body) as { subject: string; data: number })
  same(log.length, 6 * size, "the number of events")
  for (const i of times(6)) {
    const first = log.findIndex(({ subject }) => subject === `c${i}`)
    same(
      log.slice(first, first + size),
      times(size).map((n) => ({ type: "Happened", subject: `c${i}`, data: n })),
      "the events of one commit, together"
    )
  }
})

export const logLaws = [ordered, pages, skipless, trimmed, afterTrim, trimTypes, many]
