import { type Change, changed, type Contents, type DeviceChange } from "@omni/cart"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, carryOut, clockAt, openShop, stockUp } from "./shop.ts"

/** What several devices have done to a few lines, some of them at the same moment. */
const change: fc.Arbitrary<DeviceChange> = fc
  .record({
    kind: fc.constantFrom("add" as const, "add" as const, "set" as const, "remove" as const),
    line: fc.constantFrom("a", "b", "c"),
    id: fc.constantFrom("x", "y", "z", "first"),
    at: fc.integer({ min: 0, max: 6 }),
    quantity: fc.integer({ min: 1, max: 5 })
  })
  .map(({ kind, line, id, at, quantity }): DeviceChange => {
    if (kind === "remove") return { kind, line, at }
    if (kind === "set") return { kind, line, at, quantity }
    const variant = line === "a" ? "shaver-1" : "case-1"
    return { kind, line, variant, at, quantity, options: {}, custom: {}, ...(id === "first" ? {} : { id }) }
  })

/** Each change was made once: one id is one change of a line, wherever it is told. */
const changes = fc.uniqueArray(change, {
  selector: (one) => (one.kind === "add" ? `${one.line}/${one.id ?? one.line}` : JSON.stringify(one)),
  maxLength: 12
})

const asIs = (one: DeviceChange): Change => {
  if (one.kind === "remove") return { kind: "remove", line: one.line }
  const { line, at, quantity } = one
  if (one.kind === "set") return { kind: "set", line, id: `=${quantity}`, at, quantity }
  const article = { variant: one.variant, options: one.options, custom: one.custom, product: "p", sku: "s", channel: "web" }
  return { kind: "add", line, id: one.id ?? line, at, quantity, article }
}

/** What should be there, worked out from the whole history at once. */
const naive = (all: ReadonlyArray<DeviceChange>) =>
  ["a", "b", "c"].flatMap((line) => {
    const of = all.filter((one) => one.line === line).map(asIs)
    const adds = of.flatMap((one) => (one.kind === "add" ? [one] : []))
    if (of.some(({ kind }) => kind === "remove") || adds.length === 0) return []
    const stamp = ({ at, id }: { readonly at: number; readonly id: string }) => `${String(at).padStart(3, "0")} ${id}`
    const sets = of.flatMap((one) => (one.kind === "set" ? [one] : [])).sort((x, y) => (stamp(x) < stamp(y) ? -1 : 1))
    const last = sets.at(-1)
    const after = adds.filter((one) => last === undefined || stamp(one) > stamp(last))
    return [{ line, quantity: after.reduce((sum, { quantity }) => sum + quantity, last?.quantity ?? 0) }]
  })

const empty: Contents = { lines: [] }
const seen = ({ lines }: Contents) => lines.map(({ id, quantity }) => ({ line: id, quantity })).sort((x, y) => (x.line < y.line ? -1 : 1))

it("is the same cart in whatever order changes arrive, and however often", () => {
  fc.assert(
    fc.property(
      changes.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }))),
      ([all, arriving]) => {
        const [once, often] = [all, arriving].map((told) => told.map(asIs).reduce(changed, empty))
        assert.deepEqual(seen(often!), naive(all))
        assert.deepEqual(often!.lines, once!.lines)
      }
    ),
    { numRuns: 500 }
  )
})

it("converges over several devices and processes, whichever reaches the shop first", async () => {
  await fc.assert(
    fc.asyncProperty(changes, fc.infiniteStream(fc.nat(2)), async (all, device) => {
      const shops = await Promise.all(
        [0, 1].map(async (reversed) => {
          const store = memory()
          const apps = [appOver(store), appOver(store.shared()), appOver(store.shared())]
          await stockUp(apps[0]!)
          const batches = apps.map((app) => ({ app, changes: [] as Array<DeviceChange> }))
          for (const one of all) batches[device.next().value ?? 0]!.changes.push(one)
          const told = reversed === 1 ? batches.toReversed() : batches
          await Promise.all(told.map(({ app, changes: some }) => app.cart.sync({ customer: "p1", changes: some })))
          await told[0]!.app.cart.sync({ customer: "p1", changes: told[0]!.changes })
          return apps
        })
      )
      for (const apps of shops) {
        // A call without changes opens the customer's cart where nothing has.
        const { cart } = await apps[1]!.cart.sync({ customer: "p1", changes: [] })
        assert.deepEqual(seen(cart), naive(all))
        for (const app of apps) await app.close()
      }
    }),
    { numRuns: 25 }
  )
})

it("adds up what is added at the same moment, and keeps the last word", async () => {
  const shop = await openShop()
  await Promise.all(Array.from({ length: 250 }, () => shop.cart.add({ customer: "p1", variant: "case-1" })))
  const { cart } = await shop.cart.cart({ customer: "p1" })
  assert.equal(cart.lines[0]?.quantity, 250)
  assert.isBelow(JSON.stringify(cart).length, 20_000)
  const line = cart.lines[0]!.id
  const [, more] = await Promise.all([
    shop.cart.setQuantity({ customer: "p1", line, quantity: 5 }),
    shop.cart.add({ customer: "p1", variant: "case-1", quantity: 2 })
  ])
  assert.equal(more.cart.lines[0]?.quantity, 7)
})

it("does not bring back what was removed or bought, by whatever retry", async () => {
  const shop = await openShop()
  const change = { variant: "case-1", line: "tap" }
  const tap = { customer: "p1", ...change }
  await shop.cart.add(tap)
  await shop.cart.remove({ customer: "p1", line: "tap" })
  assert.isEmpty((await shop.cart.add(tap)).cart.lines)
  assert.isEmpty((await shop.cart.sync({ customer: "p1", changes: [{ kind: "add", ...change, at: Date.now() }] })).cart.lines)
  await shop.cart.remove({ customer: "p1", line: "late" })
  assert.isEmpty((await shop.cart.add({ ...tap, line: "late" })).cart.lines)
  await shop.cart.add({ ...tap, line: "bought", quantity: 2 })
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  assert.isEmpty((await shop.cart.add({ ...tap, line: "bought", quantity: 2 })).cart.lines)
  assert.isEmpty((await shop.cart.sync({ customer: "p1", changes: [{ kind: "add", ...change, line: "bought", at: 1 }] })).cart.lines)
  assert.equal((await shop.cart.add({ ...tap, line: "new" })).cart.lines.length, 1)
  assert.isEmpty((await shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut })).ok ? [] : ["refused"])
})

it("says which of a device's changes it cannot make, and makes the others", async () => {
  const shop = await openShop()
  const seenNow = await shop.cart.sync({
    customer: "p1",
    changes: [
      { kind: "add", line: "1", variant: "case-1", at: 1, quantity: 2 },
      { kind: "add", line: "2", variant: "none", at: 2 },
      { kind: "set", line: "1", at: 8e15, quantity: 3 }
    ]
  })
  assert.deepEqual(seenNow.refused, [{ line: "2", variant: "none", reason: "not-offered" }])
  assert.deepEqual(seen(seenNow.cart), [{ line: "1", quantity: 3 }])
  assert.equal((await shop.cart.setQuantity({ customer: "p1", line: "1", quantity: 4 })).cart.lines[0]?.quantity, 4)
  const wrong = await shop.cart.safe.sync({ customer: "p1", changes: [{ kind: "set", line: "1", at: 1, quantity: 1e21 }] })
  assert.isTrue(!wrong.ok && wrong.error._tag === "InvalidInput")
})

it("opens the cart that a device has begun offline, once, and lets it become the customer's", async () => {
  const shop = await openShop()
  const told = { cart: "till-7/12", create: true, changes: [{ kind: "add", line: "1", variant: "case-1", at: 1 } as const] }
  for (let i = 0; i < 2; i++) assert.deepEqual(seen((await shop.cart.sync(told)).cart), [{ line: "1", quantity: 1 }])
  const none = await shop.cart.safe.sync({ ...told, cart: "till-7/13", create: false })
  assert.isTrue(!none.ok && none.error._tag === "CartNotFound")
  await shop.cart.merge({ from: { cart: "till-7/12" }, into: { customer: "p1" } })
  assert.equal((await shop.cart.sync(told)).cart.customer, "p1")
})

it("knows what was added also when it has been added up", async () => {
  const shop = await openShop()
  const taps = Array.from(
    { length: 250 },
    (_, i) => ({ kind: "add", line: "c", id: `tap-${i}`, variant: "case-1", at: 1_000 + i }) as const
  )
  for (const part of [taps.slice(0, 150), taps.slice(150), taps.slice(0, 10), taps.slice(200)])
    await shop.cart.sync({ customer: "p1", changes: part })
  assert.deepEqual(seen((await shop.cart.cart({ customer: "p1" })).cart), [{ line: "c", quantity: 250 }])
})

it("does not change when a device whose clock is ahead tells again, whatever has happened since, also in another cart", async () => {
  const step = fc.oneof(
    fc.record({
      what: fc.constantFrom("add" as const, "set" as const),
      ahead: fc.integer({ min: -5, max: 60 }),
      quantity: fc.integer({ min: 1, max: 5 })
    }),
    fc.record({ what: fc.constant("here" as const), quantity: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ what: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 40 }) })
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.boolean(), async (steps, merged) => {
      const time = clockAt(10_000_000)
      const shop = appOver(memory(), {}, { clock: time.clock })
      await stockUp(shop)
      const { cart } = await shop.cart.add({ variant: "case-1", line: "c" })
      const told: Array<DeviceChange> = []
      let now = 10_000_000
      for (const [i, one] of steps.entries()) {
        if (one.what === "wait") {
          time.pass(one.minutes * 60_000)
          now += one.minutes * 60_000
        } else if (one.what === "here") await shop.cart.setQuantity({ cart: cart.id, line: "c", quantity: one.quantity })
        else {
          const about = { line: "c", at: now + one.ahead * 60_000, quantity: one.quantity } as const
          const change: DeviceChange =
            one.what === "set"
              ? { kind: "set", ...about }
              : { kind: "add", id: `tap-${i}`, variant: "case-1", options: {}, custom: {}, ...about }
          told.push(change)
          await shop.cart.sync({ cart: cart.id, changes: [change] })
        }
      }
      if (merged) {
        await shop.cart.add({ customer: "p1", variant: "book-1" })
        await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
      }
      const before = seen((await shop.cart.cart({ cart: cart.id })).cart)
      time.pass(90 * 60_000)
      for (const one of told) await shop.cart.sync({ cart: cart.id, changes: [one] })
      assert.deepEqual(seen((await shop.cart.cart({ cart: cart.id })).cart), before)
      await shop.close()
    }),
    { numRuns: 60 }
  )
})
