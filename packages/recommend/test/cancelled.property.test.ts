import { days, hours } from "@omni/core"
import { buildModels } from "@omni/recommend"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { NOON, open, shelf } from "./shop.ts"

const who = fc.constantFrom("ann", "browser", "both", "nobody")

/** What may be told of one order, by a till, a web shop and whoever repeats them. */
const news = fc.oneof(
  fc.record({
    told: fc.constant("bought" as const),
    who,
    ago: fc.constantFrom(undefined, 0, 5)
  }),
  fc.record({ told: fc.constant("cancelled" as const), who }),
  fc.record({ told: fc.constant("back" as const), who, item: fc.constantFrom("milk", "cake") }),
  fc.record({ told: fc.constant("joined" as const) })
)
type News = typeof news extends fc.Arbitrary<infer N> ? N : never

const ORDER = ["tea", "milk", "cake"]

const whose = (who: string) => ({
  ...(who === "ann" || who === "both" ? { customer: "ann" } : {}),
  ...(who === "browser" || who === "both" ? { session: "browser" } : {})
})

const at = (ago: number | undefined) => (ago === undefined ? {} : { at: NOON - hours(ago) })

const agrees = fc.constantFrom("always", "never", "since later", "no more")

it("counts an order without what came back of it, once, in whatever order it is told, cancelled and told again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(news, { minLength: 1, maxLength: 8 }), agrees, async (all, consent) => {
      const { ports, refused } = shelf()
      const { omni, pass, shop } = open({ ...ports, slots: { home: {} } })
      const refuse = () => ["ann", "browser"].forEach((id) => refused.add(id))
      if (consent === "never" || consent === "since later") refuse()
      const tell = async (one: News) => {
        // Who does not agree any more is forgotten when they are joined, and with them what came back.
        if (one.told === "joined") await (consent === "no more" ? undefined : shop.joinPeople({ from: "browser", into: "ann" }))
        else if (one.told === "bought") await shop.recordPurchase({ order: "o1", items: ORDER, ...whose(one.who), ...at(one.ago) })
        else await shop.forgetPurchase({ order: "o1", ...whose(one.who), ...(one.told === "back" ? { items: [one.item] } : {}) })
        pass(60_000)
      }
      for (const one of all.slice(0, all.length >> 1)) await tell(one)
      if (consent === "since later") refused.clear()
      if (consent === "no more") refuse()
      for (const one of all.slice(all.length >> 1)) await tell(one)
      await tell({ told: "joined" })
      await tell({ told: "bought", who: "both", ago: undefined })
      const back = new Set<string>(all.flatMap((one) => (one.told === "back" ? [one.item] : [])))
      const left = all.some(({ told }) => told === "cancelled") ? [] : ORDER.filter((item) => !back.has(item))
      const counted = (await shop.histories({})).items.flatMap(({ history }) => history)
      assert.deepEqual(
        counted.map(({ id, items }) => ({ id, items })),
        left.length === 0 ? [] : [{ id: "o1", items: left }]
      )
      await omni.close()
    }),
    { numRuns: 200 }
  )
})

it("remembers of what was cancelled its id alone, and as long as histories are kept", async () => {
  const { pass, shop } = open({ ...shelf().ports, slots: { home: {} } })
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  await shop.forgetPurchase({ order: "o1", customer: "ann" })
  await shop.forgetPurchase({ order: "o1", customer: "ann" })
  const { items } = await shop.histories({})
  assert.deepEqual(
    items.map(({ history, id }) => ({ id, history })),
    [{ id: "sale/o1", history: [] }]
  )
  pass(days(100))
  await shop.recordPurchase({ order: "o2", customer: "ann", items: ["tea"] })
  await buildModels(shop, { always: true, keep: days(99) })
  assert.deepEqual(
    (await shop.histories({})).items.map(({ id }) => id),
    ["order/ann"]
  )
  const [model] = await shop.models({})
  assert.deepInclude(model, { histories: 1, baskets: 1 })
})
