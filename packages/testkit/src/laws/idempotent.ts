import { type Commit, type CommitResult, type ScopedStore, START } from "@omni/core"

import { same, show } from "../assert.ts"
import {
  change,
  committed,
  event,
  eventsOf,
  fresh,
  isCommitted,
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

const again = (commit: Commit): Commit => ({ ...commit, retry: true })

/** Inserts a row that must be absent, and says so in the log. */
const insert = (id: string): Commit =>
  change({
    checks: [{ key: key(id), version: undefined }],
    writes: [put(id, "first", { add: [["by", id]], due: 5 })],
    events: [event(id, "first")]
  })

const countOf = async (store: ScopedStore, subject: string): Promise<number> =>
  (await eventsOf(store, START)).filter(({ body }) => JSON.parse(body).subject === subject).length

const once = law("a commit lands once by its id: a copy answers Committed with the same position", async (bench) => {
  const [one, two] = await bench.both()
  const commit = insert("a")
  const position = committed(await one.commit(commit), "the first copy")
  for (const copy of [again(commit), commit])
    for (const store of [one, two]) same(await store.commit(copy), { _tag: "Committed", position }, "the answer to a copy")
  same(await countOf(one, "a"), 1, "the events of a commit sent five times")
  same((await rowOf(one, "a"))?.version, position, "the version of the row")
})

const late = law("a late copy of a landed commit changes nothing of what happened since", async (bench) => {
  const [one, two] = await bench.both()
  const commits = times(20).map((i) => insert(`row ${i}`))
  const positions: Array<string> = []
  for (const commit of commits) positions.push(committed(await one.commit(commit), "the first copy"))
  for (const i of times(20))
    await land(two, { writes: i % 2 === 0 ? [put(`row ${i}`, "since")] : [remove(`row ${i}`, [["by", `row ${i}`]])] })
  for (const [i, commit] of commits.entries())
    same(
      await (i % 3 === 0 ? one : two).commit(i % 4 === 0 ? commit : again(commit)),
      { _tag: "Committed", position: positions[i] },
      "the answer to a late copy"
    )
  for (const i of times(20))
    same(valueOf(await rowOf(one, `row ${i}`)), i % 2 === 0 ? "since" : undefined, "the row as it was changed since")
  same((await eventsOf(one, START)).length, 20, "the events")
})

const racing = law("copies of a commit that race land once and agree", async (bench) => {
  const stores = await bench.both()
  await spread(bench.scaled(30), 10, async (i) => {
    const commit = insert(`row ${i}`)
    const results = await Promise.all(times(4).map((n) => stores[n % 2]!.commit(n === 0 ? commit : again(commit))))
    for (const result of results) same(result, results[0], "the answers to copies that race")
    committed(results[0]!, "copies that race alone")
    same(await countOf(stores[0], `row ${i}`), 1, "the events of copies that race")
  })
})

const final = law("a conflict that answered a retry is final: a late copy answers Conflict and writes nothing", async (bench) => {
  const [one, two] = await bench.both()
  await land(one, { writes: [put("a", "in the way")] })
  const commit = insert("a")
  same((await one.commit(again(commit)))._tag, "Conflict", "the retry, while its check fails")
  await land(two, { writes: [remove("a")] })
  for (const copy of [commit, again(commit), commit]) {
    for (const store of [two, one]) same((await store.commit(copy))._tag, "Conflict", "a late copy, when the check would hold")
  }
  same(await rowOf(one, "a"), undefined, "what a late copy would have written")
  same(await countOf(one, "a"), 0, "the events of a late copy")
  committed(await one.commit(insert("a")), "the same content under another id")
})

/** A first copy and a retry race with a commit that breaks their check: the retry's answer holds for both. */
const dispute = async (stores: readonly [ScopedStore, ScopedStore], id: string, order: number): Promise<void> => {
  const commit = insert(id)
  const rival = change({ writes: [put(id, "rival")] })
  const sends: ReadonlyArray<(store: ScopedStore) => Promise<CommitResult>> = [
    (store) => store.commit(commit),
    (store) => store.commit(again(commit)),
    (store) => store.commit(rival)
  ]
  const answers: Array<CommitResult> = []
  await Promise.all(times(3).map(async (n) => (answers[(n + order) % 3] = await sends[(n + order) % 3]!(stores[n % 2]!))))
  const [first, retry] = [answers[0]!, answers[1]!]
  const lands = isCommitted(retry)
  same(await countOf(stores[0], id), lands ? 1 : 0, `the events, when the retry was told ${show(retry)} and the first copy ${show(first)}`)
  if (isCommitted(first) || !lands) same(first._tag, retry._tag, "the first copy's answer, against the retry's")
  if (isCommitted(first) && lands) same(first.position, retry.position, "the position told to the first copy and the retry")
  await land(stores[0], { writes: [remove(id, [["by", id]])] })
  same((await stores[1].commit(commit))._tag, retry._tag, "a last late copy's answer")
  same(await rowOf(stores[0], id), undefined, "what a last late copy would have written")
}

const agreed = law("a first copy and its retry never part: what the retry was told holds for both, whoever else writes", async (bench) => {
  const stores = await bench.both()
  await spread(bench.scaled(45), 9, (i) => dispute(stores, `row ${i}`, i % 3))
})

const own = law("an id counts in its scope alone", async (bench) => {
  const id = fresh("shared")
  for (const scope of [bench.scope(), bench.scope()]) {
    const store = await bench.driver.open(scope)
    committed(await store.commit(change({ id, writes: [put("a", scope)] })), "the id is new to the scope")
    same(valueOf(await rowOf(store, "a")), scope, "the row of the scope")
  }
})

export const idempotencyLaws = [once, late, racing, final, agreed, own]
