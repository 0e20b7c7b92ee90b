import type { CommitResult, Key, LockedStore, Row, ScopedStore } from "@omni/core"

import { holds, same } from "../assert.ts"
import {
  type Bench,
  change,
  committed,
  event,
  eventsOf,
  key,
  land,
  law,
  put,
  rowOf,
  spread,
  type StoreUnderTest,
  times,
  valueOf
} from "./bench.ts"

type Session = LockedStore & { readonly rows: ReadonlyArray<Row | undefined> }

const needs = ({ driver }: StoreUnderTest): string | undefined => (driver.capabilities.begin ? undefined : "the store has no `begin`")

const begin = (bench: Bench, store: ScopedStore, keys: ReadonlyArray<Key>): Promise<Session> => {
  holds(store.begin !== undefined, "a store whose capabilities say `begin` has it")
  return bench.soon(store.begin(keys), "begin")
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 30))

/** Starts a commit from elsewhere that must wait for the session; the returned function waits for its answer. */
const held = async (bench: Bench, store: ScopedStore, watched: ScopedStore, id: string): Promise<() => Promise<CommitResult>> => {
  const { version } = (await watched.read([key(id)])).rows[0] ?? { version: undefined }
  let answered = false
  const answer = store.commit(change({ writes: [put(id, "from elsewhere")], events: [event(id, 1)] })).finally(() => (answered = true))
  answer.catch(() => undefined)
  await turn()
  holds(!answered, "a commit is not answered while a session holds the lock")
  same((await rowOf(watched, id))?.version, version, "the row while a session holds the lock")
  return () => bench.soon(answer, "a commit that waited for a session")
}

const excludes = law(
  "a session excludes every other commit until its own has landed",
  async (bench) => {
    const [one, two] = await bench.both()
    await land(one, { writes: [put("a", 1)] })
    for (const rival of [one, two]) {
      const session = await begin(bench, one, [key("a"), key("b")])
      same(session.rows, [await rowOf(one, "a"), await rowOf(one, "b")], "the rows that the session began with")
      const rest = await held(bench, rival, two, "a")
      const checks = session.rows.map((row, i) => ({ key: key(["a", "b"][i]!), version: row?.version }))
      const position = committed(
        await bench.soon(session.commit(change({ checks, writes: [put("b", 2)] })), "the session's commit"),
        "the session's commit"
      )
      same((await rowOf(two, "b"))?.version, position, "what the session wrote")
      committed(await rest(), "the commit that waited")
      same(valueOf(await rowOf(one, "a")), "from elsewhere", "what the commit that waited wrote")
    }
  },
  needs
)

const released = law(
  "a session that is released lets others through, and has written nothing",
  async (bench) => {
    const [one, two] = await bench.both()
    for (const i of times(5)) {
      const session = await begin(bench, i % 2 === 0 ? one : two, [key("a")])
      const rest = await held(bench, i % 3 === 0 ? one : two, one, "a")
      await session.release()
      committed(await rest(), "the commit that waited")
    }
    same((await eventsOf(one, (await one.read([])).position)).length, 0, "the events after all")
  },
  needs
)

const ended = law(
  "a session that has ended holds nothing: what is still done with it cannot end another's",
  async (bench) => {
    const [one, two] = await bench.both()
    const over = await begin(bench, one, [])
    committed(await over.commit(change({ writes: [put("a", 1)] })), "the first session's commit")
    const session = await begin(bench, one, [key("a")])
    await over.release().catch(() => undefined)
    await over.commit(change({ writes: [put("sneaked", 1)] })).catch(() => undefined)
    const rest = await held(bench, two, one, "a")
    committed(
      await session.commit(change({ checks: [{ key: key("a"), version: session.rows[0]?.version }], writes: [put("a", 2)] })),
      "the second session's commit"
    )
    committed(await rest(), "the commit that waited")
    same(await rowOf(one, "sneaked"), undefined, "what a session that had ended would have written")
  },
  needs
)

const reads = law(
  "a session reads under its lock, and checks of rows that it has not read hold as ever",
  async (bench) => {
    const [one, two] = await bench.both()
    const old = await land(one, { writes: [put("a", 1)] })
    const now = await land(two, { writes: [put("a", 2), put("b", 1)] })
    const first = await begin(bench, one, [])
    same(
      await first.read([key("b"), key("none"), key("a")]),
      (await two.read([key("b"), key("none"), key("a")])).rows,
      "what the session reads"
    )
    const result = await first.commit(change({ checks: [{ key: key("a"), version: old }], writes: [put("c", 1)] }))
    same(result._tag, "Conflict", "a session's commit with a check that fails")
    same(await rowOf(two, "c"), undefined, "what it would have written")
    const second = await begin(bench, two, [])
    committed(
      await second.commit(change({ checks: [{ key: key("a"), version: now }], writes: [put("c", 1)] })),
      "the session after one that ended in a conflict"
    )
  },
  needs
)

const open = law(
  "reads are answered while a session is open, without what it has not committed",
  async (bench) => {
    const [one, two] = await bench.both()
    await land(one, { writes: [put("a", 1)], events: [event("s", 1)] })
    const before = await two.read([key("a")])
    const session = await begin(bench, one, [key("a")])
    for (const store of [one, two]) {
      same(await bench.soon(store.read([key("a")]), "a read while a session is open"), before, "a read while a session is open")
      same(
        (await bench.soon(eventsOf(store, before.position), "the log while a session is open")).length,
        0,
        "the events while a session is open"
      )
    }
    await session.release()
  },
  needs
)

const serial = law(
  "sessions that queue take turns: increments under the lock never conflict, and add up",
  async (bench) => {
    const stores = await bench.both()
    const count = bench.scaled(40)
    await spread(count, 10, async (i) => {
      if (i % 4 === 3) return void (await land(stores[i % 2]!, { writes: [put(`other ${i}`, i)] }))
      const session = await begin(bench, stores[i % 2]!, [key("counter")])
      const value = Number(valueOf(session.rows[0]) ?? 0) + 1
      const checks = [{ key: key("counter"), version: session.rows[0]?.version }]
      committed(await session.commit(change({ checks, writes: [put("counter", value)] })), "an increment under the lock")
    })
    same(valueOf(await rowOf(stores[0], "counter")), times(count).filter((i) => i % 4 !== 3).length, "the counter")
  },
  needs
)

const once = law(
  "a session's commit lands once by its id, like any other",
  async (bench) => {
    const [one, two] = await bench.both()
    const commit = change({ checks: [{ key: key("a"), version: undefined }], writes: [put("a", 1)], events: [event("s", 1)] })
    const position = committed(await (await begin(bench, one, [key("a")])).commit(commit), "the session's commit")
    same(await two.commit({ ...commit, retry: true }), { _tag: "Committed", position }, "a copy outside of the session")
    same(
      await (await begin(bench, two, [])).commit({ ...commit, retry: true }),
      { _tag: "Committed", position },
      "a copy in another session"
    )
    await land(one, { writes: [put("b", 1)] })
  },
  needs
)

const closed = law(
  "closing a client releases the sessions that it left open",
  async (bench) => {
    const scope = bench.scope()
    const [one, two] = [await bench.driver.open(scope), await bench.other.open(scope)]
    await begin(bench, two, [])
    await bench.other.close()
    committed(await bench.soon(one.commit(change({ writes: [put("a", 1)] })), "a commit after the session's client was closed"), "a commit")
  },
  (store) => needs(store) ?? (store.second === undefined ? "`second` is not given" : undefined)
)

export const sessionLaws = [excludes, released, ended, reads, open, serial, once, closed]
