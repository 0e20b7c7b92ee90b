import { InvalidContext, type PriceCandidate, type PriceFacts, selectPrice } from "@omni/pricing"
import * as fc from "fast-check"
import { assert, it } from "vitest"

const facts: PriceFacts = { now: 100, currency: "EUR", quantity: 10, channel: "web", audience: { country: "DE", group: ["vip", "staff"] } }

const euros = (id: string, amount: number, more: Partial<PriceCandidate> = {}): PriceCandidate => ({ id, amount, currency: "EUR", ...more })

it("says of every price that was not taken why it was not", () => {
  const { chosen, others } = selectPrice(
    [
      euros("taken", 900, { list: { id: "spring", priority: 1 } }),
      euros("dollars", 1, { currency: "USD" }),
      euros("till", 1, { channel: "store" }),
      euros("austria", 1, { for: { country: ["AT", "CH"] } }),
      euros("company", 1, { list: { id: "acme", for: { company: "acme" } } }),
      euros("next", 1, { from: 101 }),
      euros("last", 1, { list: { id: "winter", until: 100 } }),
      euros("many", 1, { minQuantity: 11 }),
      euros("few", 1, { maxQuantity: 9 }),
      euros("base", 1),
      euros("lower", 1, { list: { id: "other" } }),
      euros("dearer", 901, { list: { id: "spring", priority: 1 } }),
      euros("tied", 900, { list: { id: "spring", priority: 1 } })
    ],
    facts
  )
  assert.equal(chosen?.id, "taken")
  assert.deepEqual(Object.fromEntries(others.map(({ price, ...why }) => [price.id, why])), {
    dollars: { code: "currency" },
    till: { code: "audience", name: "channel" },
    austria: { code: "audience", name: "country" },
    company: { code: "audience", name: "company" },
    next: { code: "not-begun" },
    last: { code: "over" },
    many: { code: "quantity-below" },
    few: { code: "quantity-above" },
    base: { code: "list" },
    lower: { code: "priority" },
    dearer: { code: "lowest" },
    tied: { code: "tie" }
  })
})

it("prefers what is declared to be better", () => {
  const prices = [
    euros("general", 800),
    euros("vip", 850, { for: { group: "vip" } }),
    euros("vip in Germany", 900, { for: { group: "vip", country: "DE" } }),
    euros("list", 950, { list: { id: "a", priority: 5 } })
  ]
  const by = (...order: ReadonlyArray<"list" | "priority" | "specific" | "lowest">) => selectPrice(prices, facts, order).chosen?.id
  assert.equal(by("lowest"), "general")
  assert.equal(by("specific"), "vip in Germany")
  assert.equal(by("list", "lowest"), "list")
  assert.equal(by("priority", "lowest"), "list")
  assert.equal(selectPrice(prices, facts).chosen?.id, "list")
})

it("shows what a price would be without a sale, and no other price for an override", () => {
  const base = euros("base", 1_000)
  const original = (type: "sale" | "override") => selectPrice([base, euros("list", 700, { list: { id: "l", type } })], facts).original?.id
  assert.equal(original("sale"), "base")
  assert.equal(original("override"), "list")
  assert.isUndefined(selectPrice([euros("list", 700, { list: { id: "l", type: "sale" } })], facts).original)
  // A list without a type is the ordinary price; a contract's is not what a sale is compared with.
  const lists = [euros("retail", 950, { list: { id: "r" } }), euros("contract", 650, { list: { id: "c", type: "override" } })]
  const sale = euros("sale", 700, { list: { id: "l", type: "sale", priority: 1 } })
  assert.equal(selectPrice([base, ...lists, sale], facts).original?.id, "retail")
})

it("compares prices net and gross on one side, and prices of any decimals", () => {
  const net = euros("net", 900, { entry: "net" })
  const gross = euros("gross", 1_050, { list: { id: "b2c", entry: "gross" } })
  const tax = { entry: "gross", fraction: 0.19 } as const
  assert.equal(selectPrice([net, gross], { ...facts, tax }, ["lowest"]).chosen?.id, "gross")
  assert.equal(selectPrice([net, gross], facts, ["lowest"]).chosen?.id, "net")
  assert.equal(selectPrice([euros("cents", 2), euros("tenths", 19, { decimals: 1 })], facts, ["lowest"]).chosen?.id, "tenths")
})

it("counts tiers by the line or by the product", () => {
  const tiers = [{ from: 20, amount: 500 }]
  const many = { ...facts, productQuantity: 25 }
  const chosen = (counts: "line" | "product") =>
    selectPrice([euros("flat", 800), euros("tiers", 900, { tiers, counts })], many, ["lowest"]).chosen?.id
  assert.equal(chosen("line"), "flat")
  assert.equal(chosen("product"), "tiers")
})

it("reads nothing from prototypes, and refuses to choose without a currency", () => {
  const odd = euros("odd", 1, { for: { constructor: "x" } })
  assert.equal(selectPrice([odd, euros("plain", 2)], facts).chosen?.id, "plain")
  const without: object = { now: 0 }
  assert.throws(() => selectPrice([odd], without as PriceFacts), InvalidContext)
  assert.isUndefined(selectPrice([], facts).chosen)
})

it("takes the same price in whatever order candidates come: the best there is by the first criterion that tells", () => {
  const anyPrice = fc.record({
    amount: fc.integer({ min: 1, max: 4 }),
    priority: fc.integer({ min: 0, max: 1 }),
    group: fc.constantFrom("vip", "other", undefined),
    listed: fc.boolean()
  })
  fc.assert(
    fc.property(fc.array(anyPrice, { maxLength: 6 }), (all) => {
      const prices = all.map(({ amount, priority, group, listed }, at) =>
        euros(`p${at}`, amount, {
          ...(group === undefined ? {} : { for: { group } }),
          ...(listed ? { list: { id: "l", priority } } : {})
        })
      )
      const { chosen, others } = selectPrice(prices, facts, ["priority", "lowest"])
      assert.equal(selectPrice(prices.toReversed(), facts, ["priority", "lowest"]).chosen, chosen)
      const open = prices.filter((price) => price.for === undefined || price.for["group"] === "vip")
      const rank = (price: PriceCandidate): number => (price.list?.priority ?? 0) * 100 - price.amount
      assert.equal(chosen === undefined ? undefined : rank(chosen), open.length === 0 ? undefined : Math.max(...open.map(rank)))
      assert.equal(others.length, prices.length - (chosen === undefined ? 0 : 1))
    })
  )
})
