import { hours } from "@omni/core"
import { define } from "@omni/journeys"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { abandoned, CartChanged, Merged, NOON, open } from "./shop.ts"

const who = fc.constantFrom("visitor", "jane")
const act = fc.oneof(
  fc.record({ does: fc.constant("cart" as const), customer: who, cart: fc.constantFrom("c1", "c2") }),
  fc.record({ does: fc.constant("order" as const), customer: who }),
  fc.record({ does: fc.constant("drain" as const) })
)
const program = fc.tuple(fc.array(act, { maxLength: 8 }), fc.array(act, { maxLength: 5 }))
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

/** The carts that somebody still has open at the end: those changed after the last order of the same person. */
const openCarts = (acts: ReadonlyArray<Act>, personOf: (customer: string, at: number) => string): ReadonlySet<string> => {
  let living: ReadonlyArray<{ readonly customer: string; readonly cart: string }> = []
  for (const [at, act] of acts.entries()) {
    if (act.does === "cart") living = [...living, act]
    if (act.does === "order") living = living.filter(({ customer }) => personOf(customer, at) !== personOf(act.customer, at))
  }
  return new Set(living.map(({ cart }) => cart))
}

/** An app in which the visitor turns out to be Jane, known to everybody from the commit on that says so. */
const shopWithMerge = () => {
  let one = false
  const shop = open({
    journeys: {
      identities: (_, customer) => (one ? ["jane", "visitor"] : [customer]),
      customersMerged: Merged,
      journeys: [abandoned]
    }
  })
  const merge = async () => {
    await shop.omni.shop.merge({ data: { from: "visitor", into: "jane" } })
    one = true
  }
  return { ...shop, merge }
}

it("overlooks no order, and tells nobody twice, whenever customers merge and whenever anybody looks", async () => {
  let told = 0
  await fc.assert(
    fc.asyncProperty(program, async ([before, after]) => {
      const { clock, drivers, merge, omni } = shopWithMerge()
      const play = async (acts: ReadonlyArray<Act>) => {
        for (const act of acts) {
          if (act.does === "cart") await omni.shop.cart({ data: { ...act, total: 1 } })
          if (act.does === "order") await omni.shop.order({ data: { order: "o1", customer: act.customer } })
          if (act.does === "drain") await omni.drain()
        }
      }
      await play(before)
      await merge()
      await play(after)
      await omni.drain()
      clock.advance(hours(1))
      await omni.drain()
      await omni.drain()
      const texts = drivers.push.messages.map(({ content }) => content.text.slice(-2))
      const all = [...before, ...after]
      // An order of one of the two before the merge may also end what the other had, when it is looked at after it.
      const most = openCarts(all, (customer, at) => (at < before.length ? customer : "jane"))
      const least = openCarts(all, () => "jane")
      assert.equal(new Set(texts).size, texts.length, "somebody was told twice")
      assert.includeMembers([...most], texts)
      assert.includeMembers(texts, [...least])
      told += texts.length
    }),
    { numRuns: 120 }
  )
  assert.isAbove(told, 20, "somebody was told something")
}, 60_000)

it("enters somebody once who may enter once, by whichever id", async () => {
  let one = false
  const once = define({ id: "once", on: CartChanged, again: "never", steps: [] })
  const { omni } = open({
    journeys: { identities: (_, customer) => (one ? ["jane", "visitor"] : [customer]), customersMerged: Merged, journeys: [once] }
  })
  await omni.shop.cart({ data: { cart: "c1", customer: "visitor", total: 1 } })
  await omni.drain()
  one = true
  await omni.shop.merge({ data: { from: "visitor", into: "jane" } })
  await omni.shop.cart({ data: { cart: "c2", customer: "jane", total: 1 } })
  await omni.drain()
  assert.lengthOf((await omni.journeys.entriesOf({ customer: "jane" })).items, 0)
})

it("goes by the log between machines whose clocks differ", async () => {
  const ahead = open({ clock: clockAt(NOON + 5_000) })
  const behind = open({ clock: clockAt(NOON), store: ahead.store.shared(), drivers: ahead.drivers })
  await ahead.omni.shop.cart({ data: { cart: "c1", customer: "jane", total: 1 } })
  await ahead.omni.drain()
  await behind.omni.shop.order({ data: { order: "o1", customer: "jane" } })
  ahead.clock.advance(hours(2))
  await ahead.omni.drain()
  await ahead.omni.drain()
  assert.lengthOf(ahead.drivers.push.messages, 0)
})
