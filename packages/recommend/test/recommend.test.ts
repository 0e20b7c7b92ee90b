import { days } from "@omni/core"
import { assert, it } from "vitest"

import { open, sell, shelf } from "./shop.ts"

const slots = {
  product: { sources: ["related", "together", "popular"], limit: 5 },
  home: { sources: ["for-you", "popular"], limit: 5 },
  till: { sources: ["related", "viewed", "for-you", "popular"], limit: 5 }
} as const

const itemsOf = ({ items }: { readonly items: ReadonlyArray<{ readonly item: string }> }) => items.map(({ item }) => item)

it("learns from orders what goes together, says why, and says it with the declared relation first", async () => {
  const { ports, relations, facts } = shelf()
  const opened = open({ ...ports, slots })
  const { learn, shop } = opened
  facts.set("shaver", { name: "Shaver Seven", categories: ["bath"] })
  await sell(opened, {
    ann: [["shaver", "foam"]],
    bob: [["shaver", "foam"]],
    cid: [["shaver", "case"]],
    dan: [["lamp", "bulb"]],
    eve: [["lamp", "bulb"]]
  })
  const before = await shop.forSlot({ slot: "product", items: ["shaver"] })
  assert.deepEqual(before, { slot: "product", items: [], personal: false })
  const { learnt, versions } = await learn()
  assert.isTrue(learnt)

  const page = await shop.forSlot({ slot: "product", items: ["shaver"] })
  assert.equal(page.model, versions["main"])
  assert.equal(page.items[0]?.item, "foam")
  assert.deepEqual(page.items[0]?.reasons[0], {
    code: "bought-with",
    facts: { item: "shaver", together: 2, of: 3 },
    sentence: "Bought with Shaver Seven by 2 of 3"
  })
  const spanish = await shop.forSlot({ slot: "product", items: ["shaver"], locale: "es-MX" })
  assert.equal(spanish.items[0]?.reasons[0]?.sentence, "2 de 3 lo compraron con Shaver Seven")

  relations.push({ from: "shaver", to: "bag", kind: "cross-sell" })
  const curated = await shop.forSlot({ slot: "product", items: ["shaver"] })
  assert.deepEqual(itemsOf(curated).slice(0, 2), ["bag", "foam"])
  assert.equal(curated.items[0]?.reasons[0]?.code, "goes-with")
})

it("shows a stranger what is popular, and a customer what fits, but not what was bought", async () => {
  const { ports } = shelf()
  const opened = open({ ...ports, slots })
  const { learn, shop } = opened
  const many = (name: string, count: number, baskets: ReadonlyArray<ReadonlyArray<string>>) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}-${at}`, baskets]))
  await sell(opened, {
    ...many("shaves", 100, [["shaver", "foam"]]),
    ...many("reads", 120, [["lamp", "bulb"], ["lamp"]]),
    fay: [["shaver"]]
  })
  await learn()
  const stranger = await shop.forSlot({ slot: "home" })
  assert.isFalse(stranger.personal)
  assert.equal(stranger.items[0]?.item, "lamp")
  assert.equal(stranger.items[0]?.reasons[0]?.code, "popular")
  const fay = await shop.forSlot({ slot: "home", customer: "fay" })
  assert.isTrue(fay.personal)
  assert.equal(fay.items[0]?.item, "foam")
  assert.notInclude(itemsOf(fay), "shaver")
})

it("lets the till see what the customer looked at on the web before signing in", async () => {
  const { ports } = shelf()
  const { pass, shop } = open({ ...ports, slots })
  await shop.recordView({ session: "browser-1", item: "kettle" })
  pass(1_000)
  await shop.recordView({ session: "browser-1", item: "toaster" })
  await shop.joinPeople({ from: "browser-1", into: "ann" })
  const till = await shop.forSlot({ slot: "till", customer: "ann", channel: "store" })
  assert.deepEqual(itemsOf(till), ["toaster", "kettle"])
  assert.equal(till.items[0]?.reasons[0]?.code, "viewed")
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "till", session: "browser-1" })), [])
})

it("uses nothing personal without consent, and keeps nothing", async () => {
  const { ports, refused } = shelf()
  const opened = open({ ...ports, slots })
  const { learn, omni, shop } = opened
  refused.add("ann")
  assert.equal(await shop.recordView({ customer: "ann", item: "kettle" }), "nothing")
  assert.equal(await shop.recordPurchase({ customer: "ann", order: "o1", items: ["kettle", "tea"] }), "anonymous")
  await learn()
  refused.delete("ann")
  assert.deepEqual((await shop.forSlot({ slot: "till", customer: "ann" })).personal, false)
  const { items } = await shop.histories({})
  assert.deepEqual(
    items.map(({ history }) => history.map(({ person }) => person)),
    [[undefined]]
  )
  const { events } = await omni.events({})
  assert.notInclude(JSON.stringify(events), "ann")
  await shop.recordView({ customer: "ann", item: "tea" })
  assert.isTrue((await shop.forSlot({ slot: "till", customer: "ann" })).personal)
  refused.add("ann")
  assert.isFalse((await shop.forSlot({ slot: "till", customer: "ann" })).personal)
  await shop.forgetPerson({ person: "ann" })
  refused.delete("ann")
  assert.isFalse((await shop.forSlot({ slot: "till", customer: "ann" })).personal)
})

it("forgets who is erased at once, and what is learnt next does not know them", async () => {
  const { ports } = shelf()
  const opened = open({ ...ports, slots })
  const { learn, omni, shop } = opened
  await sell(opened, { ann: [["shaver", "foam"]] })
  await omni.erase("ann")
  assert.isFalse((await shop.forSlot({ slot: "home", customer: "ann" })).personal)
  await learn()
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "product", items: ["shaver"] })), [])
})

it("says what runs out and when, and tells it so long before", async () => {
  const { ports } = shelf()
  const opened = open({ ...ports, slots, replenishBefore: days(3) })
  const { learn, omni, pass, shop } = opened
  for (let order = 0; order < 4; order++) {
    await shop.recordPurchase({ customer: "ann", order: `o${order}`, items: ["coffee"] })
    await omni.drain()
    if (order < 3) pass(days(30))
  }
  await learn()
  const [coffee] = await shop.replenishment({ customer: "ann" })
  assert.equal(coffee?.item, "coffee")
  assert.closeTo(coffee?.every ?? 0, 30, 0.1)
  const told = async () => JSON.stringify((await omni.events({})).events).split("recommend.ReplenishmentDue").length - 1
  const before = await told()
  pass(days(26))
  await omni.drain()
  assert.equal(await told(), before)
  pass(days(1))
  await omni.drain()
  assert.equal(await told(), before + 1)
})
