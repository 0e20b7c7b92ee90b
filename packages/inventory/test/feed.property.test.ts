import { createOmni, type Position } from "@omni/core"
import { memory } from "@omni/core/memory"
import { type Availability, inventory, stockChanges } from "@omni/inventory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { line, NOW, shop } from "./shop.ts"

it("tells a channel once what has changed, from where it was told last", async () => {
  const { stock, omni } = shop()
  await stock.defineChannel({ channel: "marketplace", buffer: 2 })
  await stock.defineArticle({ sku: "duo", components: [{ sku: "cup", quantity: 2 }] })
  const next = (after?: Position, limit = 100) =>
    stockChanges(omni, stock, { channel: "marketplace", limit, ...(after === undefined ? {} : { after }) })
  const start = await next()
  assert.deepInclude(start, { everything: true, more: false })
  await stock.receive({ lines: [line("cup", 10), line("pot", 4)] })
  await stock.hold({ lines: [line("duo", 1)] })
  await stock.sell({ lines: [line("cup", 1)] })
  const first = await next(start.cursor)
  const told = ({ items }: { readonly items: ReadonlyArray<Availability> }) => items.map(({ sku, available }) => [sku, available])
  assert.sameDeepMembers(told(first), [
    ["cup", 5],
    ["duo", 2],
    ["pot", 2]
  ])
  assert.deepInclude(await next(first.cursor), { items: [], everything: false, cursor: first.cursor })
  await stock.sell({ lines: [line("pot", 1)] })
  assert.deepEqual(told(await next(first.cursor)), [["pot", 1]])
  const listed = await stock.channelListing({ channel: "marketplace" })
  assert.deepEqual(told(listed), [
    ["cup", 5],
    ["pot", 1],
    ["duo", 2]
  ])
})

it(
  "leaves a copy that follows it with what the channel sees, whoever writes meanwhile and however small its pages",
  { timeout: 60_000 },
  async () => {
    const deed = fc.record({
      do: fc.constantFrom("receive", "sell", "hold", "order", "release", "commit", "count", "policy"),
      sku: fc.constantFrom("a", "b", "c", "kit"),
      location: fc.constantFrom("x", "y"),
      quantity: fc.integer({ min: 1, max: 4 })
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { minLength: 5, maxLength: 60, size: "max" }),
        fc.integer({ min: 1, max: 7 }),
        async (deeds, limit) => {
          const clock = clockAt(NOW)
          const store = memory()
          const shops = [store, store.shared()].map((driver) => createOmni({ store: driver, modules: { inventory: inventory() }, clock }))
          const [omni, other] = [shops[0]!, shops[1]!]
          await omni.inventory.defineArticle({
            sku: "kit",
            components: [
              { sku: "a", quantity: 1 },
              { sku: "b", quantity: 2 }
            ]
          })
          await omni.inventory.defineChannel({ channel: "m", buffer: 1, atMost: 6 })
          const copy = new Map<string, number>()
          let cursor: Position | undefined
          const follow = async () => {
            const page = await stockChanges(omni, omni.inventory, {
              channel: "m",
              limit,
              ...(cursor === undefined ? {} : { after: cursor })
            })
            for (const { sku, available } of page.items) copy.set(sku, available)
            cursor = page.cursor
            return page.more
          }
          const holds: Array<string> = []
          const act = async ({ do: what, sku, location, quantity }: (typeof deeds)[number], i: number) => {
            const { safe } = shops[i % 2]!.inventory
            const lines = [line(sku, quantity, location)]
            if (what === "receive") await safe.receive({ lines })
            if (what === "sell") await safe.sell({ lines })
            if (what === "count" && sku !== "kit") await safe.count({ lines })
            if (what === "policy" && sku !== "kit") await safe.defineStock({ sku, location, safetyStock: quantity })
            if (what === "release") await safe.releaseHold({ hold: holds[quantity] ?? "none" })
            if (what === "commit") await safe.commitHold({ hold: holds[quantity] ?? "none" })
            if (what !== "hold" && what !== "order") return
            const held = await safe.hold({ lines, ...(what === "order" ? { for: "order" as const } : {}) })
            if (held.ok) holds.push(held.value.id)
          }
          for (let i = 0; i < deeds.length; i += 4) await Promise.all([...deeds.slice(i, i + 4).map(act), follow()])
          while (await follow());
          const seen = await other.inventory.availability({ items: ["a", "b", "c", "kit"].map((sku) => ({ sku })), channel: "m" })
          for (const { sku, available } of seen) assert.equal(copy.get(sku) ?? 0, available, sku)
          for (const one of shops) await one.close()
        }
      ),
      { numRuns: 60 }
    )
  }
)
