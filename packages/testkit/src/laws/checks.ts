import type { Check, Key, ScopedStore } from "@omni/core"

import { holds, same, show } from "../assert.ts"
import { change, committed, event, eventsOf, isCommitted, key, land, law, put, remove, rowOf, spread, times, valueOf } from "./bench.ts"

const absent = (id: string): Check => ({ key: key(id), version: undefined })

const stale = law("a failed check is a conflict that brings the rows as they are now", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const old = await land(store, { writes: ["same", "changed", "gone"].map((id) => put(id, 1)) })
  await land(store, { writes: [put("changed", 2), remove("gone"), put("new", 1)] })
  const checks = [...["same", "changed", "gone"].map((id) => ({ key: key(id), version: old })), absent("new"), absent("never")]
  const result = await store.commit(change({ checks, writes: [put("x", 1)] }))
  holds(result._tag === "Conflict", `expected Conflict, found ${show(result)}`)
  const brought = new Map(result.stale.map((row) => [row.key.id, row]))
  for (const id of ["changed", "gone", "new"])
    holds(brought.has(id), `the conflict brings "${id}", whose check failed; it brought ${show(result.stale)}`)
  for (const [id, { key: place, row }] of brought) {
    holds(
      checks.some((check) => show(check.key) === show(place)),
      `"${id}" was among the checks`
    )
    same(row, await rowOf(store, id), `the row "${id}" that the conflict brings`)
  }
})

const each = law("each check counts, of rows that are written and of rows that are not", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const old = await land(store, { writes: times(5).map((i) => put(`row ${i}`, 1)) })
  const now = await land(store, { writes: [put("row 3", 2)] })
  const good = (i: number): Check => ({ key: key(`row ${i}`), version: i === 3 ? now : old })
  for (const bad of times(5)) {
    for (const wrong of [undefined, bad === 3 ? old : now]) {
      const checks = times(5).map((i) => (i === bad ? { key: key(`row ${i}`), version: wrong } : good(i)))
      const result = await store.commit(change({ checks, writes: [put("elsewhere", 1)] }))
      same(result._tag, "Conflict", `the answer when check ${bad} of 5 fails`)
    }
  }
  same(await rowOf(store, "elsewhere"), undefined, "what the conflicts would have written")
  committed(await store.commit(change({ checks: times(5).map(good), writes: [put("elsewhere", 1)] })), "all checks hold")
})

const namesakes = law("a check is of one key: the same id in another collection is another row", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  await land(store, { writes: [put("a", 1, { collection: "left" })] })
  const check = (collection: string): Check => ({ key: key("a", collection), version: undefined })
  same((await store.commit(change({ checks: [check("left")], writes: [put("b", 1)] })))._tag, "Conflict", "the collection that has it")
  committed(await store.commit(change({ checks: [check("right")], writes: [put("b", 1)] })), "the collection that has it not")
})

const onlyChecks = law("a commit without writes and events only checks", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  const version = await land(store, { writes: [put("a", 1)], events: [event("s", 1)] })
  const before = await store.read([key("a"), key("b")])
  const checks = [{ key: key("a"), version }, absent("b")]
  committed(await store.commit(change({ checks })), "checks that hold")
  committed(await store.commit(change({})), "no checks at all")
  same((await store.commit(change({ checks: [...checks, absent("a")] })))._tag, "Conflict", "a check that fails")
  same((await store.read([key("a"), key("b")])).rows, before.rows, "the rows after commits that only check")
  same((await eventsOf(store, before.position)).length, 0, "the events after commits that only check")
})

/** Two commits that each read both rows and write one: if both landed, each would have missed what the other did. */
const skew = async (stores: readonly [ScopedStore, ScopedStore], ids: readonly [string, string]): Promise<void> => {
  const { rows } = await stores[0].read(ids.map((id) => key(id)))
  const checks = rows.map((row, i): Check => ({ key: key(ids[i]!), version: row?.version }))
  const results = await Promise.all(stores.map((store, i) => store.commit(change({ checks, writes: [put(ids[i]!, "taken")] }))))
  const tags = results.map(({ _tag }) => _tag).sort()
  same(tags, ["Committed", "Conflict"], "two commits that read both rows and each wrote one")
}

const skewOnPresent = law("write skew on rows that are there cannot happen", async (bench) => {
  const stores = await bench.both()
  await spread(bench.scaled(100), 20, async (i) => {
    const ids = [`l${i}`, `r${i}`] as const
    await land(stores[0], { writes: ids.map((id) => put(id, "free")) })
    await skew(stores, ids)
  })
})

const skewOnAbsent = law("write skew on rows that are absent cannot happen", async (bench) => {
  const stores = await bench.both()
  await spread(bench.scaled(100), 20, (i) => skew(stores, [`l${i}`, `r${i}`]))
})

const skewOnRemoved = law("write skew on rows that were removed cannot happen", async (bench) => {
  const stores = await bench.both()
  await spread(bench.scaled(40), 20, async (i) => {
    const ids = [`l${i}`, `r${i}`] as const
    await land(stores[0], { writes: ids.map((id) => put(id, "free")) })
    await land(stores[0], { writes: ids.map((id) => remove(id)) })
    await skew(stores, ids)
  })
})

const oneWins = law("of many that race for an absent row exactly one wins", async (bench) => {
  const stores = await bench.both()
  const racers = times(bench.scaled(24))
  const results = await Promise.all(
    racers.map((i) => stores[i % 2]!.commit(change({ checks: [absent("prize")], writes: [put("prize", i)], events: [event("prize", i)] })))
  )
  const winners = racers.filter((i) => isCommitted(results[i]!))
  same(winners.length, 1, "the number of winners")
  same(valueOf(await rowOf(stores[0], "prize")), winners[0], "the row that the winner wrote")
})

const increment = async (store: ScopedStore, place: Key, started: { version: Check["version"]; value: number }): Promise<void> => {
  let { version, value } = started
  for (;;) {
    const result = await store.commit(
      change({ checks: [{ key: place, version }], writes: [put(place.id, value + 1)], events: [event(place.id, value + 1)] })
    )
    if (isCommitted(result)) return
    holds(result._tag === "Conflict", `expected Committed or Conflict, found ${show(result)}`)
    const now = result.stale.find((row) => row.key.id === place.id)?.row
    holds(now !== undefined, "the conflict brings the row whose check failed")
    ;({ version, value } = { version: now.version, value: Number(valueOf(now)) })
  }
}

const noLostUpdate = law(
  "no update is lost: increments that race, each tried again with what its conflict brought, add up",
  async (bench) => {
    const stores = await bench.both()
    const start = await land(stores[0], { writes: [put("counter", 0)] })
    const count = bench.scaled(60)
    await Promise.all(times(count).map((i) => increment(stores[i % 2]!, key("counter"), { version: start, value: 0 })))
    same(valueOf(await rowOf(stores[1], "counter")), count, "the counter")
  }
)

export const checkLaws = [stale, each, namesakes, onlyChecks, skewOnPresent, skewOnAbsent, skewOnRemoved, oneWins, noLostUpdate]
