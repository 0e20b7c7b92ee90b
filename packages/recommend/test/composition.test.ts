import { days, hours, minutes } from "@omni/core"
import { memory } from "@omni/core/memory"
import { RecommendationConverted } from "@omni/recommend"
import { assert, it } from "vitest"

import { openWholeShop, stockUp } from "./whole-shop.ts"

const itemsOf = ({ items }: { readonly items: ReadonlyArray<{ readonly item: string }> }) => items.map(({ item }) => item)
const proof = { source: "web form", wording: "personalisation/2026-01" }
const carryOut = { kind: "carry-out", location: "mitte" } as const

const open = async () => {
  const opened = openWholeShop(memory())
  const { omni } = opened
  for (const id of ["bath", "drinks", "toys"]) await omni.catalog.putCategory({ id, name: { en: id } })
  await omni.catalog.putCategory({ id: "alcohol", name: { en: "Alcohol" }, parent: "drinks" })
  await omni.catalog.putCategory({ id: "wine", name: { en: "Wine" }, parent: "alcohol" })
  await stockUp(opened, {
    shaver: { categories: ["bath"], price: 9900 },
    foam: { categories: ["bath"], price: 500 },
    case: { categories: ["bath"], price: 1990 },
    towel: { categories: ["bath"], price: 1500 },
    teddy: { categories: ["toys"], price: 2000 },
    bear: { categories: ["toys"], price: 2100 },
    rioja: { categories: ["wine"], price: 1200 },
    coffee: { categories: ["drinks"], price: 700 }
  })
  return opened
}

type Opened = Awaited<ReturnType<typeof open>>

const person = async ({ omni }: Opened, email: string, agrees = true): Promise<string> => {
  const { profile } = await omni.profile.identify({ identifiers: [{ type: "email", value: email }] })
  if (agrees) await omni.profile.recordConsent({ profile, purpose: "personalisation", status: "granted", proof })
  return profile
}

const buy = async ({ omni }: Opened, customer: string, products: ReadonlyArray<string>): Promise<string> => {
  for (const product of products) await omni.cart.add({ customer, variant: `${product}-1` })
  const { order } = await omni.cart.checkout({ customer, fulfilment: carryOut })
  return order.id
}

it("is one app: carts, orders, profiles, stock and the catalogue say what is shown, in one createOmni", async () => {
  const opened = await open()
  const { omni, pass, root } = opened
  for (const email of ["a@example.com", "b@example.com", "c@example.com"]) {
    await buy(opened, await person(opened, email, email !== "c@example.com"), ["shaver", "foam"])
    pass(hours(1))
  }
  await buy(opened, await person(opened, "d@example.com"), ["teddy", "rioja"])
  await root.drain()
  assert.isTrue((await omni.recommend.learning({})).isDue === false)
  pass(minutes(10))
  await root.drain()
  assert.isAbove((await omni.recommend.models({})).length, 0)
  assert.isFalse((await omni.recommend.learning({})).isDue)

  const page = await omni.recommend.forSlot({ slot: "product", items: ["shaver"], channel: "web" })
  assert.equal(page.items[0]?.item, "foam")
  assert.equal(page.items[0]?.reasons[0]?.sentence, "Bought with Shaver by 3 of 3")

  await omni.catalog.relate({ from: "shaver", kind: "accessory", to: ["case"] })
  await omni.catalog.relate({ from: "foam", kind: "substitute", to: ["towel"] })
  assert.deepEqual(itemsOf(await omni.recommend.forSlot({ slot: "product", items: ["shaver"], channel: "web" })).slice(0, 2), [
    "case",
    "foam"
  ])

  // Sold out: it is not shown, and what the catalogue declares stands in for it where it is looked at.
  await omni.inventory.adjust({ lines: [{ sku: "FOAM", location: "mitte", quantity: -47 }], reason: "broken" })
  const without = await omni.recommend.forSlot({ slot: "product", items: ["shaver"], channel: "web", explain: true })
  assert.notInclude(itemsOf(without), "foam")
  assert.deepInclude(without.dropped ?? [], { item: "foam", code: "out-of-stock" })
  const instead = await omni.recommend.forSlot({ slot: "product", items: ["foam"], channel: "web" })
  assert.equal(instead.items[0]?.item, "towel")
  assert.equal(instead.items[0]?.reasons[0]?.sentence, "In place of Foam, which is out of stock")

  // Never alcohol beside toys, though they were bought together: the wine is three shelves below the rule's category.
  const toys = await omni.recommend.forSlot({ slot: "cart", cart: ["teddy"], channel: "web", explain: true })
  assert.notInclude(itemsOf(toys), "rioja")
  assert.deepInclude(toys.dropped ?? [], { item: "rioja", code: "against-a-rule" })

  // Hidden on a channel.
  await omni.catalog.putProduct({ id: "case", name: { en: "Case" }, categories: ["bath"], channels: { web: { visibility: "hidden" } } })
  const web = await omni.recommend.forSlot({ slot: "product", items: ["shaver"], channel: "web", explain: true })
  assert.deepInclude(web.dropped ?? [], { item: "case", code: "not-shown-here" })
  assert.include(itemsOf(await omni.recommend.forSlot({ slot: "product", items: ["shaver"], channel: "store" })), "case")
})

it("lets the till see what was looked at on the web, also before the visitor was known", async () => {
  const opened = await open()
  const { omni, root } = opened
  const visitor = await omni.profile.identify({ identifiers: [{ type: "anonymous", value: "browser-1" }] })
  await omni.profile.track({ profile: visitor.profile, type: "product viewed", properties: { product: "bear" } })
  await root.drain()
  const nora = await person(opened, "nora@example.com")
  await omni.profile.track({ profile: nora, type: "product viewed", properties: { product: "towel" } })
  await root.drain()
  const till = await omni.recommend.forSlot({ slot: "till", customer: nora, channel: "store", location: "mitte" })
  // The visitor had not agreed, so nothing was kept of what came before.
  assert.deepEqual(itemsOf(till), ["towel"])

  await omni.profile.recordConsent({ profile: visitor.profile, purpose: "personalisation", status: "granted", proof })
  await omni.profile.track({ profile: visitor.profile, type: "product viewed", properties: { product: "teddy" } })
  await root.drain()
  const { profile: joined } = await omni.profile.identify({
    identifiers: [
      { type: "email", value: "nora@example.com" },
      { type: "anonymous", value: "browser-1" }
    ]
  })
  await root.drain()
  const after = await omni.recommend.forSlot({ slot: "till", customer: joined, channel: "store" })
  assert.sameMembers(itemsOf(after), ["towel", "teddy"])
  assert.deepEqual(itemsOf(await omni.recommend.forSlot({ slot: "till", customer: nora, channel: "store" })), itemsOf(after))

  await omni.profile.recordConsent({
    profile: joined,
    purpose: "personalisation",
    status: "withdrawn",
    proof: { ...proof, at: Date.UTC(2027, 0) }
  })
  await root.drain()
  assert.isFalse((await omni.recommend.forSlot({ slot: "till", customer: joined })).personal)
  assert.isEmpty((await omni.recommend.histories({})).items)
})

it("tells what a recommendation led to, on whatever channel, within the window", async () => {
  const opened = await open()
  const { omni, pass, root } = opened
  const nora = await person(opened, "nora@example.com")
  await omni.recommend.recordShown({ slot: "mail", customer: nora, items: ["towel", "coffee"] })
  pass(days(2))
  await omni.cart.add({ customer: nora, variant: "towel-1" })
  await omni.cart.checkout({ customer: nora, fulfilment: carryOut })
  await root.drain()
  const { events } = await omni.events({ types: [RecommendationConverted] })
  assert.deepEqual(
    events.map(({ data }) => {
      const { item, outcome, slot } = RecommendationConverted.schema.parse(data)
      return [slot, item, outcome]
    }),
    [
      ["mail", "towel", "cart"],
      ["mail", "towel", "order"]
    ]
  )
})

it("takes what was cancelled or came back as not bought", async () => {
  const opened = await open()
  const { omni, root } = opened
  const nora = await person(opened, "nora@example.com")
  const bought = async () => {
    await root.drain()
    return (await omni.recommend.histories({})).items.flatMap(({ history }) => history.map(({ items }) => items))
  }
  for (const product of ["foam", "towel"]) await omni.cart.add({ customer: nora, variant: `${product}-1` })
  const { order } = await omni.cart.checkout({ customer: nora, fulfilment: { kind: "ship", location: "mitte" } })
  assert.deepEqual(await bought(), [["foam", "towel"]])
  const foam = order.lines.find(({ sku }) => sku === "FOAM")?.id ?? ""
  await omni.orders.cancel({ order: order.id, lines: [{ line: foam, quantity: 1 }] })
  assert.deepEqual(await bought(), [["towel"]])
  await omni.orders.cancel({ order: order.id })
  assert.deepEqual(await bought(), [])
  const carried = await buy(opened, nora, ["coffee", "shaver"])
  const { lines } = await omni.orders.order({ order: carried })
  const coffee = lines.find(({ sku }) => sku === "COFFEE")?.id ?? ""
  await omni.orders.takeBack({
    order: carried,
    reason: "whim",
    location: "mitte",
    lines: [{ line: coffee, quantity: 1, condition: "sellable" }]
  })
  assert.deepEqual(await bought(), [["shaver"]])
})

it("starts a journey when what is bought regularly runs out", async () => {
  const opened = await open()
  const { omni, pass, root, sent } = opened
  const nora = await person(opened, "nora@example.com")
  for (let order = 0; order < 2; order++) {
    if (order > 0) pass(days(30))
    await buy(opened, nora, ["coffee"])
    await root.drain()
  }
  const [coffee] = await omni.recommend.replenishment({ customer: nora })
  assert.equal(coffee?.every, 30)
  pass(days(26))
  await root.drain()
  assert.equal(sent.size, 0)
  pass(days(1))
  await root.drain()
  assert.deepEqual([...sent.values()], [{ customer: nora, text: "Running out: coffee" }])
  const mail = await omni.recommend.forSlot({ slot: "mail", customer: nora })
  assert.equal(mail.items[0]?.reasons[0]?.sentence, "Replaces what you buy every 30 days")
})

it("steps up to what is declared better within the catalogue's band of prices, in the reader's words", async () => {
  const opened = await open()
  const { omni } = opened
  const blades = {
    code: "blades",
    name: { en: "Blades" },
    value: { type: "number" },
    better: "more",
    benefit: { en: "more blades" }
  } as const
  await omni.catalog.defineProductType({ id: "razor", name: { en: "Razor" }, attributes: [blades] })
  await stockUp(opened, {
    three: { categories: ["bath"], price: 2000 },
    five: { categories: ["bath"], price: 2900 },
    seven: { categories: ["bath"], price: 9900 }
  })
  for (const [id, count] of Object.entries({ three: 3, five: 5, seven: 7 }))
    await omni.catalog.putProduct({ id, name: { en: id }, categories: ["bath"], type: "razor", attributes: { blades: count } })
  const page = await omni.recommend.forSlot({ slot: "product", items: ["three"], channel: "web" })
  assert.deepEqual(
    page.items.map(({ item, reasons, source }) => [item, source, reasons[0]?.sentence]),
    [["five", "up-sell", "A step up from three: more blades"]]
  )
})
