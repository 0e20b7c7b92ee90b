import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { createOmni, START, type Position } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { random } from "@omni/testkit"
import { afterAll, afterEach, beforeEach, expect, it } from "vitest"

import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"
import { pair, setSynchronous } from "./standby.ts"
import { goOn, isWhole, worker } from "./workers.ts"

const seed = Number(process.env["OMNI_SEED"] ?? 5)

const folder = mkdtempSync(join(tmpdir(), "omni-failover-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let servers: Awaited<ReturnType<typeof pair>>
beforeEach(async () => {
  servers = await pair({ synchronous: true })
})
afterEach(() => servers.stop())

/** Follows the log from page to page until `done`, also while no server answers; answers positions and orders as they were met. */
const follow = async (url: string, schema: string, done: () => boolean) => {
  const driver = postgres(url, { schema, timeout: 2_000, listen: false })
  const store = await driver.open("default")
  const met: Array<{ readonly position: Position; readonly order: string }> = []
  for (let after = START; ;) {
    const last = done()
    const page = await store.events(after, 50, ["t.Placed"]).catch(() => undefined)
    if (page?._tag !== "Events") {
      await setTimeout(50)
      continue
    }
    met.push(...page.events.map(({ position, body }) => ({ position, order: JSON.parse(body).data.order as string })))
    if (last && page.events.length === 0) break
    after = page.upto
    await setTimeout(5)
  }
  await driver.close()
  return met
}

it(
  "keeps every acknowledged order, once, when a synchronous standby is promoted, and the same processes go on",
  { timeout: 120_000 },
  async () => {
    const { fraction } = random(seed)
    const { primary, standby, clients } = servers
    const { schema } = await temporarySchema(primary.url)
    const delivered = join(folder, "delivered")
    const workers = await Promise.all(["a", "b"].map((side) => worker(clients.url, schema, side, delivered)))
    let ended = false
    const reading = follow(clients.url, schema, () => ended)
    await setTimeout(800 + fraction() * 500)
    await primary.kill()
    await setTimeout(fraction() * 300)
    await servers.promote()
    clients.leadTo(standby.url)
    await goOn(workers)
    await setTimeout(500)
    const acknowledged = (await Promise.all(workers.map((one) => one.kill()))).flat()
    const orders = await isWhole(standby.url, schema, { acknowledged, delivered })
    expect(orders).toBeGreaterThan(50)
    ended = true
    const met = await reading
    expect(met).toHaveLength(orders)
    expect(new Set(met.map(({ order }) => order)).size).toBe(orders)
    expect(met.map(({ position }) => position)).toEqual(met.map(({ position }) => position).toSorted())
  }
)

it("answers nothing from a standby that has not been promoted, and everything from it once it is", { timeout: 120_000 }, async () => {
  const { primary, standby, clients } = servers
  const { schema } = await temporarySchema(primary.url)
  const driver = postgres(clients.url, { schema })
  await driver.migrate(["test.things"])
  const store = await driver.open("main")
  landed(await store.commit(commitOf({ writes: [put("a", "old")] })))
  await servers.caughtUp()
  await asOwner(standby.url, "select pg_wal_replay_pause()")
  const position = landed(await store.commit(commitOf({ writes: [put("a", "new")] })))
  await primary.kill()
  clients.leadTo(standby.url)
  const key = { collection: "test.things", id: "a" }
  for (let n = 0; n < 12; n++) await expect(store.read([key])).rejects.toMatchObject({ _tag: "StoreUnavailable" })
  await expect(store.commit(commitOf({ writes: [put("b", 1)] }))).rejects.toMatchObject({ _tag: "StoreUnavailable" })
  await expect(store.commit(commitOf({ checks: [{ key, version: position }] }))).rejects.toMatchObject({ _tag: "StoreUnavailable" })
  expect((await driver.examine!([])).findings.map(({ code }) => code)).toEqual(["standby"])
  await servers.promote()
  expect((await store.read([key])).rows[0]).toMatchObject({ value: '"new"', version: position })
  expect(landed(await store.commit(commitOf({ checks: [{ key, version: position }], writes: [put("b", 1)] }))) > position).toBe(true)
  await driver.close()
})

it("acknowledges nothing that no standby has, whoever ends the wait for it", { timeout: 120_000 }, async () => {
  const { primary } = servers
  const { schema } = await temporarySchema(primary.url)
  const omni = createOmni({ store: postgres(primary.url, { schema }), modules: { sales } })
  await omni.sales.sell({ article: "mug" })
  await asOwner(primary.url, "alter role postgres set statement_timeout = '300ms'")
  const hurried = createOmni({ store: postgres(primary.url, { schema, listen: false }), modules: { sales } })
  await setSynchronous(primary.url, "somebody_else")

  const told: Array<string> = []
  const selling = [
    omni.sales.sell({ article: "cup" }, { key: "cancelled" }).finally(() => told.push("cancelled")),
    hurried.sales.sell({ article: "pot" }, { key: "hurried" }).finally(() => told.push("hurried"))
  ]
  let cancelled = 0
  for (let n = 0; n < 25; n++) {
    await setTimeout(60)
    const [row] = await asOwner(
      primary.url,
      "select count(pg_cancel_backend(pid))::int as n from pg_stat_activity where wait_event = 'SyncRep'"
    )
    cancelled += Number(row!["n"])
  }
  expect(cancelled).toBeGreaterThan(1)
  expect(told).toEqual([])

  await setSynchronous(primary.url, "*")
  expect(await Promise.all(selling)).toEqual([1, 1])
  expect(await asOwner(servers.standby.url, `select count(*)::int as n from ${schema}.event`)).toEqual([{ n: 3 }])
  await Promise.all([omni.close(), hurried.close()])
})
