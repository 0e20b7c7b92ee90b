import { createOmni } from "@omni/core"
import { postgres, type PostgresOptions } from "@omni/storage-postgres"
import { random } from "@omni/testkit"
import { afterEach, beforeEach, expect, it } from "vitest"

import { asOwner, temporarySchema } from "./helpers.ts"
import { network } from "./network.ts"
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
  const { fraction } = random(seed)
  const omnis = [shop(), shop()]
  for (const [side, omni] of omnis.entries()) await omni.sales.sell({ article: `article-${side}` })
  let cuts = 0
  line.decide((sent) => {
    if (fraction() > 0.25) return undefined
    cuts++
    return { pass: Math.floor(fraction() * sent.length), after: "cut" }
  })
  const answers: Array<Array<number>> = [[], []]
  for (let wave = 0; wave < 40; wave++)
    for (const [side, omni] of omnis.entries()) {
      const keys = Array.from({ length: 4 }, (_, n) => `${side}-${wave}-${n}`)
      answers[side]!.push(...(await Promise.all(keys.map((key) => omni.sales.sell({ article: `article-${side}` }, { key })))))
    }
  expect(cuts).toBeGreaterThan(10)
  expect(await sold()).toBe(322)
  for (const side of answers) expect(side.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 160 }, (_, i) => i + 2))
  line.decide(() => undefined)
  await Promise.all(omnis.map((omni) => omni.close()))
})
