import { createOmni, type Omni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory, type StockLine } from "@omni/inventory"
import { faulty } from "@omni/testkit"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { Oracle } from "./oracle.ts"

const START = 1_800_000_000_000
const skus = ["a", "b", "a@x"]
const locations = ["x", "x@x"]

const line: fc.Arbitrary<StockLine> = fc.record({
  sku: fc.constantFrom(...skus),
  location: fc.constantFrom(...locations),
  quantity: fc.integer({ min: 1, max: 6 })
})
const lines = fc.array(line, { minLength: 1, maxLength: 5, size: "max" })
const uniqueLines = fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: ({ sku, location }) => JSON.stringify([sku, location]) })
const which = fc.nat({ max: 1000 })

const step = fc.oneof(
  fc.record({ do: fc.constant("receive" as const), lines }),
  fc.record({ do: fc.constant("adjust" as const), lines, sign: fc.constantFrom(1, -1) }),
  fc.record({ do: fc.constant("sell" as const), lines }),
  fc.record({ do: fc.constant("sold" as const), lines, back: fc.integer({ min: 0, max: 150 }) }),
  fc.record({ do: fc.constant("hold" as const), lines, ttl: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant("hold" as const), lines, ttl: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant("extend" as const), which, ttl: fc.integer({ min: 1, max: 100 }) }),
  fc.record({
    do: fc.constant("commit" as const),
    which,
    lines: fc.option(lines, { nil: undefined }),
    rest: fc.constantFrom("keep" as const, "release" as const)
  }),
  fc.record({ do: fc.constant("release" as const), which, lines: fc.option(lines, { nil: undefined }) }),
  fc.record({ do: fc.constant("allocate" as const), which }),
  fc.record({ do: fc.constant("order" as const), lines }),
  fc.record({ do: fc.constant("rehold" as const), which, ttl: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant("count" as const), lines: uniqueLines, back: fc.integer({ min: 0, max: 150 }) }),
  fc.record({ do: fc.constant("wait" as const), by: fc.integer({ min: 1, max: 60 }), drained: fc.boolean() })
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type Shop = Omni<{ readonly inventory: ReturnType<typeof inventory> }>

/** Puts one step to the shop and to the oracle, each call twice with one key; says where they differ. */
const take = async (shop: Shop, oracle: Oracle, clock: ReturnType<typeof clockAt>, key: string, s: Step): Promise<void> => {
  const stock = shop.inventory.safe
  const open = [...oracle.holds.keys()]
  const id = "which" in s ? open[s.which % Math.max(1, open.length)] : undefined
  if ("which" in s && id === undefined) return
  const state = id === undefined ? undefined : oracle.holds.get(id)
  const isOpen = state?.status === "held"
  const twice = async <A extends { readonly ok: boolean }>(call: () => Promise<A>, expected: boolean): Promise<A> => {
    const first = await call()
    assert.equal(first.ok, expected, `${s.do} was ${first.ok ? "done" : "refused"}: ${JSON.stringify(s)}`)
    assert.deepEqual(await call(), first)
    return first
  }
  if (s.do === "receive") {
    await twice(() => stock.receive({ lines: s.lines }, { key }), true)
    oracle.move(s.lines, 1)
  } else if (s.do === "adjust") {
    const change = s.lines.map((l) => ({ ...l, quantity: s.sign * l.quantity }))
    const fits = oracle.isThere(change)
    await twice(() => stock.adjust({ lines: change, reason: "counted" }, { key }), fits)
    if (fits) oracle.move(change, 1)
  } else if (s.do === "sell") {
    const fits = oracle.isAvailable(s.lines)
    await twice(() => stock.sell({ lines: s.lines }, { key }), fits)
    if (fits) oracle.move(s.lines, -1)
  } else if (s.do === "sold") {
    await twice(() => stock.sell({ lines: s.lines }, { key, asOf: { time: clock.now() - s.back } }), true)
    oracle.move(s.lines, -1, oracle.now - s.back)
  } else if (s.do === "hold") {
    const fits = oracle.isAvailable(s.lines)
    const held = await twice(() => stock.hold({ lines: s.lines, ttl: s.ttl }, { key }), fits)
    if (held.ok) oracle.hold(held.value.id, s.lines, s.ttl)
  } else if (s.do === "extend") {
    await twice(() => stock.extendHold({ hold: id!, ttl: s.ttl }, { key }), isOpen)
    if (isOpen && !state!.isOrder) state!.expiresAt = oracle.now + s.ttl
  } else if (s.do === "commit") {
    const kept = isOpen && (s.lines === undefined || oracle.keeps(id!, s.lines))
    const fits = kept && oracle.isOnShelf(s.lines ?? oracle.held(id!))
    const named = s.lines === undefined ? {} : { lines: s.lines }
    await twice(() => stock.commitHold({ hold: id!, rest: s.rest, ...named }, { key }), fits)
    if (!fits) return
    oracle.take(id!, s.lines ?? oracle.held(id!), "committed")
    if (s.rest === "release") oracle.take(id!, oracle.held(id!), "released")
  } else if (s.do === "release") {
    const done = state!.status === "released" || state!.status === "expired"
    const fits = isOpen ? s.lines === undefined || oracle.keeps(id!, s.lines) : done && s.lines === undefined
    const named = s.lines === undefined ? {} : { lines: s.lines }
    await twice(() => stock.releaseHold({ hold: id!, ...named }, { key }), fits)
    if (fits && isOpen) oracle.take(id!, s.lines ?? oracle.held(id!), "released")
  } else if (s.do === "order") {
    const fits = oracle.isAvailable(s.lines)
    const held = await twice(() => stock.hold({ lines: s.lines, for: "order" }, { key }), fits)
    if (held.ok) oracle.hold(held.value.id, s.lines, 0, true)
  } else if (s.do === "allocate") {
    await twice(() => stock.allocateHold({ hold: id! }, { key }), isOpen)
    if (isOpen) Object.assign(state!, { isOrder: true, expiresAt: Infinity })
  } else if (s.do === "rehold") {
    const lapsed = oracle.lapsed(id!)
    const fits = isOpen || (lapsed.length > 0 && oracle.isAvailable(lapsed))
    await twice(() => stock.rehold({ hold: id!, ttl: s.ttl }, { key }), fits)
    if (isOpen && !state!.isOrder) state!.expiresAt = oracle.now + s.ttl
    else if (!isOpen && fits) oracle.rehold(id!, s.ttl)
  } else if (s.do === "count") {
    const countedAt = clock.now() - s.back
    const counted = await twice(() => stock.count({ lines: s.lines, countedAt }, { key }), true)
    const variances = oracle.count(s.lines, oracle.now - s.back)
    const found = counted.ok ? counted.value.map(({ outcome, variance }) => (outcome === "superseded" ? undefined : variance)) : []
    assert.deepEqual(found, variances)
  } else {
    clock.advance(s.by)
    if (s.drained) await shop.drain()
    oracle.advance(s.by)
  }
  await compareLevels(shop, oracle)
}

/** On hand, reserved, allocated and available are as the oracle has them, whether or not timers have run. */
const compareLevels = async (shop: Shop, oracle: Oracle): Promise<void> => {
  for (const location of locations) {
    const { items } = await shop.inventory.levels({ location })
    for (const sku of skus) {
      const found = items.find(({ row }) => row.sku === sku)?.row
      assert.deepEqual(
        [found?.onHand ?? 0, found?.reserved ?? 0, found?.allocated ?? 0, found?.available ?? 0],
        [oracle.onHand, oracle.reserved, oracle.allocated, oracle.available].map((of) => of(sku, location)),
        `${sku} at ${location}`
      )
    }
  }
}

/** And so are the ledger and every hold. */
const compare = async (shop: Shop, oracle: Oracle): Promise<void> => {
  await shop.drain()
  await compareLevels(shop, oracle)
  for (const location of locations)
    for (const sku of skus) {
      const ledger = (await shop.inventory.movements({ sku, location, limit: 1000 })).items
      const onHand = ledger.reduce((sum, { row }) => sum + (row.to === `on-hand@${location}` ? row.quantity : -row.quantity), 0)
      assert.equal(onHand, oracle.onHand(sku, location))
    }
  for (const [hold, { status, lines: kept }] of oracle.holds) {
    const found = await shop.inventory.holdById({ hold })
    assert.equal(found.status, status)
    assert.deepEqual(
      found.lines.map(({ sku, location, held, committed, lapsed = 0 }) => [sku, location, held, committed, lapsed]),
      kept.map(({ sku, location, held, committed, lapsed }) => [sku, location, held, committed, lapsed])
    )
  }
}

it("keeps stock through any sequence: what a naive count says is on hand, reserved and available, is", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), async (steps) => {
      const clock = clockAt(START)
      const shop = createOmni({ store: memory(), modules: { inventory: inventory() }, clock })
      const oracle = new Oracle(START)
      const opening = locations.flatMap((location) => skus.map((sku) => ({ sku, location, quantity: 12 })))
      await take(shop, oracle, clock, "opening", { do: "receive", lines: opening })
      for (const [i, s] of steps.entries()) await take(shop, oracle, clock, `step ${i}`, s)
      await compare(shop, oracle)
      assert.deepEqual((await shop.deadLetters()).items, [])
      await shop.close()
    }),
    { numRuns: 200 }
  )
})

it("is never oversold by many processes, and refuses nobody while something is available", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 10, maxLength: 80, size: "max" }),
      async (stocked, wishes) => {
        const store = memory()
        const shops = [store, store.shared(), store.shared()].map((s) => createOmni({ store: s, modules: { inventory: inventory() } }))
        await shops[0]!.inventory.receive({ lines: ["a", "b"].map((sku) => ({ sku, location: "x", quantity: stocked })) })
        const held = await Promise.all(
          wishes.map((quantity, i) =>
            shops[i % 3]!.inventory.safe.hold({
              lines: ["a", "b"].slice(0, 1 + (i % 2)).map((sku) => ({ sku, location: "x", quantity }))
            })
          )
        )
        const granted = wishes.filter((_, i) => held[i]!.ok).reduce((a, b) => a + b, 0)
        const { items } = await shops[1]!.inventory.levels({ location: "x" })
        const a = items.find(({ row }) => row.sku === "a")!.row
        assert.equal(a.reserved, granted)
        assert.isAtLeast(a.available, 0)
        for (const [i, wish] of wishes.entries()) if (!held[i]!.ok) assert.isAbove(wish, a.available)
        await Promise.all(held.map(async (h, i) => (h.ok ? shops[(i + 1) % 3]!.inventory.commitHold({ hold: h.value.id }) : undefined)))
        const after = (await shops[2]!.inventory.levels({ location: "x" })).items.find(({ row }) => row.sku === "a")!.row
        assert.deepEqual([after.onHand, after.reserved], [stocked - granted, 0])
        for (const shop of shops) await shop.close()
      }
    ),
    { numRuns: 25 }
  )
})

it(
  "gives every piece to somebody, and none to two, on stores that fail before, after and long after they commit",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 1e6 }), async (stocked, seed) => {
        const store = memory()
        const rates = { before: 0.08, after: 0.12, late: 0.08, conflict: 0.08 }
        const stores = [0, 1, 2].map((i) => faulty(store.shared(), { seed: seed + i, rates, slow: 0.1, slowness: 5 }))
        const shops = stores.map((driver) => createOmni({ store: driver, modules: { inventory: inventory() } }))
        await shops[0]!.inventory.receive({ lines: [{ sku: "a", location: "x", quantity: stocked }] }, { key: "opening" })
        const wishes = Array.from({ length: 60 }, (_, i) =>
          shops[i % 3]!.inventory.safe.hold({ lines: [{ sku: "a", location: "x", quantity: 1 }] }, { key: `wish ${i}`, timeout: 60_000 })
        )
        const granted = (await Promise.all(wishes)).filter(({ ok }) => ok).length
        for (const driver of stores) driver.heal()
        await Promise.all(stores.map((driver) => driver.settled()))
        const { items } = await shops[1]!.inventory.levels({ location: "x" })
        assert.deepEqual([granted, items[0]?.row.reserved], [Math.min(60, stocked), Math.min(60, stocked)])
        for (const shop of shops) await shop.close()
      }),
      { numRuns: 25 }
    )
  }
)

it("gives each of two lines that race for the last pieces all or nothing", async () => {
  const store = memory()
  const shops = [store, store.shared()].map((s) => createOmni({ store: s, modules: { inventory: inventory() } }))
  await shops[0]!.inventory.receive({ lines: skus.map((sku) => ({ sku, location: "x", quantity: 50 })) })
  const order = (i: number) => (i % 2 === 0 ? skus : [...skus].reverse()).map((sku) => ({ sku, location: "x", quantity: 1 }))
  const held = await Promise.all(
    Array.from({ length: 120 }, (_, i) => shops[i % 2]!.inventory.safe.hold({ lines: order(i) }, { key: `cart ${i % 100}` }))
  )
  assert.equal(new Set(held.flatMap((h) => (h.ok ? [h.value.id] : []))).size, 50)
  const { items } = await shops[0]!.inventory.levels({ location: "x" })
  assert.deepEqual(
    items.map(({ row }) => row.available),
    [0, 0, 0]
  )
})
