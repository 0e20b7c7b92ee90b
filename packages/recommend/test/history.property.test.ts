import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { recommend } from "@omni/recommend"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { NOON } from "./shop.ts"

const open = () => createOmni({ store: memory(), modules: { recommend: recommend({ consent: () => true, slots: { home: {} } }) } })
type Shop = ReturnType<typeof open>["recommend"]

const item = fc.constantFrom("tea", "milk", "cake", "cup")
const items = fc.uniqueArray(item, { minLength: 1, maxLength: 3 })
const at = fc.integer({ min: 0, max: 6 }).map((minute) => NOON + minute * 60_000)
const who = fc.constantFrom("browser", "ann")

/** What somebody does, under the id that they have at that moment. */
const deed = fc.oneof(
  fc.record({ kind: fc.constant("view" as const), who, at, item }),
  fc.record({ kind: fc.constant("cart" as const), who, at, items }),
  fc.record({ kind: fc.constant("order" as const), who, at, items })
)
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

/** Each deed has an id of its own, for orders and views are told once; carts, too. */
const record = (shop: Shop, one: Deed, id: string) => {
  const whose = { at: one.at, ...(one.who === "ann" ? { customer: "ann" } : { session: "browser" }) }
  if (one.kind === "view") return shop.recordView({ view: id, item: one.item, ...whose })
  if (one.kind === "cart") return shop.recordCart({ cart: id, items: one.items, ...whose })
  return shop.recordPurchase({ order: id, items: one.items, ...whose })
}

const known = async (shop: Shop) =>
  (await shop.histories({ limit: 1_000 })).items
    .map(({ at: last, history, id }) => ({ id, last, history }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

it("knows the same of a person in whatever order and under whichever id the news came, and however often they were joined", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 8 }), fc.array(fc.nat()), fc.nat(8), async (deeds, shuffle, joinAfter) => {
      const [one, other] = [open(), open()]
      const named = deeds.map((told, index) => ({ told, id: `d${index}` }))
      for (const { id, told } of named) await record(one.recommend, told, id)
      await one.recommend.joinPeople({ from: "browser", into: "ann" })
      const shuffled = named
        .map((told, index) => ({ told, key: shuffle[index] ?? index }))
        .sort((a, b) => a.key - b.key)
        .map(({ told }) => told)
      for (const [index, { id, told }] of shuffled.entries()) {
        if (index === joinAfter) await other.recommend.joinPeople({ from: "browser", into: "ann" })
        await record(other.recommend, told, id)
        await record(other.recommend, told, id)
      }
      await other.recommend.joinPeople({ from: "browser", into: "ann" })
      await other.recommend.joinPeople({ from: "browser", into: "ann" })
      const [left, right] = [await known(one.recommend), await known(other.recommend)]
      assert.deepEqual(right, left)
      assert.isTrue(left.every(({ id }) => id.endsWith("/ann")))
      assert.equal(
        left.reduce((sum, { history }) => sum + history.length, 0),
        deeds.length
      )
      await Promise.all([one.close(), other.close()])
    }),
    { numRuns: 30 }
  )
})
