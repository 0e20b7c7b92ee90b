import { type CommitResult, START } from "@omni/core"

import { holds, same } from "../assert.ts"
import {
  change,
  committed,
  dueIn,
  event,
  eventsOf,
  isCommitted,
  key,
  land,
  law,
  put,
  rowOf,
  type StoreUnderTest,
  times,
  valueOf
} from "./bench.ts"

const needs = ({ reopen, driver }: StoreUnderTest): string | undefined =>
  reopen === undefined ? `\`reopen\` is not given (the store's durability is "${driver.capabilities.durability}")` : undefined

const keeps = law(
  "a store that is opened again has everything: rows, entries, events, due work, scopes and keys",
  async (bench) => {
    const scope = bench.scope()
    const store = await bench.driver.open(scope)
    const secret = Uint8Array.from(times(32))
    await bench.driver.keys.create(scope, "anna", secret)
    await bench.driver.keys.create(scope, "bert", secret)
    await bench.driver.keys.destroy(scope, "bert")
    for (const i of times(50))
      await land(store, { writes: [put(`row ${i % 20}`, i, { add: [["by", `v${i % 20}`]], due: i })], events: [event("s", i)] })
    const keys = times(20).map((i) => key(`row ${i}`))
    const everywhere = {
      collection: "things",
      index: "by",
      from: "",
      to: "\u{10ffff}",
      order: "asc" as const,
      limit: 100,
      after: undefined
    }
    const before = { snapshot: await store.read(keys), log: await eventsOf(store, START) }
    const due = times(20).map((i) => ({ scope, key: key(`row ${(i + 10) % 20}`), due: i + 30 }))

    const driver = await bench.reopen()
    const again = await driver.open(scope)
    same(await again.read(keys), before.snapshot, "the rows and the position")
    await bench.found(async () => same((await again.read([], [everywhere])).pages[0]!.items.length, 20, "the entries"), driver)
    same(await eventsOf(again, START), before.log, "the log")
    await bench.found(async () => same(await dueIn(driver, scope), due, "the due work"), driver)
    await bench.found(
      async () =>
        holds(
          (await driver.scopes()).some((one) => one.scope === scope),
          "the scope is listed"
        ),
      driver
    )
    same(await driver.keys.get(scope, ["anna", "bert", "carl"]), [secret, "destroyed", undefined], "the keys")
  },
  needs
)

const remembers = law(
  "a store that is opened again knows which commits landed, and which conflicts are final",
  async (bench) => {
    const scope = bench.scope()
    const store = await bench.driver.open(scope)
    const landed = change({ writes: [put("a", 1)], events: [event("s", 1)] })
    const position = committed(await store.commit(landed), "the first copy")
    const lost = change({ checks: [{ key: key("a"), version: undefined }], writes: [put("b", 1)], retry: true })
    same((await store.commit(lost))._tag, "Conflict", "the retry")
    await land(store, { writes: [{ ...put("a", 1), row: undefined }] })

    const again = await (await bench.reopen()).open(scope)
    same(await again.commit({ ...landed, retry: true }), { _tag: "Committed", position }, "a copy of what landed")
    same(await rowOf(again, "a"), undefined, "the row that was removed since")
    same((await again.commit({ ...lost, retry: false }))._tag, "Conflict", "a late copy of what is final")
    same(await rowOf(again, "b"), undefined, "what a late copy would have written")
    same((await eventsOf(again, START)).length, 1, "the events")
  },
  needs
)

const goesOn = law(
  "a store that is opened again goes on: later positions, trims that stay, due work that can be replaced",
  async (bench) => {
    const scope = bench.scope()
    const store = await bench.driver.open(scope)
    for (const i of times(5)) await land(store, { writes: [put("a", i, { due: i })], events: [event("s", i)] })
    const last = (await store.read([])).position
    await store.trim(last)

    const driver = await bench.reopen()
    const again = await driver.open(scope)
    same((await again.events(START, 10))._tag, "PositionExpired", "a log that was trimmed")
    const next = await land(again, { writes: [put("a", 9, { due: 99 })], events: [event("s", 9)] })
    holds(next > last, `the next position ${next} is after ${last}`)
    same(
      (await eventsOf(again, last)).map(({ body }) => JSON.parse(body).data),
      [9],
      "the log after it"
    )
    await bench.found(
      async () =>
        same(
          (await dueIn(driver, scope)).map(({ due }) => due),
          [99],
          "the due work"
        ),
      driver
    )
  },
  needs
)

const interrupted = law(
  "commits under way when a client closes land whole or not at all",
  async (bench) => {
    const scope = bench.scope()
    const store = await bench.driver.open(scope)
    const sent = times(30).map((i) =>
      change({ writes: times(5).map((n) => put(`${i}/${n}`, i)), events: times(5).map((n) => event(`c${i}`, n)) })
    )
    const before: Array<CommitResult> = []
    for (const commit of sent.slice(0, 10)) before.push(await store.commit(commit))
    const answers = sent.slice(10).map((commit) => store.commit(commit).catch(() => undefined))
    const driver = await bench.reopen()
    const again = await driver.open(scope)
    const told = [...before, ...(await Promise.all(answers))]
    const log = (await eventsOf(again, START)).map(({ body }) => JSON.parse(body).subject as string)
    for (const [i, commit] of sent.entries()) {
      const { rows } = await again.read(commit.writes.map((write) => write.key))
      const there = rows.filter((row) => row !== undefined).length
      holds(there === 0 || there === 5, `${there} of the 5 rows of one commit are there`)
      same(log.filter((subject) => subject === `c${i}`).length, there, "its events")
      const answer = told[i]
      if (answer !== undefined) same(there > 0, isCommitted(answer), "whether it is there, against what its caller was told")
      for (const _ of times(2)) committed(await again.commit({ ...commit, retry: true }), "the same commit again")
      same((await again.read([commit.writes[0]!.key])).rows.map(valueOf), [i], "its row after that")
    }
    same((await eventsOf(again, START)).length, 150, "the events of all commits, each once")
  },
  needs
)

const migrates = law(
  "bringing a store to this layout is safe from many clients at once, and changes nothing when it is there",
  async (bench) => {
    const [store] = await bench.both()
    await Promise.all([bench.driver.migrate(), bench.other.migrate(), bench.driver.migrate()])
    const position = await land(store, { writes: [put("a", 1)] })
    await bench.other.migrate()
    same((await rowOf(store, "a"))?.version, position, "a row after another migrate")
  }
)

export const durableLaws = [keeps, remembers, goesOn, interrupted, migrates]
