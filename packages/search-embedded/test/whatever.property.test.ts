import fc from "fast-check"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const hard = [
  "",
  " \t\n",
  "vaso",
  "VASO azul 1,5 l",
  "a".repeat(10_000),
  "vaso taza ".repeat(999),
  "^(a+)+$".repeat(1_000),
  `${"a".repeat(60)}!`.repeat(160),
  "(?:".repeat(3_000),
  "\ud800",
  "vaso\udfff\ud800",
  "\0vaso\0",
  "\u202evaso",
  "כוס חלב",
  "كأس ماء",
  "🥛👩‍👩‍👧‍👦".repeat(50),
  "牛奶巧克力草莓酸奶".repeat(60),
  "ガラスのコップ",
  `m${"\u0301".repeat(5_000)}`,
  "ﷺ".repeat(500),
  "1".repeat(500),
  "1,2.3,".repeat(900),
  "a-".repeat(4_000),
  "+34 600 ".repeat(600),
  "@".repeat(500),
  "'\"`\\;--".repeat(900),
  "__proto__",
  "constructor"
]

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hard) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...hard), fc.constantFrom(...hard)).map(([a, b]) => `${a} ${b}`) }
)
const number = fc.oneof(fc.integer({ min: -10, max: 500 }), fc.constantFrom(0, -0, 1e308, -1e308, Number.NaN, Infinity, -Infinity, 1.5))
const range = fc.oneof(fc.record({ from: number, to: number }, { requiredKeys: [] }), fc.constantFrom(null, [], "1-2"))
const facet = fc.constantFrom("brand", "category", "color", "weight", "nothing", "__proto__", "constructor", "", "x".repeat(200))
const recordOf = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(fc.tuple(facet, value), { maxLength: 3 }).map((all) => Object.fromEntries(all)) },
    { weight: 1, arbitrary: value.map((one) => Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`f${at}`, one]))) }
  )
const values = fc.oneof(
  fc.array(fc.constantFrom("azul", "rojo", "", "\ud800", "x".repeat(200), "x".repeat(201)), { maxLength: 4 }),
  fc.constant(Array.from({ length: 5_000 }, (_, at) => `v${at}`))
)
const wrong = fc.constantFrom<unknown>(null, 5, {}, [], "x", true, () => 1, Symbol("s"), 10n)

/** The fields, each as it may come: sound, at its limits, or nothing that fits. */
const fields = {
  text: fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: wrong }),
  channel: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("web", "till") },
    { weight: 1, arbitrary: fc.constantFrom<unknown>("moon", "", null, "x".repeat(1e5)) }
  ),
  locale: fc.constantFrom("es", "en-GB", "ja", "x", ""),
  currency: fc.constantFrom("EUR", "USD", "eur", ""),
  groups: fc.constantFrom<unknown>(
    [],
    ["vip"],
    Array.from({ length: 101 }, (_, at) => `g${at}`),
    "vip"
  ),
  prefix: fc.boolean(),
  filters: recordOf(values),
  ranges: recordOf(range),
  price: range,
  facets: fc.oneof(fc.array(facet, { maxLength: 4 }), fc.constant(Array.from({ length: 60 }, () => "brand"))),
  facetValues: number,
  rangeFacets: recordOf(fc.array(range, { maxLength: 3 })),
  priceRanges: fc.oneof(fc.array(range, { maxLength: 3 }), fc.constant(Array.from({ length: 50 }, (_, from) => ({ from })))),
  sort: fc.constantFrom("relevance", "price", "-price", "newest", "name", "best", "constructor"),
  limit: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }) }, { weight: 1, arbitrary: number }),
  after: fc.constantFrom("own", "other", "%", "[]", "null", encodeURIComponent("[1,null,null,null]"), "x".repeat(2_001), "\ud800")
}

const sound = fc.record({
  channel: fc.constant("web"),
  text,
  sort: fc.constantFrom("relevance", "price", "-price", "newest", "name"),
  limit: fc.integer({ min: 1, max: 100 }),
  facets: fc.subarray(["brand", "category", "color"]),
  facetValues: fc.integer({ min: 1, max: 200 })
})

/** A question with one or two fields of any kind in it. */
const asked = fc
  .tuple(sound, fc.record(fields), fc.shuffledSubarray(Object.keys(fields), { minLength: 1, maxLength: 2 }))
  .map(([question, odd, named]): Partial<typeof odd> => ({
    ...question,
    ...Object.fromEntries(named.map((name) => [name, odd[name as keyof typeof odd]]))
  }))

const EXPECTED = ["InvalidInput", "ChannelNotFound", "FacetNotFound"]
const NAMES = ["Vaso azul 1,5 l", "Vaso rojo", "Taza de té", "Milch 牛奶", "🥛", "SH-100 a-b-c", "כוס"]

it("answers whatever it is asked with no more than was asked for, or says in a typed error what was wrong", async () => {
  const { shop, finder } = openShop({ facets: { color: "values", weight: "numbers" } })
  for (let at = 0; at < 120; at++) {
    const attributes = { color: at % 2 === 0 ? "azul" : "rojo", weight: at }
    await shop.putProduct({ id: `p${at}`, name: { es: `${NAMES[at % NAMES.length]} ${at}` }, brand: `b${at}`, attributes })
    await shop.putVariant({ id: `v${at}`, product: `p${at}`, sku: `S-${at}`, prices: [{ amount: at, currency: "EUR" }] })
  }
  await finder.drain()
  const cursorOf = async (question: object) => (await finder.find({ channel: "web", limit: 2, ...question })).cursor ?? "none"
  const other = await cursorOf({ text: "vaso", sort: "price" })
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(asked, async ({ after, ...question }) => {
      const cursor = after === "own" ? await cursorOf({}) : after === "other" ? other : after
      const began = process.threadCpuUsage()
      const answer = await finder.safe.find({ ...question, ...(after === undefined ? {} : { after: cursor }) } as never)
      const { user, system } = process.threadCpuUsage(began)
      assert.isBelow((user + system) / 1_000, 100, "milliseconds of work")
      seen.add(answer.ok ? "answer" : answer.error._tag)
      if (!answer.ok) {
        assert.include(EXPECTED, answer.error._tag)
        assert.isBelow(answer.error.message.length, 20_000)
        return
      }
      const { hits, facets, total } = answer.value
      assert.isAtMost(hits.length, typeof question.limit === "number" ? question.limit : 24)
      assert.isAtLeast(total, hits.length)
      assert.isTrue(hits.every(({ highlights, name }) => highlights.name.every(([start, end]) => start < end && end <= name.length)))
      const most = typeof question.facetValues === "number" ? question.facetValues : 100
      for (const counts of Object.values(facets)) assert.isAtMost(counts.length, most + 4)
    }),
    { numRuns: 400 }
  )
  assert.includeMembers([...seen], ["answer", "InvalidInput", "FacetNotFound"])
}, 60_000)
