import { cheapest, isShown, isWithin, numbersOf, offersMeeting, PRICE, valuesOf } from "../matches.ts"
import { BadCursor, type SearchAnswer, type SearchDocument, type SearchRange, type SearchRequest, viewKey } from "../port.ts"
import { at, type Proof, product, type Random, random, request, same, SearchLawBroken, SETTINGS, tenant } from "./bench.ts"

const COLORS = ["red", "green", "blue", 'o\'dd, "value"']
const SIZES = ["S", "M", "L"]
const PLACES = ["list:retail", "list:sale", "own:EUR", "own:EUR@web"]

const document = (draw: Random, id: string): SearchDocument =>
  product(id, {
    values: { color: draw.some(COLORS, 0.4), brand: [draw.one(["a", "b"])] },
    numbers: draw.chance(0.5) ? { weight: [draw.below(10)] } : {},
    shown: draw.chance(0.8)
      ? [
          {
            channel: "web",
            browse: draw.chance(0.9),
            ...(draw.chance(0.2) ? { from: 500 + draw.below(1_000) } : {}),
            ...(draw.chance(0.2) ? { until: 700 + draw.below(1_000) } : {})
          }
        ]
      : [{ channel: "till", browse: true }],
    offers: Array.from({ length: 1 + draw.below(3) }, (_, offer) => ({
      variant: `${id}-${offer}`,
      values: { size: draw.some(SIZES, 0.4), color: draw.some(COLORS, 0.1) },
      ...(draw.chance(0.3) ? { numbers: { weight: [draw.below(10)] } } : {}),
      prices: Object.fromEntries(draw.some(PLACES).map((place) => [place, draw.below(20) * 50]))
    })),
    boost: draw.below(3),
    since: draw.below(5)
  })

const range = (draw: Random, most: number): SearchRange => {
  const [a, b] = [draw.below(most), draw.below(most)]
  return { ...(draw.chance(0.8) ? { from: Math.min(a, b) } : {}), ...(draw.chance(0.8) ? { to: Math.max(a, b) } : {}) }
}

const question = (draw: Random): SearchRequest =>
  request({
    now: 500 + draw.below(1_200),
    values: {
      ...(draw.chance(0.4) ? { color: draw.some(COLORS).concat("red") } : {}),
      ...(draw.chance(0.4) ? { size: [draw.one(SIZES)] } : {}),
      ...(draw.chance(0.2) ? { brand: ["a", "none"] } : {})
    },
    ranges: draw.chance(0.3) ? { weight: range(draw, 10) } : {},
    price: draw.chance(0.4) ? range(draw, 1_000) : {},
    prices: draw.one([[], [["list:retail"]], [["list:sale"], ["list:retail", "own:EUR"]], [["own:EUR@web"], ["own:EUR"]]]),
    facets: ["color", "size", "brand", "nothing"],
    rangeFacets: { weight: [{ to: 3 }, { from: 3, to: 6 }, {}] },
    priceRanges: [{ to: 300 }, { from: 300 }],
    ...(draw.chance(0.3) ? { without: Array.from({ length: draw.below(8) }, () => `p${draw.below(40)}`) } : {}),
    sort: draw.one(["relevance", "price", "-price", "newest"])
  })

/** What a question means, worked out product by product. */
const naive = (documents: ReadonlyArray<SearchDocument>, asked: SearchRequest): Omit<SearchAnswer, "cursor"> => {
  const filters = { ...asked, browse: asked.text === "" }
  const isAsked = ({ id, texts }: SearchDocument): boolean =>
    asked.without?.includes(id) !== true && texts.some(({ views }) => views.includes(asked.view))
  const seen = documents.filter((one) => isShown(one, filters) && isAsked(one))
  const meeting = (except?: string | typeof PRICE) =>
    seen.map((one) => ({ one, offers: offersMeeting(one, filters, except) })).filter(({ offers }) => offers.length > 0)
  const count = (
    all: ReturnType<typeof meeting>,
    has: (one: SearchDocument, offer: (typeof all)[number]["offers"][number]) => boolean
  ): number => all.filter(({ one, offers }) => offers.some((offer) => has(one, offer))).length
  const hits = meeting().map(({ one, offers }) => ({ one, price: cheapest(offers) }))
  const none = (price: number | undefined, sign: number): number => (price === undefined ? Infinity : sign * price)
  const keys = {
    relevance: ({ one }: (typeof hits)[number]) => [-one.boost, -one.since],
    price: ({ price }: (typeof hits)[number]) => [none(price, 1)],
    "-price": ({ price }: (typeof hits)[number]) => [none(price, -1)],
    newest: ({ one }: (typeof hits)[number]) => [-one.since],
    name: () => []
  }[asked.sort]
  const sorted = hits.toSorted((a, b) => {
    const [left, right] = [keys(a), keys(b)]
    const differs = left.findIndex((key, index) => key !== right[index])
    return differs === -1 ? (a.one.id < b.one.id ? -1 : 1) : left[differs]! < right[differs]! ? -1 : 1
  })
  const costs = meeting(PRICE).flatMap(({ offers }) => cheapest(offers) ?? [])
  return {
    hits: sorted.map(({ one }) => ({ id: one.id })),
    total: hits.length,
    facets: Object.fromEntries(
      asked.facets.map((facet) => {
        const all = meeting(facet)
        const values = [...new Set(all.flatMap(({ one, offers }) => offers.flatMap((offer) => valuesOf(one, offer, facet))))]
        const counts = values.map((value) => ({ value, count: count(all, (one, offer) => valuesOf(one, offer, facet).includes(value)) }))
        return [facet, counts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))]
      })
    ),
    ranges: Object.fromEntries(
      Object.entries(asked.rangeFacets).map(([facet, ranges]) => {
        const all = meeting(facet)
        return [facet, ranges.map((one) => count(all, (of, offer) => numbersOf(of, offer, facet).some((number) => isWithin(number, one))))]
      })
    ),
    priceRanges: asked.priceRanges.map((one) => count(meeting(PRICE), (_, { price }) => price !== undefined && isWithin(price, one))),
    ...(costs.length === 0 ? {} : { price: { min: Math.min(...costs), max: Math.max(...costs) } }),
    corrected: false
  }
}

const inForm = ({ hits, total, facets, ranges, priceRanges, price, corrected }: Omit<SearchAnswer, "cursor">) => ({
  hits: hits.map(({ id }) => id),
  total,
  facets: Object.entries(facets).sort(([a], [b]) => (a < b ? -1 : 1)),
  ranges,
  priceRanges,
  price: price === undefined ? null : [price.min, price.max],
  corrected
})

const meaning: Proof = async ({ driver }) => {
  for (let seed = 1; seed <= 6; seed++) {
    const draw = random(seed)
    const index = await driver.open(tenant(), SETTINGS)
    await index.begin({ id: "g", settings: 0, checkpoint: { position: at(1) } })
    const documents = new Map<string, SearchDocument>()
    for (let step = 1; step <= 3; step++) {
      const entries = Array.from({ length: 25 }, () => {
        const id = `p${draw.below(40)}`
        if (draw.chance(0.15)) return { id, version: at(step) }
        return { id, version: at(step), document: document(draw, id) }
      })
      const last = [...new Map(entries.map((entry) => [entry.id, entry])).values()]
      await index.write("g", last, { position: at(step) })
      for (const { id, document: put } of last) {
        if (put === undefined) documents.delete(id)
        else documents.set(id, put)
      }
      if (step === 1) await index.publish("g")
      for (let times = 0; times < 12; times++) {
        const asked = question(draw)
        const answer = await index.search(asked)
        if (answer === undefined) throw new SearchLawBroken("There was no answer")
        same(inForm(answer), inForm(naive([...documents.values()], asked)), `Seed ${seed}, asked ${JSON.stringify(asked)}`)
      }
    }
  }
}

const pages: Proof = async ({ filled }) => {
  const draw = random(11)
  const index = await filled(
    Array.from({ length: 45 }, (_, one) =>
      product(`p${one}`, { since: draw.below(4), boost: draw.below(2), text: { name: `Vaso ${draw.below(9)}` } })
    )
  )
  for (const sort of ["relevance", "newest", "name", "price"] as const) {
    for (const text of ["", "vaso"]) {
      const whole = await index.search(request({ sort, text }))
      const paged: Array<string> = []
      for (let after: string | undefined, more = true; more; more = after !== undefined) {
        const page = await index.search(request({ sort, text, limit: 7, ...(after === undefined ? {} : { after }) }))
        paged.push(...page!.hits.map(({ id }) => id))
        after = page!.cursor
        if (paged.length > 45) break
      }
      same(
        paged,
        whole!.hits.map(({ id }) => id),
        `By ${sort}, pages put together are not the whole`
      )
    }
  }
  const first = await index.search(request({ limit: 7 }))
  for (const wrong of [
    request({ after: "no cursor" }),
    request({ after: "%E0%A4%A" }),
    request({ after: first!.cursor!, sort: "newest" }),
    request({ after: first!.cursor!, text: "vaso" })
  ]) {
    const refused = await index.search(wrong).then(
      () => undefined,
      (error: unknown) => error
    )
    if (!(refused instanceof BadCursor))
      throw new SearchLawBroken(`"${wrong.after}" is no cursor of the question, but it was ${String(refused)}`)
  }
}

const names: Proof = async ({ filled }) => {
  const sorted = ["alto", "árbol", "Azul", "nube", "ñandú", "oso", "Zeta"]
  const index = await filled(sorted.toReversed().map((name, one) => product(`p${one}`, { text: { name } })))
  const found = await index.search(request({ sort: "name" }))
  same(
    found!.hits.map(({ id }) => sorted[sorted.length - 1 - Number(id.slice(1))]),
    sorted,
    "Names are not in the order of the language"
  )
}

const views: Proof = async ({ filled }) => {
  const index = await filled([
    product("both", {
      shown: [
        { channel: "web", browse: true },
        { channel: "till", browse: false }
      ],
      text: { views: [viewKey("web", "es"), viewKey("till", "es")], name: "vaso" }
    }),
    product("web", { text: { name: "vaso" } }),
    { ...product("other", { text: { name: "vaso" } }), texts: [{ views: [viewKey("web", "en")], language: "en", name: "vaso" }] }
  ])
  const ids = async (channel: string, locale: string, text: string) =>
    (await index.search(request({ channel, view: viewKey(channel, locale), languages: [locale], text })))!.hits
      .map(({ id }) => id)
      .toSorted()
  same(await ids("web", "es", "vaso"), ["both", "web"], "The web sees what is on the web in its language")
  same(await ids("till", "es", "vaso"), ["both"], "Whoever looks for it finds what may not be browsed")
  same(await ids("till", "es", ""), [], "What may not be browsed is not there without a text")
  same(await ids("web", "en", "vaso"), ["other"], "A text is found in the views that show it")
}

export const filterLaws: ReadonlyArray<readonly [name: string, proof: Proof]> = [
  ["what is chosen, counted, priced and sorted is what it means, product by product", meaning],
  ["pages put together are the whole, each product once; a cursor belongs to its question", pages],
  ["names are in the order of the language", names],
  ["what is shown elsewhere, in other words or only to who looks for it, is not found here", views]
]
