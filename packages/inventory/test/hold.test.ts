import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { HoldClosed, InsufficientStock, inventory, NotHeld } from "@omni/inventory"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { level } from "./level.ts"

const shop = () => {
  const clock = clockAt(1_800_000_000_000)
  return { clock, omni: createOmni({ store: memory(), modules: { inventory: inventory() }, clock }) }
}
const line = (sku: string, quantity: number, location = "lyon") => ({ sku, location, quantity })

it("holds all lines or none, and names every line that is short", async () => {
  const { omni } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 2), line("case", 5), line("case", 1, "paris")] })
  const refused = await omni.inventory.safe.hold({ lines: [line("case", 5), line("shaver", 3), line("brush", 1)] })
  assert.isFalse(refused.ok)
  assert.instanceOf(!refused.ok && refused.error, InsufficientStock)
  assert.deepEqual(!refused.ok && refused.error._tag === "InsufficientStock" && refused.error.shortages, [
    { sku: "shaver", location: "lyon", requested: 3, available: 2, code: "insufficient" },
    { sku: "brush", location: "lyon", requested: 1, available: 0, code: "out-of-stock" }
  ])
  assert.deepEqual((await omni.inventory.levels({ location: "lyon" })).items, [
    { id: "case@lyon", row: level({ sku: "case", location: "lyon", onHand: 5, reserved: 0 }) },
    { id: "shaver@lyon", row: level({ sku: "shaver", location: "lyon", onHand: 2, reserved: 0 }) }
  ])
})

it("counts two lines of one article together", async () => {
  const { omni } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 5)] })
  const twice = await omni.inventory.safe.hold({ lines: [line("shaver", 4), line("shaver", 4)] })
  assert.isFalse(twice.ok)
  const held = await omni.inventory.hold({ lines: [line("shaver", 2), line("shaver", 3)] })
  assert.deepEqual(held.lines, [{ ...line("shaver", 5), held: 5, committed: 0 }])
})

it("ends a hold when its time is up, once, and frees the stock", async () => {
  const { omni, clock } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 5)] })
  const { id } = await omni.inventory.hold({ lines: [line("shaver", 5)], ttl: 60_000 })
  clock.advance(59_999)
  await omni.drain()
  assert.equal((await omni.inventory.holdById({ hold: id })).status, "held")
  clock.advance(1)
  const late = await omni.inventory.safe.commitHold({ hold: id })
  assert.isTrue(!late.ok && late.error instanceof HoldClosed && late.error.status === "expired")
  await omni.drain()
  await omni.drain()
  assert.equal((await omni.inventory.holdById({ hold: id })).status, "expired")
  assert.equal((await omni.inventory.levels({ location: "lyon" })).items[0]?.row.available, 5)
  assert.deepEqual(await omni.inventory.releaseHold({ hold: id }), await omni.inventory.holdById({ hold: id }))
})

it("keeps a hold that was extended, and one that has no time limit", async () => {
  const { omni, clock } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 5)] })
  const { id } = await omni.inventory.hold({ lines: [line("shaver", 5)], ttl: 60_000 })
  clock.advance(50_000)
  await omni.inventory.extendHold({ hold: id, ttl: 60_000 })
  clock.advance(50_000)
  await omni.drain()
  assert.isUndefined((await omni.inventory.extendHold({ hold: id, ttl: "none" })).expiresAt)
  clock.advance(1e9)
  await omni.drain()
  assert.equal((await omni.inventory.commitHold({ hold: id })).status, "committed")
})

it("commits a part and releases the rest, or keeps it", async () => {
  const { omni } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 10)] })
  const first = await omni.inventory.hold({ lines: [line("shaver", 4)] })
  const part = await omni.inventory.commitHold({ hold: first.id, lines: [line("shaver", 1)] })
  assert.deepEqual([part.status, part.lines], ["committed", [{ ...line("shaver", 4), held: 0, committed: 1 }]])
  const second = await omni.inventory.hold({ lines: [line("shaver", 4)] })
  const kept = await omni.inventory.commitHold({ hold: second.id, lines: [line("shaver", 1)], rest: "keep" })
  assert.deepEqual([kept.status, kept.lines], ["held", [{ ...line("shaver", 4), held: 3, committed: 1 }]])
  const much = await omni.inventory.safe.commitHold({ hold: second.id, lines: [line("shaver", 2), line("shaver", 2)] })
  assert.isTrue(!much.ok && much.error instanceof NotHeld && much.error.held === 3)
  assert.deepEqual((await omni.inventory.levels({ location: "lyon" })).items, [
    { id: "shaver@lyon", row: level({ sku: "shaver", location: "lyon", onHand: 8, reserved: 3 }) }
  ])
  const ended = await omni.inventory.releaseHold({ hold: second.id })
  assert.equal(ended.status, "committed")
  const again = await omni.inventory.safe.releaseHold({ hold: second.id })
  assert.isTrue(!again.ok && again.error instanceof HoldClosed)
})

it("holds once for one key", async () => {
  const { omni } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 5)] })
  const call = () => omni.inventory.hold({ lines: [line("shaver", 2)], reference: "cart_1" }, { key: "checkout 1" })
  assert.deepEqual(await call(), await call())
  assert.equal((await omni.inventory.levels({ location: "lyon" })).items[0]?.row.reserved, 2)
})

it("holds for no longer than there are dates, and says so", async () => {
  const { omni } = shop()
  await omni.inventory.receive({ lines: [line("shaver", 2)] })
  const refused = await omni.inventory.safe.hold({ lines: [line("shaver", 2)], ttl: Number.MAX_SAFE_INTEGER })
  assert.deepInclude(refused.ok ? {} : refused.error, { _tag: "InvalidInput" })
  const { id } = await omni.inventory.hold({ lines: [line("shaver", 2)] })
  const longer = await omni.inventory.safe.extendHold({ hold: id, ttl: 8.64e15 })
  assert.deepInclude(longer.ok ? {} : longer.error, { _tag: "InvalidInput" })
  assert.equal((await omni.inventory.holdById({ hold: id })).status, "held")
})
