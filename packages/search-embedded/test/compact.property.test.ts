import { type SearchDocument, type SearchIndex, type SearchRequest, viewKey } from "@omni/catalog/search"
import type { Position } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import fc from "fast-check"
import { assert, it } from "vitest"

const at = (place: number): Position => String(place).padStart(6, "0") as Position

const document = fc.record({
  name: fc.constantFrom("Vaso", "Taza", "Ñora", "Nube", "Árbol", "Azul", "Oso"),
  color: fc.subarray(["r", "g", "b"]),
  weight: fc.nat({ max: 5 }),
  price: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
  // Of more than 24 it is told which of them fit.
  offers: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.constant(26) }),
  boost: fc.nat({ max: 2 }),
  till: fc.boolean()
})

const documentOf = (
  id: string,
  { name, color, weight, price, offers, boost, till }: typeof document extends fc.Arbitrary<infer D> ? D : never
): SearchDocument => ({
  id,
  texts: [{ views: [viewKey("web", "es"), ...(till ? [viewKey("till", "es")] : [])], language: "es", name }],
  codes: [`CODE-${name}`, id],
  shown: [{ channel: "web", browse: true }, ...(till ? [{ channel: "till", browse: false }] : [])],
  values: { color },
  numbers: { weight: [weight] },
  offers: Array.from({ length: offers }, (_, one) => ({
    variant: `${id}-${one}`,
    values: { size: [String(one)] },
    prices: price === undefined ? {} : { p: price + one }
  })),
  boost,
  since: weight
})

const questions: ReadonlyArray<Partial<SearchRequest>> = [
  { sort: "name" },
  { sort: "name", text: "vaso" },
  { sort: "price", values: { color: ["r"] } },
  { sort: "newest", ranges: { weight: { from: 2 } } },
  { text: "oso" },
  { text: "CODE-Taza", code: "CODE-Taza" },
  { channel: "till", view: viewKey("till", "es"), text: "vaso" },
  { price: { to: 4 }, values: { size: ["1"] } }
]

const ask = (index: SearchIndex, more: Partial<SearchRequest>) =>
  index.search({
    view: viewKey("web", "es"),
    channel: "web",
    locale: "es",
    languages: ["es"],
    now: 0,
    text: "",
    code: "",
    prefix: false,
    values: {},
    ranges: {},
    price: {},
    prices: [["p"]],
    facets: ["color", "size"],
    rangeFacets: { weight: [{ to: 2 }, { from: 3 }] },
    priceRanges: [{ to: 4 }],
    sort: "relevance",
    limit: 50,
    ...more
  })

it("drops what was left behind, and answers as an index that never had it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 12, maxLength: 12 }),
      fc.array(document, { minLength: 12, maxLength: 12 }),
      fc.subarray([...Array(12).keys()]),
      async (before, after, removed) => {
        const open = async () => {
          const index = await embedded().open("t", { version: 0, synonyms: {} })
          await index.begin({ id: "g", settings: 0, checkpoint: { position: at(0) } })
          await index.publish("g")
          return index
        }
        const put = (index: SearchIndex, version: number, documents: ReadonlyArray<SearchDocument>) =>
          index.write(
            "g",
            documents.map((one) => ({ id: one.id, version: at(version), document: one })),
            { position: at(version) }
          )
        const used = await open()
        const first = before.map((one, id) => documentOf(`p${id}`, one))
        await put(used, 1, first)
        // Names are in order before their texts go, and new ones come in between.
        await ask(used, { sort: "name" })
        await ask(used, { prices: [["p"]] })
        for (let version = 2; version < 90; version++) await put(used, version, first)
        const last = after.map((one, id) => documentOf(`p${id}`, one))
        await put(used, 90, last)
        await used.write(
          "g",
          removed.map((id) => ({ id: `p${id}`, version: at(91) })),
          { position: at(91) }
        )
        // All that is there now is carried over once more.
        const churn = Array.from({ length: 1_100 }, (_, version) => ({
          id: "churn",
          version: at(100 + version),
          document: { ...first[0]!, id: "churn" }
        }))
        await used.write("g", [...churn, { id: "churn", version: at(9_999) }], { position: at(9_999) })
        const fresh = await open()
        await put(
          fresh,
          1,
          last.filter((_, id) => !removed.includes(id))
        )
        for (const question of questions) assert.deepEqual(await ask(used, question), await ask(fresh, question), JSON.stringify(question))
      }
    ),
    { numRuns: 15 }
  )
}, 60_000)
