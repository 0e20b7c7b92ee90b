import { memory } from "@omni/core/memory"
import { IllegalFulfilmentChange, IllegalTransition, type Order } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { type Asked, Oracle, type Step as Verb } from "./oracle.ts"
import { appOver, clockAt, eur } from "./shop.ts"

const skus = ["a", "b", "a"] as const
const quantities = [5, 3, 2] as const
const locations = ["x", "y"] as const

const at = fc.nat(4)
const location = fc.constantFrom(...locations)
const asked = fc.option(
  fc.uniqueArray(
    fc.record({ line: fc.integer({ min: 0, max: 2 }), quantity: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 6 }) }),
    {
      minLength: 1,
      maxLength: 3,
      selector: ({ line }) => line
    }
  ),
  { nil: undefined, freq: 6 }
)
const onward = fc.constantFrom<Verb>("pick", "pack", "ready", "collect", "ship", "deliver")
const verb = fc.oneof({ weight: 3, arbitrary: onward }, fc.constantFrom<Verb>("backorder", "unassign", "cancel"))
const only = fc.option(at, { nil: undefined, freq: 1 })

const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("step" as const), verb, only, asked }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("assign" as const),
      kind: fc.constantFrom("ship" as const, "pickup" as const),
      location,
      backorder: fc.boolean()
    })
  },
  fc.record({
    do: fc.constant("receive" as const),
    sku: fc.constantFrom("a" as const, "b" as const),
    location,
    quantity: fc.integer({ min: 1, max: 3 })
  }),
  fc.record({ do: fc.constantFrom("hold" as const, "release" as const, "release" as const, "close" as const), at }),
  fc.record({ do: fc.constant("move" as const), at, to: location, backorder: fc.boolean() }),
  fc.record({ do: fc.constant("split" as const), at, lines: asked.map((some) => some ?? [{ line: 0, quantity: 1 }]) }),
  fc.record({ do: fc.constant("merge" as const), at, into: at })
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type Shop = ReturnType<typeof appOver>

const code = "ABCD"

/** Puts one step to the shop and to the oracle: whether each made it, and how the shop refused. */
const take = async (shop: Shop, oracle: Oracle, order: Order, s: Step): Promise<readonly [boolean, boolean, unknown]> => {
  const { safe } = shop.orders
  const id = order.id
  const ful = (n: number): string => order.fulfilments[n % order.fulfilments.length]!
  const nth = (n: number): number => n % oracle.places.length
  const lines = (some: NonNullable<Asked>) =>
    some.map(({ line, quantity }) => ({ line: String(line + 1), ...(quantity === undefined ? {} : { quantity }) }))
  const told = (result: { readonly ok: boolean; readonly error?: unknown }, expected: boolean) =>
    [result.ok, expected, result.error] as const
  if (s.do === "receive") {
    await shop.inventory.receive({ lines: [{ sku: s.sku, location: s.location, quantity: s.quantity }] })
    oracle.receive(s.sku, s.location, s.quantity)
    return [true, true, undefined]
  }
  if (s.do === "assign")
    return told(
      await safe.assign({ order: id, fulfilment: { kind: s.kind, location: s.location }, backorder: s.backorder }),
      oracle.assign(s.kind, s.location, s.backorder)
    )
  if (s.do === "step") {
    if (s.only !== undefined && oracle.places.length === 0) return [true, true, undefined]
    const input = {
      order: id,
      ...(s.only === undefined ? {} : { fulfilment: ful(s.only) }),
      ...(s.asked === undefined ? {} : { lines: lines(s.asked) }),
      ...(s.verb === "ready" || s.verb === "collect" ? { code } : {})
    }
    return told(await safe[s.verb](input as never), oracle.step(s.verb, s.only === undefined ? undefined : nth(s.only), s.asked))
  }
  if (oracle.places.length === 0) return [true, true, undefined]
  const one = { order: id, fulfilment: ful(s.at) }
  if (s.do === "hold") return told(await safe.holdFulfilment({ ...one, reason: "check" }), oracle.hold(nth(s.at)))
  if (s.do === "release") return told(await safe.releaseFulfilment(one), oracle.release(nth(s.at)))
  if (s.do === "close") return told(await safe.closeFulfilment(one), oracle.close(nth(s.at)))
  if (s.do === "move")
    return told(await safe.moveFulfilment({ ...one, to: s.to, backorder: s.backorder }), oracle.move(nth(s.at), s.to, s.backorder))
  if (s.do === "split") return told(await safe.splitFulfilment({ ...one, lines: lines(s.lines) }), oracle.split(nth(s.at), s.lines))
  if (s.do === "merge") return told(await safe.mergeFulfilments({ ...one, into: ful(s.into) }), oracle.merge(nth(s.at), nth(s.into)))
  throw new Error(`There is no step ${s.do}.`)
}

/** All that can be seen of the shop. */
const state = async (shop: Shop, id: string) => ({
  order: await shop.orders.order({ order: id }),
  fulfilments: await shop.orders.fulfilmentsOf({ order: id }),
  levels: await Promise.all(locations.map(async (one) => (await shop.inventory.levels({ location: one })).items.map(({ row }) => row))),
  events: (await shop.events({ limit: 1000 })).events.length
})
type State = Awaited<ReturnType<typeof state>>

/** Every unit, fulfilment and stock is as the oracle has it, and everything adds up. */
const compare = ({ order, fulfilments, levels }: State, oracle: Oracle): void => {
  order.lines.forEach((line, i) => {
    const units = line.parts.flatMap(({ count, status, fulfilment }) =>
      Array.from({ length: count }, () => [status, fulfilment === undefined ? undefined : order.fulfilments.indexOf(fulfilment)])
    )
    assert.deepEqual(
      units,
      oracle.units.filter((u) => u.line === i).map((u) => [u.state, u.at]),
      `line ${line.id}`
    )
    assert.equal(units.length, line.quantity)
    for (const { hold, status } of line.parts)
      assert.isTrue(hold === undefined || ["allocated", "picked", "packed", "ready"].includes(status))
    line.parts.forEach((part, n) => assert.notDeepEqual({ ...part, count: 0 }, { ...line.parts[n + 1], count: 0 }, "neighbours are joined"))
  })
  assert.deepEqual(
    fulfilments.map(({ status }) => status),
    oracle.places.map((_, n) => oracle.status(n))
  )
  for (const [n, row] of fulfilments.entries()) {
    assert.deepInclude(row, { location: oracle.places[n]!.location, kind: oracle.places[n]!.kind })
    for (const { line, states } of row.lines)
      for (const [name, count] of Object.entries(states))
        assert.equal(count, oracle.units.filter((u) => String(u.line + 1) === line && u.at === n && u.state === name).length)
  }
  const loose = order.lines.reduce(
    (sum, { unitPrice }, i) =>
      sum + unitPrice.amount * oracle.units.filter((u) => u.line === i && (u.at === undefined || u.state === "cancelled")).length,
    0
  )
  const worth = fulfilments.reduce((sum, row) => sum + row.worth.total.amount, 0)
  assert.equal(worth + loose, order.totals.total.amount)
  for (const level of levels.flat())
    assert.deepEqual(
      [level.onHand, level.allocated],
      [oracle.onHand(level.sku, level.location), oracle.reserved(level.sku, level.location)],
      `${level.sku} at ${level.location}`
    )
}

it(
  "moves every unit as a naive count does, keeps exactly the stock that is owed, and refuses all else without a trace",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 4, maxLength: 40, size: "max" }), async (later, steps) => {
        const shop = appOver(memory(), clockAt())
        const oracle = new Oracle()
        for (const one of locations)
          for (const sku of ["a", "b"] as const) await take(shop, oracle, {} as Order, { do: "receive", sku, location: one, quantity: 6 })
        const { id } = await shop.orders.place({
          currency: "EUR",
          taxIncluded: true,
          lines: skus.map((sku, i) => ({ sku, quantity: quantities[i]!, unitPrice: eur(100 + i) })),
          ...(later ? {} : { fulfilment: { kind: "ship", location: "x" }, backorder: true })
        })
        skus.forEach((sku, line) =>
          oracle.units.push(...Array.from({ length: quantities[line]! }, () => ({ line, sku, state: "placed" as const, at: undefined })))
        )
        if (!later) oracle.assign("ship", "x", true)
        for (const s of steps) {
          await shop.drain()
          const before = await state(shop, id)
          const [done, expected, error] = await take(shop, oracle, before.order, s)
          assert.equal(done, expected, `${JSON.stringify(s)} was ${done ? "done" : `refused: ${String(error)}`}`)
          if (!done) {
            assert.deepEqual(await state(shop, id), before)
            if (error instanceof IllegalTransition && (error.possible ?? 0) === 0) assert.notInclude([...error.allowed], error.attempted)
            if (error instanceof IllegalFulfilmentChange) assert.notInclude([...error.allowed], error.attempted)
          }
          await shop.drain()
          const after = await state(shop, id)
          compare(after, oracle)
          if (done && s.do !== "receive") assert.isAtLeast(after.order.history.length, before.order.history.length)
        }
        assert.deepEqual((await shop.deadLetters()).items, [])
        await shop.close()
      }),
      { numRuns: 150 }
    )
  }
)
