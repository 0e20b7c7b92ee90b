import { catalog } from "@omni/catalog"
import { openSearch, search, searchCause } from "@omni/catalog/search"
import { createOmni, event, InvalidOptions, module as moduleOf, ModuleMissing } from "@omni/core"
import { memory } from "@omni/core/memory"
import { embedded } from "@omni/search-embedded"
import { assert, it } from "vitest"
import * as z from "zod"

import { channel } from "./shop.ts"

const channels = [channel("web")]

const messageOf = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    assert.isTrue(error instanceof TypeError || error instanceof InvalidOptions)
    return (error as Error).message
  }
  return "nothing"
}

it("says at once which options of search cannot be meant, where, and what was expected", () => {
  const wrong: ReadonlyArray<readonly [options: unknown, said: RegExp]> = [
    [undefined, /search\(\) do not fit: channels: It is needed/],
    [{}, /search\(\) do not fit: channels: It is needed/],
    [{ channels: [] }, /channels: .*nobody could ask/],
    [{ channels: "web" }, /channels: Give the channels/],
    [{ channels: ["web"] }, /channels.0: Give a channel/],
    [{ channels: [channel("web"), channel("web")] }, /channels: Each channel has an id of its own/],
    [{ channels, synonym: {} }, /synonym: .*synonyms/],
    [{ channels, facets: { color: "value" } }, /facets.color: Write "values" or "numbers"/],
    [{ channels, facets: ["color"] }, /facets: Write \{ color: "values" \}/],
    [{ channels, facets: { brand: "values" } }, /facets: .*without a word/],
    [{ channels, synonyms: { es: ["nevera"] } }, /synonyms.es.0: Write \{ words:/],
    [{ channels, synonyms: { es: [{ word: "té" }] } }, /synonyms.es.0: Write \{ words:/],
    [{ channels, synonyms: { "es-ES": [] } }, /synonyms.es-ES: .*without its region/],
    [{ channels, availability: true }, /availability: Give a function/],
    [{ channels, boost: {} }, /boost: Give a function/],
    [{ channels, causes: [{ on: "StockOut", of: () => ({}) }] }, /causes.0.on: Give an event's type/],
    [{ channels, synonyms: [] }, /synonyms: Write \{ es:/],
    [{ channels, groups: "b2b" }, /groups: Give the customer groups/],
    [{ channels, version: 1.5 }, /version: Give a whole number from 0/]
  ]
  for (const [options, said] of wrong)
    assert.match(
      messageOf(() => search(options as never)),
      said,
      JSON.stringify(options)
    )
  search({ channels, facets: { color: "values" }, synonyms: { es: [{ words: ["a", "b"] }, { word: "c", also: ["d"] }] }, version: 2 })
})

it("says at once what is missing to open a search", () => {
  const module = search({ channels })
  const omni = createOmni({ store: memory(), modules: { catalog: catalog({ channels }), search: module } })
  const without = createOmni({ store: memory(), modules: { catalog: catalog({ channels }) } })
  const driver = embedded()
  const wrong: ReadonlyArray<readonly [make: () => unknown, said: RegExp]> = [
    [() => openSearch(without as never, module, { driver }), /The app has no module `search`/],
    [() => openSearch(omni, {} as never, { driver }), /the module is none/],
    [() => openSearch(omni, module, {} as never), /was given no driver/],
    [() => openSearch(omni, module, undefined as never), /was given no driver/],
    [() => openSearch(omni, module, { driver: { ...driver, specVersion: 2 } as never }), /specVersion 2; expected is 1/],
    [() => openSearch(omni, module, { driver, poll: -1 }), /`poll` is -1/]
  ]
  for (const [make, said] of wrong) assert.match(messageOf(make), said)
})

it("says which option of the index there is none of, and which was meant", () => {
  assert.throws(() => embedded({ stemer: {} } as never), InvalidOptions, 'Did you mean "stemmers"?')
})

it("needs the catalog, and the events that it is to follow", () => {
  const StockOut = event("stock.Out", z.object({ sku: z.string() }))
  const causes = [searchCause(StockOut, ({ data }) => ({ codes: [data.sku] }))]
  const made = (modules: Parameters<typeof createOmni>[0]["modules"]) => () => createOmni({ store: memory(), modules })
  const refused = (make: () => unknown) => {
    try {
      make()
    } catch (error) {
      assert.instanceOf(error, ModuleMissing)
      return (error as ModuleMissing).missing.map(({ name }) => name)
    }
    return []
  }
  assert.deepEqual(refused(made({ search: search({ channels, causes }) })), ["catalog", "stock.Out"])
  const stock = moduleOf("stock", { events: [StockOut] })
  assert.deepEqual(refused(made({ catalog: catalog({ channels }), stock, search: search({ channels, causes }) })), [])
})
