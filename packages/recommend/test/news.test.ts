import { days, hours } from "@omni/core"
import { InterestRecorded, ReplenishmentDue } from "@omni/recommend"
import { assert, it } from "vitest"

import { NOON, open, sell, shelf } from "./shop.ts"

const itemsOf = ({ items }: { readonly items: ReadonlyArray<{ readonly item: string }> }) => items.map(({ item }) => item)
const slots = { mail: { sources: ["again"] }, till: { sources: ["viewed"] } } as const

const opened = (options: Partial<Parameters<typeof open>[0]> = {}) => {
  const one = open({ ...shelf().ports, slots, ...options })
  const baskets = async () =>
    (await one.shop.histories({})).items.flatMap(({ history }) =>
      history.map(({ at, id, items, kind, person }) => [kind, id, person, items, at - NOON] as const)
    )
  return { ...one, baskets }
}

it("takes what a clock that is ahead tells as of now, and forgets nobody for it", async () => {
  const one = opened()
  await sell(one, { ann: [["tea"]], bob: [["milk"]] })
  await one.shop.recordPurchase({ order: "ahead", customer: "cid", items: ["pen"], at: Date.UTC(2040, 0) })
  await one.learn()
  assert.sameDeepMembers(
    (await one.baskets()).map(([, id, , , at]) => [id, at]),
    [
      ["ahead", days(1)],
      ["ann-0", 0],
      ["bob-1", 0]
    ]
  )
})

it("counts an order once that is told again, later, or with its customer", async () => {
  const { baskets, omni, pass, shop } = opened()
  await shop.recordPurchase({ order: "o1", items: ["tea"] })
  await shop.recordPurchase({ order: "o1", items: ["tea"] })
  assert.deepEqual(await baskets(), [["order", "o1", undefined, ["tea"], 0]])
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  pass(days(3))
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  assert.deepEqual(await baskets(), [["order", "o1", "ann", ["tea"], 0]])
  assert.equal((await omni.events({ types: [InterestRecorded] })).events.length, 2)
})

it("knows how many were bought, of lines that name an item twice too, and of what is left when some of it came back", async () => {
  const { omni, shop } = opened()
  const items = ["tea", { item: "milk", quantity: 3 }, "tea", "cake", { item: "milk", quantity: 1 }]
  const kept = async () => (await shop.histories({})).items.flatMap(({ history }) => history.map((one) => [one.items, one.quantities]))
  await shop.recordPurchase({ order: "o1", customer: "ann", items })
  await shop.recordPurchase({ order: "o1", customer: "ann", items })
  assert.deepEqual(await kept(), [
    [
      ["tea", "milk", "cake"],
      [2, 4, 1]
    ]
  ])
  assert.lengthOf((await omni.events({ types: [InterestRecorded] })).events, 1)
  await shop.forgetPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  await shop.recordPurchase({ order: "o1", customer: "ann", items })
  assert.deepEqual(await kept(), [
    [
      ["milk", "cake"],
      [4, 1]
    ]
  ])
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea", "milk", "cake"] })
  assert.deepEqual(await kept(), [[["milk", "cake"], undefined]])
  const wrong = await shop.safe.recordPurchase({ order: "o2", customer: "ann", items: ["tea", { item: "milk", quantity: 0 }] })
  assert.include(wrong.ok ? "" : wrong.error.message, "items.1.quantity")
})

it("expects what was bought in a larger quantity later", async () => {
  const { learn, pass, shop } = opened()
  for (const [order, quantity] of [1, 1, 1, 5].entries()) {
    await shop.recordPurchase({ order: `ann ${order}`, customer: "ann", items: ["tea"] })
    await shop.recordPurchase({ order: `bob ${order}`, customer: "bob", items: [{ item: "tea", quantity }] })
    pass(days(10))
  }
  await learn()
  const [ann] = await shop.replenishment({ customer: "ann" })
  const [bob] = await shop.replenishment({ customer: "bob" })
  assert.deepInclude(ann, { item: "tea", every: 10 })
  assert.deepInclude(bob, { item: "tea", every: 13.8 })
})

it("keeps of an order what did not come back", async () => {
  const { baskets, shop } = opened()
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea", "milk"] })
  await shop.recordPurchase({ order: "o2", items: ["tea", "milk"] })
  for (const who of [{ order: "o1", customer: "ann" }, { order: "o2" }]) {
    await shop.forgetPurchase({ ...who, items: ["milk", "never bought"] })
    await shop.forgetPurchase({ ...who, items: ["milk"] })
  }
  assert.sameDeepMembers(await baskets(), [
    ["order", "o1", "ann", ["tea"], 0],
    ["order", "o2", undefined, ["tea"], 0]
  ])
  // What came back before it was added to the order is known to whoever was told, by whichever name.
  await shop.recordPurchase({ order: "o3", customer: "bob", items: ["tea"] })
  await shop.forgetPurchase({ order: "o3", items: ["cake"] })
  for (const items of [["tea"], ["tea", "cake"]]) await shop.recordPurchase({ order: "o3", customer: "bob", items })
  assert.deepInclude(await baskets(), ["order", "o3", "bob", ["tea"], 0])
  await shop.forgetPurchase({ order: "o3", customer: "bob" })
  await shop.forgetPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  await shop.forgetPurchase({ order: "o2", items: ["tea"] })
  assert.deepEqual(await baskets(), [])
})

it("has nothing to take out of what was erased", async () => {
  const { omni, shop } = opened({ replenishBefore: days(3) })
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  await omni.erase("ann")
  assert.isTrue((await shop.safe.forgetPurchase({ order: "o1", customer: "ann" })).ok)
})

it("counts a cart no more that was ordered or emptied, though news of it come late or from a session", async () => {
  const { baskets, shop } = opened()
  await shop.recordCart({ cart: "of a session", session: "browser", items: ["tea"] })
  await shop.recordPurchase({ order: "o1", cart: "of a session", customer: "ann", items: ["tea"] })
  await shop.joinPeople({ from: "browser", into: "ann" })
  await shop.joinPeople({ from: "browser", into: "ann" })
  await shop.recordPurchase({ order: "o2", cart: "told late", customer: "ann", items: ["milk"], at: NOON - hours(1) })
  await shop.recordCart({ cart: "told late", customer: "ann", items: ["milk"], at: NOON - hours(2) })
  await shop.recordCart({ cart: "emptied", customer: "ann", items: [], at: NOON - hours(1) })
  await shop.recordCart({ cart: "emptied", customer: "ann", items: ["pen"], at: NOON - hours(2) })
  assert.sameDeepMembers(
    (await baskets()).map(([kind, id]) => [kind, id]),
    [
      ["order", "o1"],
      ["order", "o2"]
    ]
  )
})

const told = async ({ omni }: ReturnType<typeof opened>) =>
  (await omni.events({ types: [ReplenishmentDue] })).events.map(({ subject }) => subject)

/** Lets people buy coffee four times, thirty days apart, and look a day before they are told that it runs out. */
const coffee = async (
  { omni, pass, shop }: ReturnType<typeof opened>,
  ...people: ReadonlyArray<{ customer: string } | { session: string }>
) => {
  for (let order = 0; order < 4; order++) {
    if (order > 0) pass(days(30))
    for (const who of people) await shop.recordPurchase({ order: `${order} ${JSON.stringify(who)}`, items: ["coffee"], ...who })
    await omni.drain()
  }
  pass(days(26))
}

it("tells what runs out once, under the id that holds, of who turned out to be one person or was a visitor", async () => {
  for (const from of ["anna", "browser"]) {
    const merged = new Map<string, string>()
    const idsOf = (customer: string): ReadonlyArray<string> => {
      const first = merged.get(customer) ?? customer
      return [first, ...[...merged].flatMap(([one, into]) => (into === first ? [one] : []))]
    }
    const one = opened({ replenishBefore: days(3), identities: (_, customer) => idsOf(customer) })
    await coffee(one, ...(from === "anna" ? [{ customer: "anna" }, { customer: "ann" }] : [{ session: "browser" }]))
    merged.set(from, "ann")
    await one.shop.joinPeople({ from, into: "ann" })
    await one.omni.drain()
    assert.deepEqual(await told(one), [])
    one.pass(days(2))
    await one.omni.drain()
    assert.deepEqual(await told(one), ["ann"])
  }
})

it("tells what ran out while nothing ran, though something else was bought meanwhile", async () => {
  const one = opened({ replenishBefore: days(3) })
  await coffee(one, { customer: "ann" })
  one.pass(days(2))
  await one.shop.recordPurchase({ order: "pen", customer: "ann", items: ["pen"] })
  await one.omni.drain()
  assert.deepEqual(await told(one), ["ann"])
  one.pass(hours(1))
  await one.shop.recordPurchase({ order: "ink", customer: "ann", items: ["ink"] })
  await one.omni.drain()
  assert.deepEqual(await told(one), ["ann"])
})

it("says every day of what is bought each day or so, and lately of the last three months", async () => {
  const { pass, shop } = opened()
  for (let order = 0; order < 4; order++) {
    await shop.recordPurchase({ order: `o${order}`, customer: "ann", items: ["milk"] })
    pass(days(1.2))
  }
  const mail = await shop.forSlot({ slot: "mail", customer: "ann" })
  assert.equal(mail.items[0]?.reasons[0]?.sentence, "Replaces what you buy every day")
  await shop.recordView({ customer: "ann", item: "tent" })
  pass(days(89))
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "till", customer: "ann" })), ["tent"])
  pass(days(1))
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "till", customer: "ann" })), [])
})
