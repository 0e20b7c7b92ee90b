import { spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"

import { createOmni } from "@omni/core"
import { postgres, type PostgresOptions } from "@omni/storage-postgres"
import { afterEach, beforeEach, expect, it } from "vitest"

import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"
import { network } from "./network.ts"
import { randomOf } from "./random.ts"
import { sales } from "./sales.ts"

const seed = Number(process.env["OMNI_SEED"] ?? 3)

let made: Awaited<ReturnType<typeof temporarySchema>>
let line: Awaited<ReturnType<typeof network>>
beforeEach(async () => {
  made = await temporarySchema()
  line = await network(made.url)
})
afterEach(async () => {
  line.close()
  await made.dispose()
})

const shop = (options: PostgresOptions = {}) =>
  createOmni({ store: postgres(line.url, { schema: made.schema, ...options }), modules: { sales } })

/** What was sold, as the rows and as the log tell it. */
const sold = async () => {
  const [row] = await asOwner(
    made.url,
    `select (select coalesce(sum((value->>'sold')::int), 0)::int from ${made.schema}.sales_counts) as rows,
    (select count(*)::int from ${made.schema}.event) as events`
  )
  expect(row!["rows"]).toBe(row!["events"])
  return Number(row!["rows"])
}

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length

/** How a call ended, and after how long. */
const ending = async (call: Promise<unknown>) => {
  const began = performance.now()
  const ended = await call.then(
    () => "done",
    (error: { readonly _tag?: string; readonly name?: string }) => error._tag ?? error.name ?? "?"
  )
  return { ended, took: performance.now() - began }
}

it("sells over a line that is late and lets bytes trickle", { timeout: 30_000 }, async () => {
  const omni = shop()
  await omni.sales.sell({ article: "mug" })
  line.turn({ latency: 2, trickle: 200 })
  const answers = await Promise.all(Array.from({ length: 40 }, () => omni.sales.sell({ article: "mug" })))
  expect(answers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 2))
  expect(await sold()).toBe(41)
  line.turn({})
  await omni.close()
})

it(
  "ends every call by its time, or when it is taken back, while the line is silent, and goes on afterwards",
  { timeout: 40_000 },
  async () => {
    const omni = shop({ timeout: 1_000, lockTimeout: 1_000, poll: 100 })
    const keyed = (key: string, timeout: number, signal?: AbortSignal) =>
      omni.sales.sell({ article: "mug" }, { key, timeout, ...(signal === undefined ? {} : { signal }) })
    await keyed("before", 5_000)
    line.turn({ silent: true })
    const before = timers()
    for (let round = 0; round < 8; round++) {
      const calls = [300, 300, 600, 900].map((timeout, i) => ending(keyed(`silent-${round}-${i}`, timeout)))
      const taken = ending(keyed(`taken-${round}`, 60_000, AbortSignal.timeout(200)))
      for (const { ended, took } of await Promise.all(calls)) {
        expect(["OutcomeUnknown", "StoreUnavailable"]).toContain(ended)
        expect(took).toBeLessThan(1_600)
      }
      const { ended, took } = await taken
      expect(ended).toBe("TimeoutError")
      expect(took).toBeLessThan(500)
    }
    expect(timers() - before, "timers pile up").toBeLessThan(20)
    expect(line.connections(), "connections pile up").toBeLessThan(40)

    line.turn({})
    // Whoever asks again under the same key learns what became of it, and nothing is sold twice.
    for (let round = 0; round < 8; round++) for (let i = 0; i < 4; i++) await keyed(`silent-${round}-${i}`, 20_000)
    expect(await sold()).toBeLessThanOrEqual(1 + 32 + 8)
    expect(await sold()).toBeGreaterThanOrEqual(33)
    const receipts = await asOwner(made.url, `select count(*)::int as n from ${made.schema}.receipts`)
    expect(await sold()).toBe(receipts[0]!["n"])
    await omni.close()
  }
)

it("gives up connections to a server that takes them and says nothing", { timeout: 30_000 }, async () => {
  const omni = shop({ timeout: 300, lockTimeout: 300, pool: { connectionTimeoutMillis: 300 } })
  line.turn({ silent: true })
  const { ended, took } = await ending(omni.sales.sell({ article: "mug" }, { timeout: 1_000 }))
  expect(ended).toBe("StoreUnavailable")
  expect(took).toBeLessThan(12_000)
  line.turn({})
  expect(await omni.sales.sell({ article: "mug" })).toBe(1)
  line.turn({ silent: true })
  const began = performance.now()
  await omni.close()
  expect(performance.now() - began, "closing waits for nobody who says nothing").toBeLessThan(6_000)
})

it("loses and doubles nothing when lines are cut in the middle of messages", { timeout: 40_000 }, async () => {
  const random = randomOf(seed)
  let cuts = 0
  line.decide((sent) => {
    if (random() > 0.25) return undefined
    cuts++
    return { pass: Math.floor(random() * sent.length), then: "cut" }
  })
  const omnis = [shop(), shop()]
  const keys = Array.from({ length: 150 }, (_, n) => `sale-${n}`)
  const answers = await Promise.all(
    omnis.flatMap((omni, side) => keys.map((key) => omni.sales.sell({ article: `article-${side}` }, { key: `${side}-${key}` })))
  )
  expect(cuts).toBeGreaterThan(10)
  expect(await sold()).toBe(300)
  for (const side of [0, 1])
    expect(answers.slice(side * 150, side * 150 + 150).toSorted((a, b) => a - b)).toEqual(keys.map((_, i) => i + 1))
  line.decide(() => undefined)
  await Promise.all(omnis.map((omni) => omni.close()))
})

it("does not let the shop stand still for a process that is frozen with the commit lock", { timeout: 40_000 }, async () => {
  const holder = spawn(
    process.execPath,
    ["--conditions=@omni/source", `${import.meta.dirname}/children/hold.ts`, made.url, made.schema, "30000"],
    {
      stdio: ["ignore", "pipe", "inherit"]
    }
  )
  await once(holder.stdout, "data")
  holder.kill("SIGSTOP")
  const driver = made.open({ lockTimeout: 25_000 })
  const began = performance.now()
  landed(await (await driver.open("main")).commit(commitOf({ writes: [put("a", 1)] })))
  expect(performance.now() - began).toBeLessThan(17_000)
  holder.kill("SIGKILL")
  await once(holder, "close")
  await driver.close()
})

it("does not let the shop stand still for a commit of which half has come", { timeout: 40_000 }, async (context) => {
  const [version] = await asOwner(made.url, "select current_setting('server_version_num')::int as number")
  if (Number(version!["number"]) < 170_000) return context.skip("PostgreSQL before 17 has no transaction_timeout")
  const half = postgres(line.url, { schema: made.schema, lockTimeout: 1_000, timeout: 60_000, listen: false, prepare: false })
  await half.migrate(["test.things"])
  const store = await half.open("main")
  let frozen = 0
  line.decide((sent) => {
    const at = sent.indexOf(`insert into "${made.schema}"."test_things"`)
    if (at < 0) return undefined
    frozen++
    return { pass: at, then: "freeze" }
  })
  const lost = store.commit(commitOf({ writes: [put("a", "half")] })).catch(() => "lost")
  while (frozen === 0) await setTimeout(10)
  const driver = made.open({ lockTimeout: 25_000 })
  const began = performance.now()
  landed(await (await driver.open("main")).commit(commitOf({ writes: [put("a", "whole")] })))
  const took = performance.now() - began
  expect(took, "the half commit had the lock").toBeGreaterThan(1_000)
  expect(took).toBeLessThan(20_000)
  line.close()
  expect(await lost).toBe("lost")
  expect(await asOwner(made.url, `select value #>> '{}' as value from ${made.schema}.test_things`)).toEqual([{ value: "whole" }])
  await Promise.all([half.close(), driver.close()])
})
