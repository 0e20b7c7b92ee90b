/** What somebody types, or sends in place of it, is never taken for anything but words. */
import { BadCursor, type SearchIndex, type SearchRequest } from "@omni/catalog/search"
import { postgresSearch, SearchTimeout } from "@omni/search-postgres"
import fc from "fast-check"
import pg from "pg"
import { assert, it } from "vitest"

import { temporarySchema } from "./helpers.ts"
import { at, made, product, request } from "./index.ts"

const opened = async (work: (index: SearchIndex, at: Awaited<ReturnType<typeof temporarySchema>>) => Promise<void>): Promise<void> => {
  const temporary = await temporarySchema()
  const driver = temporary.open()
  const synonyms = { es: [{ words: ["vaso", "copa' | 'plato"] }, { word: "&", also: ["plato:*"] }] }
  try {
    await work(
      await made(await driver.open("t", { version: 0, synonyms }), "g", [
        product("a", "Vaso"),
        product("b", "Plato"),
        product("c", "Taza azul")
      ]),
      temporary
    )
  } finally {
    await driver.close()
    await temporary.dispose()
  }
}

const OPERATORS = [
  "&",
  "|",
  "!",
  "<->",
  "<2>",
  ":*",
  ":A",
  ":*ABCD",
  "(",
  ")",
  "'",
  "''",
  "\\",
  '"',
  "\\'",
  "%",
  "_",
  "$1",
  "--",
  "/*",
  ";",
  "\0",
  "\ud800",
  "\udc00",
  "{",
  "}",
  ","
]

it("takes no sign for an operator", () =>
  opened(async (index) => {
    const found = async (text: string, prefix = false) => (await index.search(request({ text, prefix })))!.hits.map(({ id }) => id)
    for (const sign of OPERATORS) {
      assert.deepEqual(await found(`vaso ${sign} plato`), [], `vaso ${sign} plato`)
      // Some have letters or digits of their own, which are words.
      if (!/[a-z0-9]/i.test(sign)) assert.deepEqual(await found(`${sign}vaso${sign}`), ["a"], `${sign}vaso${sign}`)
      assert.deepEqual(await found(`v ${sign}`), [], `v ${sign}`)
    }
    assert.deepEqual(await found("!vaso"), ["a"])
    assert.deepEqual(await found("vaso | plato"), [])
  }))

it(
  "answers whatever is asked, with no more than there is",
  () =>
    opened(async (index) => {
      const text = fc.oneof(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc
          .array(fc.constantFrom(...OPERATORS, "vaso", "plato", " ", "ps5", "1,5", "l", "é", "ñ"), { maxLength: 20 })
          .map((parts) => parts.join("")),
        fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map((units) => String.fromCharCode(...units))
      )
      const record = <T>(of: fc.Arbitrary<T>) => fc.dictionary(text, of, { maxKeys: 3, noNullPrototype: true })
      await fc.assert(
        fc.asyncProperty(
          fc.record(
            {
              text,
              code: text,
              view: text,
              channel: text,
              locale: text,
              languages: fc.array(fc.oneof(text, fc.constantFrom("es", "en")), { maxLength: 3 }),
              prefix: fc.boolean(),
              values: record(fc.array(text, { maxLength: 3 })),
              ranges: record(fc.record({ from: fc.double({ noNaN: true }), to: fc.double({ noNaN: true }) }, { requiredKeys: [] })),
              prices: fc.array(fc.array(text, { maxLength: 2 }), { maxLength: 3 }),
              facets: fc.uniqueArray(text, { maxLength: 3 }),
              sort: fc.constantFrom("relevance", "price", "-price", "newest", "name")
            },
            { requiredKeys: [] }
          ),
          async (more) => {
            const answer = await index.search(request(more as Partial<SearchRequest>))
            assert.isTrue(answer !== undefined && answer.total <= 3 && answer.hits.length === answer.total, JSON.stringify(more))
          }
        ),
        { numRuns: 150 }
      )
      assert.equal((await index.search(request()))!.total, 3)
    }),
  60_000
)

it(
  "holds what any product says, and finds it by that",
  () =>
    opened(async (index) => {
      const odd = fc.string({ unit: "binary", minLength: 1, maxLength: 30 })
      await fc.assert(
        fc.asyncProperty(odd, odd, odd, async (name, facet, value) => {
          const document = { ...product("odd", `vaso ${name}`), values: { [facet]: [value] }, codes: [`x${name}`] }
          await index.write("g", [{ id: "odd", version: at(1), document }], { position: at(1) })
          const one = await index.search(request({ values: { [facet]: [value] }, facets: [facet] }))
          assert.deepEqual(
            one!.hits.map(({ id }) => id),
            ["odd"]
          )
          assert.equal(one!.facets[facet]![0]!.count, 1)
          assert.include(
            (await index.search(request({ text: "vaso" })))!.hits.map(({ id }) => id),
            "odd"
          )
        }),
        { numRuns: 40 }
      )
    }),
  60_000
)

it(
  "answers ten thousand characters, hundreds of conditions and thousands of values in a bounded time",
  () =>
    opened(async (index) => {
      const many = (count: number) => Array.from({ length: count }, (_, n) => n)
      const questions: ReadonlyArray<Partial<SearchRequest>> = [
        { text: "a".repeat(10_000) },
        {
          text: many(2_000)
            .map((n) => `w${n}`)
            .join(" ")
        },
        { text: "(".repeat(10_000) },
        { text: "á".repeat(5_000) + "\u0301".repeat(5_000) },
        { values: Object.fromEntries(many(300).map((n) => [`f${n}`, ["x"]])) },
        { values: { color: many(5_000).map(String) } },
        { ranges: Object.fromEntries(many(100).map((n) => [`f${n}`, { from: n }])), facets: many(100).map((n) => `f${n}`) },
        { priceRanges: many(500).map((n) => ({ from: n })), rangeFacets: { weight: many(500).map((n) => ({ to: n })) } },
        { prices: many(500).map((n) => [`list:${n}`]) }
      ]
      for (const more of questions) {
        const began = performance.now()
        const answer = await index.search(request(more))
        assert.isTrue(answer !== undefined && answer.total <= 3)
        assert.isBelow(performance.now() - began, 5_000, JSON.stringify(more).slice(0, 100))
      }
    }),
  60_000
)

it("refuses a cursor with anything in it but a place", () =>
  opened(async (index) => {
    const first = await index.search(request({ limit: 1 }))
    const [question] = JSON.parse(decodeURIComponent(first!.cursor!)) as ReadonlyArray<unknown>
    for (const place of [
      ["'; drop", 0, "a"],
      [0, "0", "a"],
      [0, 0, 0],
      [0, 0],
      [{}, 0, "a"],
      [[], [], []]
    ]) {
      const after = encodeURIComponent(JSON.stringify([question, ...place]))
      const refused = await index.search(request({ limit: 1, after })).catch((error: unknown) => error)
      assert.instanceOf(refused, BadCursor, JSON.stringify(place))
    }
  }))

it("ends a question that takes too long, and the next is answered", () =>
  opened(async (_, { url, schema }) => {
    const blocker = new pg.Client({ connectionString: url })
    await blocker.connect()
    const driver = postgresSearch(url, { schema, timeout: 200, pool: { max: 1 } })
    const index = await driver.open("t", { version: 0, synonyms: {} })
    assert.equal((await index.search(request()))!.total, 3)
    const tables = await blocker.query(
      "select relname from pg_class where relnamespace = $1::regnamespace and relname ~ '_entry_[0-9]+$'",
      [schema]
    )
    await blocker.query("begin")
    await blocker.query(`lock table ${schema}.${tables.rows[0].relname} in access exclusive mode`)
    const late = await index.search(request()).catch((error: unknown) => error)
    assert.instanceOf(late, SearchTimeout)
    assert.match(String((late as Error).message), /200 ms/)
    await blocker.query("rollback")
    assert.equal((await index.search(request()))!.total, 3)
    await blocker.end()
    await driver.close()
  }))

it("takes a time that is one", () => {
  for (const timeout of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => postgresSearch("postgres://nowhere", { timeout }), TypeError, "timeout")
})
