import { days } from "@omni/core"
import { type Basket, buildModels, learn } from "@omni/recommend"
import { assert, it } from "vitest"

import { open, sell, shelf } from "./shop.ts"

const itemsOf = ({ items }: { readonly items: ReadonlyArray<{ readonly item: string }> }) => items.map(({ item }) => item)
const slots = { home: { sources: ["for-you"] }, till: { sources: ["viewed"] }, product: { sources: ["together"] } } as const

it("learns nothing personal from who agrees no more, though it is still there", async () => {
  const { ports, refused } = shelf()
  const { shop } = open({ ...ports, slots })
  await shop.recordPurchase({ customer: "ann", order: "o1", items: ["tea", "milk"] })
  await shop.recordView({ customer: "ann", item: "pills" })
  await shop.recordView({ customer: "bob", item: "kettle" })
  refused.add("ann")
  const seen: Array<Basket> = []
  await buildModels(shop, {
    always: true,
    learn: (baskets, options) => {
      seen.push(...baskets)
      return learn(baskets, options)
    }
  })
  assert.sameDeepMembers(
    seen.map(({ items, person }) => [person, items]),
    [
      [undefined, ["tea", "milk"]],
      ["bob", ["kettle"]]
    ]
  )
})

it("counts an order once that is told again after its customer agrees no more", async () => {
  const { ports, refused } = shelf()
  const { shop } = open({ ...ports, slots })
  await shop.recordPurchase({ customer: "ann", order: "o1", items: ["tea", "milk"] })
  refused.add("ann")
  assert.equal(await shop.recordPurchase({ customer: "ann", order: "o1", items: ["tea", "milk"] }), "anonymous")
  assert.deepEqual(
    (await shop.histories({})).items.flatMap(({ history }) => history.map(({ id, person }) => [id, person])),
    [["o1", undefined]]
  )
})

it("keeps nothing of who was erased, nor a segment, nor an order's items beside their name in the log", async () => {
  const { ports, refused } = shelf()
  const { omni, shop } = open({ ...ports, slots, segment: () => "expecting", replenishBefore: days(1) })
  refused.add("ann")
  await shop.recordPurchase({ customer: "ann", order: "o1", items: ["pills"] })
  refused.delete("ann")
  await shop.recordPurchase({ customer: "ann", order: "o1", items: ["pills"] })
  await shop.recordView({ customer: "ann", item: "cradle" })
  await shop.recordShown({ slot: "home", customer: "ann", items: ["tea"] })
  await omni.drain()
  await omni.erase("ann")
  const left = await shop.histories({})
  assert.notInclude(JSON.stringify(left), "expecting")
  assert.notInclude(JSON.stringify(await omni.events({})), "pills")
  await omni.drain()
  assert.isEmpty((await shop.histories({})).items)
})

it("does not take a session for a sale of nobody known, whatever a browser calls itself", async () => {
  const { ports } = shelf()
  const { shop } = open({ ...ports, slots })
  await shop.recordPurchase({ order: "o1", items: ["pills"] })
  for (const session of ["o1", "sale/o1", "basket o1"]) {
    assert.isFalse((await shop.forSlot({ slot: "home", session })).personal, session)
    await shop.recordPurchase({ order: `of ${session}`, session, items: ["tea"] })
  }
  assert.lengthOf((await shop.histories({})).items, 4)
})

it("does not hand to a customer what a visitor agreed to no more, when they sign in, are joined, or are asked for together", async () => {
  for (const way of ["asked", "recorded", "joined"] as const) {
    const { ports, refused } = shelf()
    const { shop } = open({ ...ports, slots })
    await shop.recordView({ session: "browser", item: "pills" })
    refused.add("browser")
    const session = { customer: "ann", session: "browser" }
    if (way === "asked") assert.isFalse((await shop.forSlot({ slot: "till", ...session })).personal)
    if (way === "recorded") await shop.recordView({ item: "tea", ...session })
    if (way === "joined") await shop.joinPeople({ from: "browser", into: "ann" })
    const till = await shop.forSlot({ slot: "till", customer: "ann" })
    assert.deepEqual(itemsOf(till), way === "recorded" ? ["tea"] : [])
    refused.delete("browser")
    assert.equal((await shop.forSlot({ slot: "till", session: "browser" })).personal, way === "asked")
  }
})

it("takes out what was cancelled also while somebody does not agree", async () => {
  const { ports, refused } = shelf()
  const { shop } = open({ ...ports, slots })
  await shop.recordPurchase({ customer: "ann", order: "o1", items: ["tea"] })
  refused.add("ann")
  await shop.forgetPurchase({ customer: "ann", order: "o1" })
  assert.isEmpty((await shop.histories({})).items.flatMap(({ history }) => history))
})

it("names in the log no items beside a customer who acts and did not agree", async () => {
  const { ports, refused } = shelf()
  const { omni } = open({ ...ports, slots })
  refused.add("ann")
  const { recommend } = omni.as({ kind: "customer", id: "ann" })
  await recommend.recordPurchase({ customer: "ann", order: "o1", items: ["pills"] })
  await recommend.recordShown({ slot: "home", customer: "ann", items: ["pills"] })
  const { events } = await omni.events({})
  assert.deepEqual(
    events.map(({ actor, type }) => [type, actor.id]),
    [
      ["recommend.InterestRecorded", "ann"],
      ["recommend.RecommendationShown", "ann"]
    ]
  )
  assert.notInclude(JSON.stringify(events), "pills")
  await omni.recommend.recordShown({ slot: "home", items: ["tea"] })
  assert.include(JSON.stringify(await omni.events({})), "tea")
})

it("tells how many bought both from so many on, and what is popular in a segment from so many people on", async () => {
  const { ports } = shelf()
  const options = {
    ...ports,
    slots: { ...slots, popular: { sources: ["popular"], repeats: true } },
    segment: (_: unknown, customer: string) => (customer.startsWith("vip") ? "vip" : "others")
  } as const
  const reasonsOf = async (atLeast: number) => {
    const opened = open({ ...options, atLeast })
    const { learn: build, shop } = opened
    await sell(opened, {
      ...Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`c${at}`, [["tea", "milk"]]])),
      ...Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`d${at}`, [["pen", "ink"]]])),
      "vip-1": [["pills"]],
      "vip-2": [["pills"]]
    })
    await build()
    const page = await shop.forSlot({ slot: "product", items: ["tea"] })
    const vips = await shop.forSlot({ slot: "popular", segment: "vip" })
    return [page.items[0]?.reasons[0]?.code, vips.items[0]?.item, vips.items[0]?.reasons[0]?.facts["segment"]]
  }
  assert.deepEqual((await reasonsOf(2)).slice(0, 2), ["bought-with", "pills"])
  assert.equal((await reasonsOf(3))[0], "bought-with")
  assert.isUndefined((await reasonsOf(3))[2])
  assert.equal((await reasonsOf(6))[0], "chosen-with")
})

it("names no item that may not be shown here", async () => {
  const { hidden, ports } = shelf()
  const opened = open({ ...ports, slots })
  const { learn: build, pass, shop } = opened
  await sell(opened, { ann: [["tea"]], bob: [["tea", "milk"]], cid: [["tea", "milk"]], dan: [["pen", "ink"]], eve: [["pen", "ink"]] })
  pass(days(1))
  await build()
  const sentences = async () => (await shop.forSlot({ slot: "home", customer: "ann" })).items[0]?.reasons.map(({ sentence }) => sentence)
  assert.deepEqual(await sentences(), ["Bought with tea by 2 of 3"])
  hidden.add("tea")
  assert.deepEqual(await sentences(), ["Suggested for you"])
})

it("takes nothing but yes or no for consent, and one answer for each item: a promise agrees to nothing", async () => {
  const late = (async () => false) as never
  const { shop } = open({ ...shelf().ports, slots, consent: late })
  const refused = await shop.recordView({ customer: "ann", item: "tea" }).catch((error: unknown) => error)
  assert.match(String(refused), /^TypeError: The option `consent` gave a promise/)
  for (const [items, gave] of [
    [() => [], "0 answers"],
    [async () => [], "a promise"]
  ] as const) {
    const opened = open({ ...shelf().ports, slots, items: items as never })
    await sell(opened, { ann: [["tea", "milk"]] })
    await opened.learn()
    const wrong = await opened.shop.forSlot({ slot: "product", items: ["tea"] }).catch((error: unknown) => error)
    assert.match(String(wrong), new RegExp(`^TypeError: The option \`items\` gave ${gave} for 1 items`))
  }
})
