/** Both drivers mean the same by a question: what is found, how much of it there is, and what is counted; and where something other than relevance is the order, the order. */
import { searchCode, type SearchDocument, type SearchDriver, type SearchIndex, type SearchRequest, viewKey } from "@omni/catalog/search"
import type { Position } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import fc from "fast-check"
import { afterAll, assert, beforeAll, it } from "vitest"

import { temporarySchema } from "./helpers.ts"

/** Words whose stems are the same to both, such that some are others begun, parted, joined, mistyped or in another number. */
const WORDS = [
  ..."ice cream icecream tooth brush toothbrush ps 5 ps5 caña cana café cafes galleta galletas luz luces mujer mujeres".split(" "),
  ..."chocolate chocolates jabón jabones azul azules wi-fi wifi 500 ml de la con vaso vasos".split(" "),
  "1,5 l",
  '55"',
  "SH-100",
  "x100"
]
const SYNONYMS = {
  es: [{ words: ["jabón", "gel de baño"] }, { words: ["vaso azul", "copa"] }, { word: "postre", also: ["helado", "ice cream"] }]
}
const MORE = ["gel", "baño", "copa", "postre", "helado"]

const word = fc.constantFrom(...WORDS, ...MORE)
const phrase = (most: number) => fc.array(word, { minLength: 1, maxLength: most }).map((words) => words.join(" "))

/** What is typed of words: a part, a wrong letter, two that changed places. */
const typed = fc
  .array(fc.tuple(word, fc.constantFrom("whole", "whole", "whole", "begun", "missing", "swapped", "wrong", "upper"), fc.nat(9)), {
    minLength: 1,
    maxLength: 2
  })
  .map((words) => words.map(([of, how, at]) => mangled(of, how, at % Math.max(1, of.length))).join(" "))

const mangled = (of: string, how: string, at: number): string => {
  // Stemmers differ in what they make of plurals that are none, and drivers in how near "cxña" is to "cana", and "cohcolate" to "chocolates".
  // Of few letters too little is left: what is run together with a word before it may look like one of its endings.
  if (how !== "upper" && (of.length < 4 || of.endsWith("s") || (how !== "begun" && of.includes("ñ")))) return of
  if (how === "begun") return of.slice(0, at + 1)
  if (how === "missing") return of.slice(0, at) + of.slice(at + 1)
  if (how === "swapped" && of.length < 8)
    return (
      of.slice(0, at) +
      of
        .slice(at, at + 2)
        .split("")
        .toReversed()
        .join("") +
      of.slice(at + 2)
    )
  if (how === "wrong") return `${of.slice(0, at)}x${of.slice(at + 1)}`
  return how === "upper" ? of.toUpperCase() : of
}

/** One thing most times, or another. */
const mostly = <A, B>(most: fc.Arbitrary<A>, other: fc.Arbitrary<B>) =>
  fc.oneof({ weight: 5, arbitrary: most }, { weight: 1, arbitrary: other }) as fc.Arbitrary<A | B>

const WEB = viewKey("web", "es")
const views = mostly(fc.constantFrom([WEB], [WEB, viewKey("till", "es")]), fc.constant([viewKey("web", "en")]))
const values = fc.record({ color: fc.subarray(["red", "blue"]), size: fc.subarray(["S", "M"]) }, { requiredKeys: [] })
const numbers = fc.record({ weight: fc.array(fc.nat(5), { minLength: 1, maxLength: 2 }) }, { requiredKeys: [] })
const prices = fc.record({ "list:a": fc.nat(9), "list:b": fc.nat(9), "own:EUR": fc.nat(9) }, { requiredKeys: [] })

const product = fc.record({
  text: fc.record({ name: phrase(3), brand: word, attributes: phrase(3), description: phrase(4) }, { requiredKeys: ["name"] }),
  views,
  code: fc.constantFrom("sh-100", "sh-200", "x100", "500"),
  browse: mostly(fc.constant(true), fc.constant(false)),
  dates: mostly(fc.constant({}), fc.record({ from: fc.constantFrom(5, 15), until: fc.constantFrom(8, 20) }, { requiredKeys: [] })),
  values,
  numbers,
  offers: fc.array(fc.record({ values, numbers, prices }), { minLength: 1, maxLength: 3 }),
  boost: fc.nat(2),
  since: fc.nat(3)
})

const documentOf = (id: string, { text, dates, ...of }: typeof product extends fc.Arbitrary<infer T> ? T : never): SearchDocument => ({
  id,
  texts: [{ views: of.views, language: "es", ...text }],
  codes: [searchCode(of.code)],
  shown: [
    { channel: "web", browse: of.browse, ...dates },
    { channel: "till", browse: true }
  ],
  values: of.values,
  numbers: of.numbers,
  offers: of.offers.map((offer, at) => ({ variant: `${id}-${at}`, ...offer })),
  boost: of.boost,
  since: of.since
})

const range = fc.record({ from: fc.nat(5), to: fc.nat(9) }, { requiredKeys: [] })
const question = fc.record({
  text: fc.oneof({ weight: 5, arbitrary: typed }, { weight: 1, arbitrary: fc.constant("") }),
  prefix: fc.boolean(),
  now: fc.constantFrom(3, 10),
  values: mostly(fc.constant({}), values),
  ranges: mostly(fc.constant({}), fc.record({ weight: range })),
  price: mostly(fc.constant({}), range),
  prices: fc.constantFrom([], [["list:a"]], [["list:a", "list:b"], ["own:EUR"]], [["own:EUR"], ["list:b"]]),
  rangeFacets: fc.record({ weight: fc.array(range, { minLength: 1, maxLength: 2 }) }, { requiredKeys: [] }),
  priceRanges: fc.array(range, { maxLength: 2 }),
  without: mostly(
    fc.constant([]),
    fc.array(
      fc.integer({ min: 0, max: 19 }).map((n) => `p${n}`),
      { maxLength: 4 }
    )
  ),
  sort: fc.constantFrom("relevance", "price", "-price", "newest", "name")
})

const requestOf = (of: typeof question extends fc.Arbitrary<infer T> ? T : never): SearchRequest => ({
  view: WEB,
  channel: "web",
  locale: "es",
  languages: ["es"],
  code: searchCode(of.text),
  facets: ["color", "size", "none"],
  limit: 100,
  ...of,
  values: Object.fromEntries(Object.entries(of.values).filter(([, all]) => all.length > 0)),
  sort: of.sort as SearchRequest["sort"]
})

const at = "0001" as Position
let drivers: ReadonlyArray<SearchDriver> = []
let dispose = async (): Promise<void> => undefined

beforeAll(async () => {
  const temporary = await temporarySchema()
  drivers = [embedded(), temporary.open()]
  dispose = temporary.dispose
})

afterAll(async () => {
  for (const driver of drivers) await driver.close()
  await dispose()
})

let made = 0

const filled = async (driver: SearchDriver, documents: ReadonlyArray<SearchDocument>): Promise<SearchIndex> => {
  const index = await driver.open("t", { version: 0, synonyms: SYNONYMS })
  const id = `g${made++}`
  await index.begin({ id, settings: 0, checkpoint: { position: at } })
  await index.write(
    id,
    documents.map((document) => ({ id: document.id, version: at, document })),
    { position: at }
  )
  await index.publish(id)
  return index
}

const answerOf = async (index: SearchIndex, request: SearchRequest) => {
  const { hits, facets, cursor, ...counts } = (await index.search(request))!
  const ids = hits.map(({ id }) => id)
  return {
    ids: request.sort === "relevance" ? ids.toSorted() : ids,
    facets: Object.entries(facets).toSorted(),
    isLast: cursor === undefined,
    ...counts
  }
}

it("finds, counts and orders what an index in the process does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(product, { minLength: 8, maxLength: 20, size: "max" }),
      fc.array(question, { minLength: 30, maxLength: 40, size: "max" }),
      async (products, questions) => {
        const documents = products.map((of, n) => documentOf(`p${n}`, of))
        const [ours, theirs] = [await filled(drivers[1]!, documents), await filled(drivers[0]!, documents)]
        for (const of of questions) {
          const request = requestOf(of)
          assert.deepEqual(await answerOf(ours, request), await answerOf(theirs, request), JSON.stringify(request))
        }
      }
    ),
    // Each try makes two indexes, so the first that fails has to do.
    { numRuns: 12, endOnFailure: true }
  )
}, 120_000)
