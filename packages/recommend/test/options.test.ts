import { createOmni, Erased, event, InvalidOptions, module, ModuleMissing } from "@omni/core"
import { memory } from "@omni/core/memory"
import { buildModels, observed, recommend, type RecommendOptions } from "@omni/recommend"
import { assert, it } from "vitest"
import * as z from "zod"

const agreed = { slots: {}, consent: () => true }

/** What is wrong, "where: what" by "where: what"; nothing where the module is made. */
const wrong = (options: unknown): ReadonlyArray<string> => {
  try {
    recommend(options as RecommendOptions)
    return []
  } catch (error) {
    assert.instanceOf(error, InvalidOptions)
    assert.match(error.message, /^The options of recommend\(\) do not fit: /)
    return error.issues.map(({ message, path }) => `${path}: ${message}`)
  }
}

const assertSays = (options: unknown, ...expected: ReadonlyArray<string>): void => {
  const found = wrong(options)
  assert.lengthOf(found, expected.length, found.join("; "))
  for (const [at, text] of expected.entries()) assert.include(found[at] ?? "", text)
}

it("says at once which options are missing, misspelt or of another kind, where, and what was expected", () => {
  assertSays(undefined, "slots: It is needed.", "consent: It is needed.")
  assertSays({ consent: agreed.consent }, "slots: It is needed.")
  assertSays({ ...agreed, slots: [] }, "slots: Expected are slots by name: { product: {} }")
  assertSays({ ...agreed, consent: true }, "consent: Expected is a function, (reader, person) =>")
  assertSays({ ...agreed, upsell: () => [] }, 'upsell: There is no such option. Did you mean "upSell"?')
  assertSays({ ...agreed, build: "now" }, "build: Expected is a function, ({ tenant, signal }) =>")
  const slot = (cart: unknown, ...expected: ReadonlyArray<string>) => assertSays({ ...agreed, slots: { cart } }, ...expected)
  slot({ source: ["viewed"] }, 'slots.cart.source: There is no such field. Did you mean "sources"?')
  slot({ sources: ["viewed", "horoscope"] }, "slots.cart.sources.1: Expected is a source: related, substitutes")
  slot({ limit: "5" }, "slots.cart.limit: Expected is a whole number from 0 to 100")
  slot({ experiment: { id: "e" } }, "slots.cart.experiment.variants: Expected are variants by name")
  slot({ experiment: { id: "e", variants: { a: {} } } }, "slots.cart.experiment.variants.a.share: Expected is a number from 0")
  slot(
    { experiment: { id: "e", variants: { a: { share: 1, limits: 3 } } } },
    "slots.cart.experiment.variants.a.limits: There is no such field"
  )
  const main = (settings: unknown, ...expected: ReadonlyArray<string>) => assertSays({ ...agreed, models: { main: settings } }, ...expected)
  main({ halfLife: 3 }, "models.main.halfLife: There is no such field.")
  main({ ridge: -1 }, "models.main.ridge: Expected is a number from 0")
  main({ worth: { view: 0.1 } }, "models.main.worth.order: Expected is", "models.main.worth.cart: Expected is")
  assertSays(
    { ...agreed, rules: [{ nver: { tag: "x" } }] },
    "rules.0.nver: There is no such field.",
    "rules.0.never: Expected is { category }"
  )
  assertSays(
    { ...agreed, rules: [{ never: { tag: "x" }, besides: { tag: "y" } }] },
    'rules.0.besides: There is no such field. Did you mean "beside"?'
  )
  for (const never of [{ categry: "x" }, { category: 5 }, { tag: "x", item: "y" }, {}, "x"])
    assertSays({ ...agreed, rules: [{ never }] }, "rules.0.never: Expected is { category }")
  assertSays({ ...agreed, observe: [() => undefined] }, "observe.0: Expected is what `observed` makes")
  assertSays({ ...agreed, sentences: { de: { popular: "Beliebt" } } }, "sentences.de.popular: Expected is a function, (facts, name) =>")
  assertSays({ ...agreed, learnEvery: "10 minutes" }, "learnEvery: Write milliseconds")
  assertSays({ ...agreed, models: { main: { halfLifeDays: Infinity, popular: 5 } }, rules: [], atLeast: 2, build: undefined })
  assertSays({ ...agreed, slots: { cart: { perCategory: Infinity, sources: ["viewed"], experiment: undefined } } })
})

it("refuses options that cannot be meant when it is made", () => {
  const slot = (cart: unknown, ...expected: ReadonlyArray<string>) => assertSays({ ...agreed, slots: { cart } }, ...expected)
  slot({ model: "other" }, "slots.cart.model: Expected is one of `models`: main")
  slot(
    { experiment: { id: "e", variants: { a: { share: 1, model: "other" } } } },
    "slots.cart.experiment.variants.a.model: Expected is one of"
  )
  assertSays({ ...agreed, slots: { cart: {} }, models: { fresh: {} } }, "slots.cart.model: Expected is one of `models`: fresh")
  assertSays({
    ...agreed,
    slots: { cart: { model: "fresh", experiment: { id: "e", variants: { a: { share: 1 } } } } },
    models: { fresh: {} }
  })
  slot({ limit: 101 }, "slots.cart.limit: Expected is a whole number from 0 to 100")
  slot({ perCategory: 0 }, "slots.cart.perCategory: Expected is 1 or more")
  slot({ experiment: { id: "e", variants: {} } }, "slots.cart.experiment: Some of its shares have to be more than 0")
  slot(
    { experiment: { id: "e", variants: { holdout: { share: 1 } } } },
    'slots.cart.experiment.variants: "holdout" is the name of those who are shown nothing'
  )
  slot({ experiment: { id: "e", variants: { a: { share: -1 } } } }, "slots.cart.experiment.variants.a.share: Expected is a number from 0")
  const shares = (id: string, share: number) => ({ experiment: { id, variants: { a: { share }, b: { share: 1 } } } })
  slot(shares("", 1), "slots.cart.experiment.id: ")
  assertSays(
    { ...agreed, slots: { cart: shares("e", 1), mail: shares("e", 2) } },
    'slots.mail.experiment: Another slot has the experiment "e" with other variants or shares'
  )
  assertSays({ ...agreed, slots: { cart: shares("e", 1), mail: shares("e", 1) } })
  assertSays({ ...agreed, attribution: Number.NaN }, "attribution: Write milliseconds")
  assertSays({ ...agreed, atLeast: 0 }, "atLeast: Expected is a whole number from 1")
  assertSays({ ...agreed, models: { main: { halfLifeDays: 0 } } }, "models.main.halfLifeDays: Expected is a number above 0")
})

it("needs the modules whose events it follows", () => {
  const Sold = event("own.Sold", z.object({ order: z.string(), items: z.array(z.string()) }))
  const suggestions = recommend({
    ...agreed,
    observe: [observed(Sold, ({ data: { items, order } }) => ({ kind: "order", id: order, items }))]
  })
  assert.throws(() => createOmni({ store: memory(), modules: { recommend: suggestions } }), ModuleMissing, '"recommend" needs "own.Sold"')
  createOmni({ store: memory(), modules: { recommend: suggestions, own: module("own", { events: [Sold] }) } })
  // Those of the kernel are there without a module.
  const erasing = observed(Erased, ({ data }) => ({ kind: "forget", person: data.subject }))
  createOmni({ store: memory(), modules: { recommend: recommend({ ...agreed, observe: [erasing] }) } })
})

it("says what builds models where something else was handed in", async () => {
  const omni = createOmni({ store: memory(), modules: { recommend: recommend(agreed) } })
  for (const other of [omni, suggestionsOf(), undefined]) {
    const refused = await buildModels(other as never, { always: true }).catch((error: unknown) => error)
    assert.match(String(refused), /^TypeError: buildModels takes the client of the module, such as `omni\.recommend`/)
  }
})

const suggestionsOf = () => recommend(agreed)

it("takes an option that is undefined for one that is not told, in variants and models too", async () => {
  const slot = { limit: undefined, experiment: { id: "e", variants: { a: { share: 1, limit: undefined, sources: undefined } } } }
  const options: unknown = { ...agreed, slots: { page: slot }, models: { main: { halfLifeDays: undefined, neighbours: undefined } } }
  const { recommend: shop } = createOmni({
    store: memory(),
    modules: { recommend: recommend(options as RecommendOptions<"page">) }
  })
  await shop.recordPurchase({ order: "1", customer: "ann", items: ["tea", "milk"] })
  await shop.recordPurchase({ order: "2", customer: "bob", items: ["pen", "ink"] })
  await buildModels(shop, { always: true })
  const { items } = await shop.forSlot({ slot: "page", items: ["tea"], customer: "cid" })
  assert.equal(items[0]?.item, "milk")
})
