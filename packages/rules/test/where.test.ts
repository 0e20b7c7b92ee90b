import { compile, type RuleOver, where } from "@omni/rules"
import { describe, expect, it } from "vitest"

interface Facts {
  readonly cart: {
    readonly total: number
    readonly coupon?: string
    readonly lines: ReadonlyArray<{ readonly sku: string; readonly price: number }>
  }
  readonly customer: { readonly tier: "gold" | "silver" | null; readonly tags: ReadonlyArray<string>; readonly city: string }
  readonly days?: number
  readonly limit: number
}

const facts: Facts = {
  cart: {
    total: 4_200,
    lines: [
      { sku: "A", price: 200 },
      { sku: "B", price: 4_000 }
    ]
  },
  customer: { tier: "gold", tags: ["vip"], city: "Hamburg" },
  limit: 4_200
}

const is = where<Facts>()

const holding: ReadonlyArray<RuleOver<Facts>> = [
  is.eq("customer.tier", "gold"),
  is.ne("customer.tier", "silver"),
  is.ne("cart.coupon", "SAVE"),
  is.gt("cart.total", 4_199),
  is.gte("cart.total", is.fact("limit")),
  is.lt("customer.city", "Hannover"),
  is.lte(is.fact("limit"), is.fact("cart.total")),
  is.lt(is.orElse("days", 0), 30),
  is.between("cart.total", 4_200, 4_200),
  is.oneOf("customer.tier", ["silver", "gold"]),
  is.has("customer.tags", "vip"),
  is.includes("customer.city", "burg"),
  is.present("cart.lines"),
  is.absent("cart.coupon"),
  is.some("cart.lines", (line) => line.eq("sku", "B")),
  is.every("cart.lines", (line) => line.gte("price", 200)),
  is.none("cart.lines", ({ all, eq, lt }) => all(eq("sku", "B"), lt("price", 4_000)))
]

const failing: ReadonlyArray<RuleOver<Facts>> = [
  is.eq("cart.coupon", "SAVE"),
  is.gt("cart.total", 4_200),
  is.lt("cart.total", is.fact("limit")),
  is.gt(is.orElse("days", 0), 30),
  is.between("cart.total", 0, 4_199),
  is.oneOf("customer.tier", ["silver"]),
  is.has("customer.tags", "new"),
  is.includes("customer.city", "berg"),
  is.present("days"),
  is.absent("limit"),
  is.some("cart.lines", (line) => line.eq("sku", "C")),
  is.every("cart.lines", (line) => line.gt("price", 200)),
  is.none("cart.lines", (line) => line.eq("sku", "A"))
]

describe("the words of where", () => {
  it.each(holding)("%j holds", (rule) => expect(compile(rule).test(facts)).toBe(true))

  it.each(failing)("%j does not hold", (rule) => expect(compile(rule).test(facts)).toBe(false))

  it("combine", () => {
    expect(compile(is.all(...nonEmpty(holding))).test(facts)).toBe(true)
    expect(compile(is.any(...nonEmpty(failing))).test(facts)).toBe(false)
    expect(compile(is.any(...nonEmpty([...failing, is.not(is.present("days"))]))).test(facts)).toBe(true)
    expect(compile(is.not(is.all(...nonEmpty([...holding, is.present("days")])))).test(facts)).toBe(true)
  })

  it("give plain JSONLogic", () => {
    expect(is.all(is.gte("cart.total", 5_000), is.eq("customer.tier", "gold"))).toEqual({
      and: [{ ">=": [{ var: "cart.total" }, 5_000] }, { "===": [{ var: "customer.tier" }, "gold"] }]
    })
    for (const rule of [...holding, ...failing]) expect(JSON.parse(JSON.stringify(rule))).toEqual(rule)
  })
})

const nonEmpty = <Item>([first, ...rest]: ReadonlyArray<Item>): readonly [Item, ...ReadonlyArray<Item>] => {
  if (first === undefined) throw new Error("there is nothing")
  return [first, ...rest]
}
