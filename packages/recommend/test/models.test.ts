import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Worker } from "node:worker_threads"

import { createOmni, days, hours, minutes } from "@omni/core"
import { buildModels, learn, LearningInProgress, type Model, recommend } from "@omni/recommend"
import { sqlite } from "@omni/storage-sqlite"
import { afterEach, assert, it } from "vitest"

import { NOON, open, sell, shelf, untilAborted } from "./shop.ts"

const slots = { product: { sources: ["together"] } } as const
const itemsOf = ({ items }: { readonly items: ReadonlyArray<{ readonly item: string }> }) => items.map(({ item }) => item)

const folders: Array<string> = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

it("serves one version everywhere, switches in one commit, and goes back to the one before", async () => {
  const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
  folders.push(folder)
  let now = NOON
  const clock = { now: () => now, sleep: untilAborted }
  const process = () =>
    createOmni({ store: sqlite(join(folder, "shop.db")), clock, modules: { recommend: recommend({ ...shelf().ports, slots }) } })
  const [here, there] = [process(), process()]
  await here.recommend.recordPurchase({ order: "o1", items: ["tea", "milk"], customer: "ann" })
  await here.recommend.recordPurchase({ order: "o0", items: ["pen", "ink"], customer: "zoe" })
  const first = (await buildModels(here.recommend, { always: true })).versions["main"]
  assert.equal((await there.recommend.forSlot({ slot: "product", items: ["tea"] })).model, first)
  await there.recommend.recordPurchase({ order: "o2", items: ["tea", "cake"], customer: "bob" })
  now += minutes(10)
  const second = (await buildModels(there.recommend, { always: true })).versions["main"]
  for (const one of [here, there]) {
    const answer = await one.recommend.forSlot({ slot: "product", items: ["tea"] })
    assert.equal(answer.model, second)
    assert.sameMembers(itemsOf(answer), ["milk", "cake"])
  }
  assert.deepEqual(await there.recommend.rollBackModel({}), { name: "main", version: first ?? "" })
  for (const one of [here, there]) {
    const answer = await one.recommend.forSlot({ slot: "product", items: ["tea"] })
    assert.equal(answer.model, first)
    assert.deepEqual(itemsOf(answer), ["milk"])
  }
  // It stays until it is let go, however often models are built.
  assert.deepEqual((await buildModels(here.recommend, { always: true })).versions, {})
  assert.equal((await there.recommend.forSlot({ slot: "product", items: ["tea"] })).model, first)
  await here.recommend.releaseModel({})
  const { main } = (await buildModels(here.recommend, { always: true })).versions
  assert.equal((await there.recommend.forSlot({ slot: "product", items: ["tea"] })).model, main)
  await Promise.all([here.close(), there.close()])
})

it("keeps two versions to go back to, and removes all others, those that were left half done too", async () => {
  const opened = open({ ...shelf().ports, slots })
  const { learn, pass, shop } = opened
  await sell(opened, {
    ann: [
      ["tea", "milk"],
      ["tea", "milk"]
    ]
  })
  const made: Array<string> = []
  for (let build = 0; build < 4; build++) {
    pass(minutes(10))
    made.unshift((await learn()).versions["main"] ?? "")
  }
  const broken = { ...shop, putModelRows: () => Promise.reject(new Error("killed")) }
  const died = await buildModels(broken, { always: true }).then(
    () => "alive",
    (error: unknown) => String(error)
  )
  assert.equal(died, "Error: killed")
  assert.equal((await shop.forSlot({ slot: "product", items: ["tea"] })).model, made[0])
  assert.equal((await shop.models({})).length, 4)
  pass(minutes(10))
  made.unshift((await learn()).versions["main"] ?? "")
  const listed = await shop.models({})
  assert.deepEqual(
    listed.map(({ kept, serves, version }) => [version, serves, kept]),
    [
      [made[0], true, false],
      [made[1], false, true],
      [made[2], false, true]
    ]
  )
  assert.deepEqual((await shop.modelRows({ version: made[3] ?? "" })).items, [])
  const gone = await shop.safe.rollBackModel({ to: made[3] ?? "" })
  assert.deepInclude(gone.ok ? {} : gone.error, { _tag: "ModelNotFound", version: made[3] })
  assert.equal((await shop.rollBackModel({ to: made[2] ?? "" })).version, made[2])
  assert.equal((await shop.rollBackModel({ to: made[2] ?? "" })).version, made[2])
  const none = await shop.safe.rollBackModel({ name: "other" })
  assert.deepInclude(none.ok ? {} : none.error, { _tag: "ModelNotFound", model: "other" })
  assert.match(String(none.ok ? "" : none.error), /^ModelNotFound: There is no model "other"/)
})

it("is built by one at a time; whoever died holds nobody up for long", async () => {
  const opened = open({ ...shelf().ports, slots })
  const { pass, shop } = opened
  await sell(opened, { ann: [["tea", "milk"]] })
  const dead = await shop.claimLearning({})
  const refused = await buildModels(shop, { always: true }).catch((error: unknown) => error)
  assert.instanceOf(refused, LearningInProgress)
  pass(minutes(6))
  assert.isTrue((await buildModels(shop, { always: true })).learnt)
  const late = await shop.safe.beginModel({ builder: dead, name: "main", at: NOON, settings: {} })
  assert.deepInclude(late.ok ? {} : late.error, { _tag: "NotTheBuilder", builder: dead })
})

it("is due ten minutes after the first news, and again for what came while it was built", async () => {
  const { ports } = shelf()
  let built = 0
  const opened = open({
    ...ports,
    slots,
    build: async (): Promise<unknown> => {
      if (built++ === 0) await opened.shop.recordView({ customer: "bob", item: "cake" })
      return buildModels(opened.shop)
    }
  })
  const { omni, pass, shop } = opened
  await shop.recordView({ customer: "ann", item: "tea" })
  await omni.drain()
  pass(minutes(10) - 1)
  await shop.recordView({ customer: "ann", item: "milk" })
  await omni.drain()
  assert.equal(built, 0)
  pass(1)
  await omni.drain()
  assert.equal(built, 1)
  assert.isFalse((await shop.learning({})).isDue)
  pass(minutes(10))
  await omni.drain()
  assert.equal(built, 2)
  pass(hours(1))
  await omni.drain()
  assert.equal(built, 2)
})

it("is built by the process that builds, though one that does not came to the timer first", async () => {
  let now = NOON
  const clock = { now: () => now, sleep: untilAborted }
  const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
  folders.push(folder)
  let built = 0
  const build = async (): Promise<unknown> => {
    built++
    return buildModels(learner.recommend)
  }
  const started = (options: { readonly build?: typeof build }) =>
    createOmni({
      store: sqlite(join(folder, "shop.db")),
      clock,
      modules: { recommend: recommend({ ...shelf().ports, slots, ...options }) }
    })
  const [web, learner] = [started({}), started({ build })]
  await web.recommend.recordPurchase({ order: "o1", items: ["tea", "milk"] })
  await web.drain()
  now += minutes(10)
  await web.drain()
  const due = await web.recommend.learning({})
  assert.isTrue(due.isDue)
  now += minutes(9)
  await web.drain()
  await learner.drain()
  assert.equal(built, 0)
  now += minutes(1)
  await learner.drain()
  assert.equal(built, 1)
  assert.isFalse((await web.recommend.learning({})).isDue)
  // What was learnt by hand is due no more, whichever timer is left.
  await web.recommend.recordPurchase({ order: "o2", items: ["pen", "ink"] })
  await web.drain()
  now += minutes(10)
  await web.drain()
  await buildModels(web.recommend)
  now += minutes(10)
  await learner.drain()
  assert.equal(built, 1)
  assert.isFalse((await web.recommend.learning({})).isDue)
  await Promise.all([web.close(), learner.close()])
})

it("learns in a worker what it would have learnt here", async () => {
  const opened = open({ ...shelf().ports, slots, segment: () => "club" })
  await sell(opened, { ann: [["tea", "milk"]], bob: [["tea", "cake"]] })
  const script = new URL("./learn-worker.ts", import.meta.url)
  const learnt: Array<readonly [Model, Model]> = []
  await buildModels(opened.shop, {
    always: true,
    learn: (baskets, options) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(script, { workerData: { baskets, options }, execArgv: ["--conditions=@omni/source"] })
        worker.once("error", reject)
        worker.once("message", (model: Model) => {
          learnt.push([model, learn(baskets, options)])
          resolve(model)
        })
      })
  })
  const [[there, here] = []] = learnt
  assert.deepEqual(there, here)
  assert.include(there?.popular.map(({ segment }) => segment) ?? [], "club")
})

it("is built by whoever comes by ten minutes after the first news, though nobody came by before", async () => {
  let built = 0
  const opened = open({
    ...shelf().ports,
    slots,
    build: async (): Promise<unknown> => {
      built++
      return buildModels(opened.shop)
    }
  })
  const { omni, pass, shop } = opened
  await shop.recordPurchase({ order: "o1", items: ["tea", "milk"] })
  pass(minutes(4))
  await shop.recordPurchase({ order: "o2", items: ["tea", "cake"] })
  pass(minutes(6))
  await omni.drain()
  assert.equal(built, 1)
  pass(minutes(20))
  await omni.drain()
  assert.equal(built, 1)
})

it("learns several models at once, each slot from its own", async () => {
  const opened = open({
    ...shelf().ports,
    slots: { old: { sources: ["together"] }, fresh: { sources: ["together"], model: "fresh" } },
    models: { main: {}, fresh: { halfLifeDays: 1 } }
  })
  const { learn, shop } = opened
  await sell(opened, { ann: [["tea", "milk"]] })
  const { versions } = await learn()
  assert.equal((await shop.forSlot({ slot: "old", items: ["tea"] })).model, versions["main"])
  assert.equal((await shop.forSlot({ slot: "fresh", items: ["tea"] })).model, versions["fresh"])
  assert.notEqual(versions["main"], versions["fresh"])
})

it("learns from the latest histories alone where there are more than it may hold, and forgets what is too old", async () => {
  const { ports } = shelf()
  const { pass, shop } = open({ ...ports, slots })
  await shop.recordPurchase({ order: "old", customer: "ann", items: ["tea", "milk"] })
  pass(days(800))
  await shop.recordPurchase({ order: "older customer's", customer: "bob", items: ["tea", "milk", "cake"] })
  pass(days(400))
  await shop.recordPurchase({ order: "new", customer: "cid", items: ["pen", "ink"] })
  const seen: Array<ReadonlyArray<string>> = []
  await buildModels(shop, {
    always: true,
    most: 14,
    learn: async (baskets, options) => {
      seen.push(baskets.map(({ id }) => id))
      return learn(baskets, options)
    }
  })
  assert.deepEqual(seen, [["new", "older customer's"]])
  assert.deepEqual(
    (await shop.histories({})).items.map(({ id }) => id),
    ["order/cid", "order/bob"]
  )
  await buildModels(shop, { always: true, most: 1 })
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "product", items: ["tea"] })), [])
})
