import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { faulty } from "@omni/testkit"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { audit, type Shop } from "./audit.ts"
import { clockAt } from "./clock.ts"

const START = 1_800_000_000_000
const plain = ["a", "b"]
const locations = ["x", "y"]
/** `milk` is kept by lot; `duo` holds two of `a` and one of `b`; `box` a `duo` and one `milk`; `crate` is put together of three of `a`. */
const skus = [...plain, "milk", "crate"]
const sold = [...skus, "duo", "box"]

const quantity = fc.integer({ min: 1, max: 5 })
const place = fc.constantFrom(...locations)
const lineOf = (names: ReadonlyArray<string>) => fc.record({ sku: fc.constantFrom(...names), location: place, quantity })
const lines = (names: ReadonlyArray<string>) => fc.array(lineOf(names), { minLength: 1, maxLength: 3 })
const which = fc.nat({ max: 1000 })
const lot = fc.constantFrom("L1", "L2", "L3")

const step = fc.oneof(
  fc.record({ do: fc.constant("receive" as const), lines: lines(["a", "b", "crate", "duo"]) }),
  fc.record({ do: fc.constant("receiveLot" as const), location: place, lot, quantity }),
  fc.record({ do: fc.constant("hold" as const), lines: lines(sold), order: fc.boolean(), ttl: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ do: fc.constant("commit" as const), which, rest: fc.constantFrom("keep" as const, "release" as const) }),
  fc.record({ do: fc.constant("commitOne" as const), which }),
  fc.record({ do: fc.constant("release" as const), which }),
  fc.record({ do: fc.constant("rehold" as const), which }),
  fc.record({ do: fc.constant("allocate" as const), which }),
  fc.record({ do: fc.constant("sell" as const), lines: lines(sold) }),
  fc.record({
    do: fc.constant("return" as const),
    lines: lines(["a", "b", "duo"]),
    state: fc.constantFrom("on-hand" as const, "quality-control" as const)
  }),
  fc.record({
    do: fc.constant("move" as const),
    lines: lines(skus),
    from: fc.constantFrom("on-hand" as const, "damaged" as const, "quality-control" as const),
    to: fc.constantFrom("on-hand" as const, "damaged" as const, "quality-control" as const, "write-off" as const)
  }),
  fc.record({ do: fc.constant("assemble" as const), location: place, quantity, apart: fc.boolean() }),
  fc.record({ do: fc.constant("send" as const), lines: lines([...skus, "duo"]), back: fc.boolean() }),
  fc.record({ do: fc.constant("buy" as const), lines: lines(plain) }),
  fc.record({ do: fc.constant("take" as const), which, lines: fc.option(lines(skus), { nil: undefined }) }),
  fc.record({ do: fc.constant("close" as const), which, rest: fc.constantFrom("lost" as const, "returned" as const) }),
  fc.record({ do: fc.constant("recall" as const), lot }),
  fc.record({ do: fc.constant("redefine" as const), quantity }),
  fc.record({ do: fc.constant("wait" as const), by: fc.integer({ min: 1, max: 40 }), drained: fc.boolean() })
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const define = async ({ inventory: stock }: Shop): Promise<void> => {
  await stock.defineArticle({ sku: "milk", tracking: "lot" })
  await stock.defineArticle({
    sku: "duo",
    components: [
      { sku: "a", quantity: 2 },
      { sku: "b", quantity: 1 }
    ]
  })
  await stock.defineArticle({
    sku: "box",
    components: [
      { sku: "duo", quantity: 1 },
      { sku: "milk", quantity: 1 }
    ]
  })
  await stock.defineArticle({ sku: "crate", components: [{ sku: "a", quantity: 3 }], assembled: true })
  const opening = locations.flatMap((location) => [...plain, "crate"].map((sku) => ({ sku, location, quantity: 25 })))
  const milk = locations.map((location) => ({ sku: "milk", location, quantity: 15, lots: [{ lot: "L1", quantity: 15 }] }))
  await stock.receive({ lines: [...opening, ...milk] }, { key: "opening" })
}

interface Ids {
  readonly holds: Set<string>
  readonly inbounds: Set<string>
}

const pick = (ids: Iterable<string>, at: number): string => {
  const known = [...ids]
  return known[at % Math.max(1, known.length)] ?? "none"
}

/** What is refused by a typed error has changed nothing; anything else that is thrown is a bug. */
const take = async (shop: Shop, clock: ReturnType<typeof clockAt>, key: string, s: Step, ids: Ids): Promise<string> => {
  const stock = shop.inventory.safe
  const noted = <A extends { readonly ok: boolean }>(set: Set<string>, answer: A & { readonly value?: { readonly id: string } }): A => {
    if (answer.ok) set.add(answer.value!.id)
    return answer
  }
  const call = async (): Promise<{ readonly ok: boolean; readonly error?: { readonly _tag: string } } | undefined> => {
    switch (s.do) {
      case "receive":
        return stock.receive({ lines: s.lines }, { key })
      case "receiveLot":
        return stock.receive(
          { lines: [{ sku: "milk", location: s.location, quantity: s.quantity, lots: [{ lot: s.lot, quantity: s.quantity }] }] },
          { key }
        )
      case "hold":
        return noted(ids.holds, await stock.hold({ lines: s.lines, ...(s.order ? { for: "order" as const } : { ttl: s.ttl }) }, { key }))
      case "commit":
        return stock.commitHold({ hold: pick(ids.holds, s.which), rest: s.rest }, { key })
      case "commitOne": {
        const hold = pick(ids.holds, s.which)
        const known = await stock.holdById({ hold })
        const line = known.ok ? known.value.lines.find(({ held }) => held > 0) : undefined
        if (line === undefined) return undefined
        const { sku, location } = line
        return stock.commitHold({ hold, lines: [{ sku, location, quantity: 1 }], rest: "keep" }, { key })
      }
      case "release":
        return stock.releaseHold({ hold: pick(ids.holds, s.which) }, { key })
      case "rehold":
        return stock.rehold({ hold: pick(ids.holds, s.which), ttl: 50 }, { key })
      case "allocate":
        return stock.allocateHold({ hold: pick(ids.holds, s.which) }, { key })
      case "sell":
        return stock.sell({ lines: s.lines }, { key })
      case "return":
        return stock.receive({ lines: s.lines, from: "customer", state: s.state, reason: "returned" }, { key })
      case "move":
        return stock.moveStock({ lines: s.lines, from: s.from, to: s.to, reason: "moved" }, { key })
      case "assemble":
        return stock.assembleKits({ lines: [{ sku: "crate", location: s.location, quantity: s.quantity }], apart: s.apart }, { key })
      case "send": {
        const [from, to] = s.back ? ["y", "x"] : ["x", "y"]
        const some = s.lines.map(({ sku, quantity: pieces }) => ({ sku, quantity: pieces }))
        return noted(ids.inbounds, await stock.sendTransfer({ from: from!, to: to!, lines: some, expectedAt: clock.now() + 100 }, { key }))
      }
      case "buy":
        return noted(ids.inbounds, await stock.expectPurchase({ lines: s.lines, expectedAt: clock.now() + 50 }, { key }))
      case "take":
        return stock.receiveInbound({ inbound: pick(ids.inbounds, s.which), ...(s.lines === undefined ? {} : { lines: s.lines }) }, { key })
      case "close":
        return stock.closeInbound({ inbound: pick(ids.inbounds, s.which), rest: s.rest }, { key })
      case "recall":
        return stock.recallLot({ sku: "milk", lot: s.lot, reason: "spoilt" }, { key })
      case "redefine":
        return stock.defineArticle(
          {
            sku: "duo",
            components: [
              { sku: "a", quantity: s.quantity },
              { sku: "b", quantity: 1 }
            ]
          },
          { key }
        )
      case "wait":
        clock.advance(s.by)
        if (s.drained) await shop.drain()
        return undefined
    }
  }
  const answer = await call()
  return answer === undefined || answer.ok ? `${s.do} done` : `${s.do} ${answer.error!._tag}`
}

it("keeps its laws through any history: kits, lots, transfers, purchases, returns and all", { timeout: 120_000 }, async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), async (steps) => {
      const clock = clockAt(START)
      const shop = createOmni({ store: memory(), modules: { inventory: inventory() }, clock })
      const ids = { holds: new Set<string>(), inbounds: new Set<string>() }
      await define(shop)
      for (const [i, s] of steps.entries()) {
        const what = await take(shop, clock, `${i}`, s, ids)
        seen.set(what, (seen.get(what) ?? 0) + 1)
      }
      // Breakage and recalls may eat into what is promised; nothing else does.
      const ate = steps.some((s) => s.do === "move" || s.do === "recall")
      await audit(shop, { skus, locations, holds: ids.holds, now: clock.now(), credit: ate ? Infinity : 0 })
      assert.deepEqual((await shop.deadLetters()).items, [])
      await shop.close()
    }),
    { numRuns: 150 }
  )
  for (const done of ["commitOne", "assemble", "send", "take", "close", "recall", "rehold", "move"])
    assert.isAbove(seen.get(`${done} done`) ?? 0, 5, `${done} was hardly ever done: ${JSON.stringify([...seen])}`)
})

it("keeps its laws with many clients on a store that fails, also after it committed", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 60, size: "max" }),
      fc.integer({ min: 1, max: 1e6 }),
      async (steps, seed) => {
        const clock = clockAt(START)
        const store = memory()
        const rates = { before: 0.05, after: 0.1, late: 0.05, conflict: 0.05 }
        const stores = [0, 1, 2].map((i) => faulty(store.shared(), { seed: seed + i, rates, clock }))
        const shops = stores.map((driver) => createOmni({ store: driver, modules: { inventory: inventory() }, clock }))
        const ids = { holds: new Set<string>(), inbounds: new Set<string>() }
        await define(shops[0]!)
        for (let i = 0; i < steps.length; i += 6)
          await Promise.all(steps.slice(i, i + 6).map((s, j) => take(shops[(i + j) % 3]!, clock, `${i + j}`, s, ids)))
        for (const driver of stores) {
          driver.heal()
          await driver.settled()
        }
        const ate = steps.some((s) => s.do === "move" || s.do === "recall")
        await audit(shops[1]!, { skus, locations, holds: ids.holds, now: clock.now(), credit: ate ? Infinity : 0 })
        for (const shop of shops) await shop.close()
      }
    ),
    { numRuns: 40 }
  )
})
