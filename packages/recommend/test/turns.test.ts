import { createOmni, minutes } from "@omni/core"
import { memory } from "@omni/core/memory"
import { buildModels, learn, recommend } from "@omni/recommend"
import * as fc from "fast-check"
import { assert, it, vi } from "vitest"

import { atOnce, inTurns, sorted } from "../src/learn/steps.ts"
import { NOON, open, sell, shelf } from "./shop.ts"

const slots = { product: { sources: ["together"] } } as const

/** How long (ms of the processor) this thread works on between two turns of its event loop while something goes on, the longest first. */
const pausesOf = async (work: () => Promise<unknown>): Promise<ReadonlyArray<number>> => {
  let isOn = true
  const pauses: Array<number> = []
  let before = process.threadCpuUsage()
  const tick = (): void => {
    const { system, user } = process.threadCpuUsage(before)
    before = process.threadCpuUsage()
    pauses.push((user + system) / 1_000)
    if (isOn) setImmediate(tick)
  }
  setImmediate(tick)
  await work()
  isOn = false
  await new Promise(setImmediate)
  return pauses.sort((left, right) => right - left)
}

it("lets the event loop have its turn while it builds a model of 100,000 rows", { timeout: 120_000 }, async () => {
  const { recommend: shop } = createOmni({ store: memory(), verify: false, modules: { recommend: recommend({ ...shelf().ports, slots }) } })
  const orders = Array.from({ length: 5_000 }, (_, order) => {
    const customer = order % 1_700
    // Low numbers are bought much more often.
    const items = Array.from(
      { length: 20 },
      (_line, line) => `item-${Math.floor(2_500 ** (((customer * 31 + order * 17 + line * 7_919) % 9_973) / 9_973))}`
    )
    return { order: `o${order}`, customer: `c${customer}`, items, at: NOON + order * 1_000 }
  })
  for (let from = 0; from < orders.length; from += 1_000)
    await Promise.all(orders.slice(from, from + 1_000).map((order) => shop.recordPurchase(order)))
  const [inOneGo = 0] = await pausesOf(() => buildModels(shop, { always: true, learn }))
  assert.isAbove(inOneGo, 200)
  // Collecting the garbage of the whole process, which is also that of this test, may take longer once or twice.
  const [longest = 0, , third = 0] = await pausesOf(() => buildModels(shop, { always: true }))
  assert.isBelow(third, 50)
  assert.isBelow(longest, 200)
})

it("stops when it is told to, leaves what serves, and builds at the next call", async () => {
  const opened = open({ ...shelf().ports, slots })
  const { learn: build, shop } = opened
  await sell(opened, { ann: [["tea", "milk"]] })
  const { versions } = await build()
  for (const stopAt of ["histories", "learn", "putModelRows"] as const) {
    const stop = new AbortController()
    const stopping =
      <I, O>(go: (input: I) => O) =>
      (input: I): O => {
        stop.abort(new Error(`stopped at ${stopAt}`))
        return go(input)
      }
    const client = stopAt === "learn" ? shop : { ...shop, [stopAt]: stopping<never, unknown>(shop[stopAt]) }
    const learnt = stopAt === "learn" ? { learn: stopping(learn) } : {}
    const error: unknown = await buildModels(client, { always: true, signal: stop.signal, ...learnt }).catch((reason: unknown) => reason)
    assert.equal(String(error), `Error: stopped at ${stopAt}`)
    assert.equal((await shop.forSlot({ slot: "product", items: ["tea"] })).model, versions["main"])
  }
  const late: unknown = await buildModels(shop, { always: true, signal: AbortSignal.abort("before it began") }).catch(
    (reason: unknown) => reason
  )
  assert.equal(late, "before it began")
  assert.isTrue((await buildModels(shop, { always: true, signal: new AbortController().signal })).learnt)
})

it("says that it lives while it learns for long, and stops when its turn went to another", async () => {
  const { shop } = open({ ...shelf().ports, slots })
  vi.useFakeTimers({ toFake: ["Date"], now: NOON })
  try {
    const signs: Array<unknown> = []
    const client = {
      ...shop,
      histories: async (page: object) => {
        vi.advanceTimersByTime(minutes(2))
        return shop.histories(page)
      },
      claimLearning: async (turn: object) => {
        signs.push(turn)
        if (signs.length === 2) throw new Error("another builds")
        return shop.claimLearning(turn)
      }
    }
    await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea", "milk"] })
    const error: unknown = await buildModels(client, { always: true }).catch((reason: unknown) => reason)
    assert.equal(String(error), "Error: another builds")
    assert.deepEqual(signs[0], {})
    assert.hasAllKeys(signs[1], ["builder"])
  } finally {
    vi.useRealTimers()
  }
})

it("sorts as the language does, also what is the same, in steps and over several turns", async () => {
  const platform = { clock: { now: () => 0, sleep: async () => undefined }, yield: async () => undefined }
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 50 }), fc.integer(), async (size, range, seed) => {
      const all = Array.from({ length: size }, (_, at) => ({ at, key: Math.abs(Math.imul(at + 1, seed | 1) >> 8) % range }))
      const byKey = (left: { readonly key: number }, right: { readonly key: number }) => left.key - right.key
      assert.deepEqual(atOnce(sorted(all, byKey)), all.toSorted(byKey))
      assert.deepEqual(await inTurns(sorted(all, byKey), platform), all.toSorted(byKey))
    }),
    { numRuns: 20 }
  )
})
