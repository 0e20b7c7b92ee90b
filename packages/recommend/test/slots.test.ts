import { days } from "@omni/core"
import { type Curated, ReplenishmentDue } from "@omni/recommend"
import { assert, it } from "vitest"

import { open, sell, shelf } from "./shop.ts"

const itemsOf = ({ items }: { readonly items: ReadonlyArray<{ readonly item: string }> }) => items.map(({ item }) => item)
const leads = (from: string, kind: Curated["kind"], ...to: ReadonlyArray<string>): ReadonlyArray<Curated> =>
  to.map((one) => ({ from, kind, to: one }))

it("takes so many of a category and no more, and says what it passed over", async () => {
  const { facts, ports, relations } = shelf()
  const { shop } = open({ ...ports, slots: { page: { limit: 3, perCategory: 1 }, wide: { limit: 3 } } })
  for (const [item, category] of Object.entries({ tea: "drinks", milk: "drinks", cake: "food", pen: "office" }))
    facts.set(item, { categories: [category, "all"] })
  relations.push(...leads("cup", "cross-sell", "tea", "milk", "cake", "pen"))
  const page = await shop.forSlot({ slot: "page", items: ["cup"], explain: true })
  assert.deepEqual(itemsOf(page), ["tea", "cake", "pen"])
  assert.deepEqual(page.dropped, [{ item: "milk", code: "enough-of-its-category" }])
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "wide", items: ["cup"] })), ["tea", "milk", "cake"])
})

it("shows nothing that is there already, excluded, hidden, sold out or bought before, and says which", async () => {
  const { facts, hidden, ports, relations, soldOut } = shelf()
  const { shop } = open({ ...ports, slots: { page: {}, again: { repeats: true } } })
  relations.push(...leads("cup", "cross-sell", "cup", "spoon", "excluded", "hidden", "sold out", "bought", "tea"))
  hidden.add("hidden")
  soldOut.add("sold out")
  await shop.recordPurchase({ order: "o1", customer: "ann", items: ["bought"] })
  const asked = { customer: "ann", items: ["cup"], cart: ["spoon"], exclude: ["excluded"], explain: true } as const
  const page = await shop.forSlot({ slot: "page", ...asked })
  assert.deepEqual(itemsOf(page), ["tea"])
  assert.sameDeepMembers(
    [...(page.dropped ?? [])],
    [
      { item: "cup", code: "already-there" },
      { item: "spoon", code: "already-there" },
      { item: "excluded", code: "excluded" },
      { item: "bought", code: "bought-before" },
      { item: "hidden", code: "not-shown-here" },
      { item: "sold out", code: "out-of-stock" }
    ]
  )
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "again", ...asked })), ["bought", "tea"])
  facts.set("bought", { categories: [], repeatable: true })
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "page", ...asked })), ["bought", "tea"])
})

it("never shows what a rule forbids beside what is there or what is shown, whichever comes first", async () => {
  const { facts, hidden, ports, relations } = shelf()
  const { shop } = open({
    ...ports,
    slots: { cart: {}, mail: {} },
    rules: [
      { never: { category: "alcohol" }, beside: { category: "toys" } },
      { never: { tag: "adult" }, when: ({ slot }) => slot === "mail" },
      { never: { test: (item) => item.startsWith("knife") }, beside: { item: "teddy" } }
    ]
  })
  for (const [item, category] of Object.entries({ wine: "alcohol", beer: "alcohol", teddy: "toys", kite: "toys" }))
    facts.set(item, { categories: [category], tags: category === "alcohol" ? ["adult"] : [] })
  relations.push(
    ...leads("basket", "cross-sell", "wine", "teddy", "beer"),
    ...leads("bag", "cross-sell", "teddy", "wine", "knife block", "kite")
  )
  const shown = async (slot: "cart" | "mail", ...cart: ReadonlyArray<string>) => itemsOf(await shop.forSlot({ slot, cart }))
  assert.deepEqual(await shown("cart", "basket"), ["wine", "beer"])
  assert.deepEqual(await shown("cart", "bag"), ["teddy", "kite"])
  assert.deepEqual(await shown("cart", "basket", "kite"), ["teddy"])
  assert.deepEqual(await shown("cart", "bag", "beer"), ["wine", "knife block"])
  assert.deepEqual(await shown("mail", "basket"), ["teddy"])
  // What may not be shown here is in the cart all the same.
  hidden.add("teddy")
  assert.deepEqual(await shown("cart", "bag", "teddy"), ["wine"])
  hidden.clear()
  // All of the cart counts, not only the part that recommendations follow from.
  const many = ["kite", ...Array.from({ length: 2_000 }, (_, at) => `line-${at}`), "basket"]
  assert.deepEqual(await shown("cart", ...many), ["teddy"])
})

it("puts in place of what is sold out what is declared, then what is near and of its category; better ones within the band", async () => {
  const { facts, ports, relations, soldOut } = shelf()
  const opened = open({
    ...ports,
    slots: { page: { sources: ["substitutes", "up-sell"] } },
    upSell: (_view, item) => (item === "lamp" ? [{ item: "lamp plus", text: "brighter" }] : [])
  })
  const { learn, shop } = opened
  for (const item of ["lamp", "lantern", "torch"]) facts.set(item, { categories: ["light"], name: `The ${item}` })
  facts.set("bulb", { categories: ["parts"] })
  await sell(opened, {
    ann: [["lamp", "lantern", "bulb"]],
    bob: [["lamp", "bulb"]],
    cid: [["lamp", "lantern"]],
    dan: [["pen", "ink"]],
    eve: [["pen"]]
  })
  await learn()
  const page = () => shop.forSlot({ slot: "page", items: ["lamp"] })
  const better = { code: "better-than" as const, facts: { item: "lamp", text: "brighter" }, sentence: "A step up from The lamp: brighter" }
  assert.deepEqual((await page()).items, [{ item: "lamp plus", source: "up-sell", reasons: [better] }])
  soldOut.add("lamp")
  relations.push(...leads("lamp", "substitute", "torch"))
  assert.deepEqual(itemsOf(await page()), ["torch", "lantern", "lamp plus"])
  assert.equal((await page()).items[1]?.reasons[0]?.sentence, "In place of The lamp, which is out of stock")
})

it("begins cold with what is popular in the segment and the season, then in either, then at all", async () => {
  const { ports } = shelf()
  const opened = open({
    ...ports,
    slots: { home: { sources: ["popular"], limit: 9 } },
    segment: (_reader, customer) => (customer.startsWith("club") ? "club" : undefined),
    season: (at) => (new Date(at).getUTCMonth() < 6 ? "spring" : "winter")
  })
  const { at, learn, shop } = opened
  const buy = (order: string, customer: string, ...items: ReadonlyArray<string>) => shop.recordPurchase({ order, customer, items })
  at(Date.UTC(2025, 11, 1))
  await buy("1", "club-1", "club punch")
  await buy("2", "ann", "punch")
  await buy("3", "bob", "punch")
  at(Date.UTC(2026, 3, 1))
  await buy("4", "club-2", "club ice")
  await buy("5", "ann", "ice")
  await buy("6", "bob", "ice")
  at(Date.UTC(2026, 3, 2))
  await learn()
  const stranger = await shop.forSlot({ slot: "home" })
  assert.deepEqual(itemsOf(stranger).slice(0, 2), ["ice", "club ice"])
  assert.deepEqual(stranger.items[0]?.reasons[0], {
    code: "popular",
    facts: { season: "spring" },
    sentence: "Popular at this time of the year"
  })
  const member = await shop.forSlot({ slot: "home", customer: "club-9", locale: "es" })
  assert.deepEqual(itemsOf(member).slice(0, 3), ["club ice", "club punch", "ice"])
  assert.equal(member.items[0]?.reasons[0]?.sentence, "Popular entre clientes como tú")
  at(Date.UTC(2026, 11, 1))
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "home", segment: "club" })).slice(0, 1), ["club punch"])
})

it("takes a cart for what it is now, and an order for the cart that it was", async () => {
  const { ports } = shelf()
  const { shop } = open({ ...ports, slots: { home: {} } })
  const histories = async () =>
    (await shop.histories({})).items.flatMap(({ history }) => history.map(({ id, items, kind }) => [kind, id, items]))
  await shop.recordCart({ cart: "c1", customer: "ann", items: ["tea", "milk", "tea"] })
  assert.deepEqual(await histories(), [["cart", "c1", ["tea", "milk"]]])
  await shop.recordCart({ cart: "c1", customer: "ann", items: ["tea"] })
  assert.deepEqual(await histories(), [["cart", "c1", ["tea"]]])
  await shop.recordPurchase({ order: "o1", cart: "c1", customer: "ann", items: ["tea"] })
  await shop.recordPurchase({ order: "o1", cart: "c1", customer: "ann", items: ["tea"] })
  assert.deepEqual(await histories(), [["order", "o1", ["tea"]]])
  await shop.forgetPurchase({ order: "o1", customer: "ann" })
  assert.deepEqual(await histories(), [])
  await shop.recordPurchase({ order: "o2", items: ["tea"] })
  assert.deepEqual(await histories(), [["order", "o2", ["tea"]]])
  await shop.forgetPurchase({ order: "o2" })
  await shop.recordCart({ cart: "c2", customer: "ann", items: [] })
  assert.deepEqual(await histories(), [])
})

it("answers what is empty or huge within its bounds, and refuses what is wrong with where and what", async () => {
  const { ports } = shelf()
  const { omni, shop } = open({ ...ports, slots: { cart: {} } })
  assert.deepEqual(await shop.forSlot({ slot: "cart", limit: 0 }), { slot: "cart", items: [], personal: false })
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "cart", items: [], cart: ["unknown", "unknown"] })), [])
  const lines = Array.from({ length: 10_000 }, (_, at) => `line-${at}`)
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "cart", cart: lines, customer: "ann" })), [])
  await shop.recordPurchase({ order: "huge", customer: "ann", items: lines })
  assert.equal((await shop.histories({})).items[0]?.history[0]?.items.length, 1_000)
  for (let order = 0; order < 8; order++) await shop.recordPurchase({ order: `huge-${order}`, customer: "ann", items: lines })
  assert.deepEqual((await shop.histories({})).items[0]?.history.map(({ id }) => id).sort(), [
    "huge",
    "huge-0",
    "huge-1",
    "huge-2",
    "huge-3"
  ])
  const wrong = [
    { input: { slot: "checkout" }, path: "slot", says: "Name a slot of the options: cart" },
    { input: { slot: "cart", limit: -1 }, path: "limit", says: ">=0" },
    { input: { slot: "cart", limit: 1_000 }, path: "limit", says: "<=100" },
    { input: { slot: "cart", cart: [...lines, "more"] }, path: "cart", says: "<=10000" },
    { input: { slot: "cart", items: [""] }, path: "items.0", says: ">=1" },
    { input: { slot: "cart", locale: "not a tag" }, path: "locale", says: "BCP 47" }
  ]
  for (const { input, path, says } of wrong) {
    const refused = await shop.safe.forSlot(input as { slot: "cart" })
    const { issues = [] } = (refused.ok ? {} : refused.error) as { issues?: ReadonlyArray<{ path: string; message: string }> }
    assert.include(JSON.stringify(issues), says)
    assert.include(JSON.stringify(issues), path.split(".")[0] ?? "")
  }
  for (const call of [
    shop.safe.recordPurchase({ order: "o", items: [] }),
    shop.safe.recordShown({ slot: "cart", items: lines }),
    shop.safe.replenishment({ within: -1 })
  ])
    assert.deepInclude(await call.then((result) => (result.ok ? {} : result.error)), { _tag: "InvalidInput" })
  assert.isEmpty((await omni.deadLetters()).items)
})

it("speaks languages of the app's own, sentence by sentence", async () => {
  const { ports, relations } = shelf()
  const { shop } = open({ ...ports, slots: { page: {} }, sentences: { de: { "goes-with": (_, name) => `Passt zu ${name}` } } })
  relations.push(...leads("cup", "cross-sell", "tea"), ...leads("cup", "accessory", "spoon"))
  const { items } = await shop.forSlot({ slot: "page", items: ["cup"], locale: "de-CH" })
  assert.deepEqual(
    items.map(({ reasons }) => reasons[0]?.sentence),
    ["Passt zu cup", "Made for cup"]
  )
})

it("shows again what runs out, though it was bought before", async () => {
  const { ports } = shelf()
  const opened = open({ ...ports, slots: { mail: { sources: ["again", "for-you"] } } })
  const { learn, pass, shop } = opened
  for (let order = 0; order < 4; order++) {
    await shop.recordPurchase({ customer: "ann", order: `o${order}`, items: ["coffee"] })
    pass(days(34))
  }
  await learn()
  const { items } = await shop.forSlot({ slot: "mail", customer: "ann" })
  assert.equal(items[0]?.reasons[0]?.sentence, "Replaces what you buy every 34 days")
})

it("does not say that what is not bought again runs out", async () => {
  const { facts, ports } = shelf()
  const opened = open({ ...ports, replenishBefore: days(3), slots: { mail: { sources: ["again"] } } })
  const { omni, pass, shop } = opened
  facts.set("tent", { categories: [], repeatable: false })
  for (let order = 0; order < 2; order++) {
    if (order > 0) pass(days(30))
    await shop.recordPurchase({ customer: "ann", order: `o${order}`, items: ["tent", "gas"] })
    await omni.drain()
  }
  pass(days(28))
  await omni.drain()
  assert.deepEqual(itemsOf(await shop.forSlot({ slot: "mail", customer: "ann" })), ["gas"])
  assert.deepEqual(
    (await shop.replenishment({ customer: "ann" })).map(({ item }) => item),
    ["gas"]
  )
  const { events } = await omni.events({ types: [ReplenishmentDue] })
  assert.deepEqual(
    events.map(({ data }) => ReplenishmentDue.schema.parse(data).items?.map(({ item }) => item)),
    [["gas"]]
  )
})
