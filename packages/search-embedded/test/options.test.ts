import { catalog } from "@omni/catalog"
import { openSearch, search } from "@omni/catalog/search"
import { createOmni, InvalidOptions } from "@omni/core"
import { memory } from "@omni/core/memory"
import { embedded } from "@omni/search-embedded"
import { assert, it } from "vitest"

import { channel } from "./shop.ts"

const channels = [channel("web")]

const messageOf = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    assert.instanceOf(error, TypeError)
    return (error as TypeError).message
  }
  return "nothing"
}

it("says at once which options of search cannot be meant, where, and what was expected", () => {
  const wrong: ReadonlyArray<readonly [options: unknown, said: RegExp]> = [
    [undefined, /`channels`: Give the channels that the catalog was given/],
    [{}, /`channels`: Give the channels that the catalog was given/],
    [{ channels: [] }, /`channels`: .*nobody could ask/],
    [{ channels: "web" }, /`channels`: Give the channels/],
    [{ channels: ["web"] }, /`channels.0`: Give a channel/],
    [{ channels: [channel("web"), channel("web")] }, /`channels`: Each channel has an id of its own/],
    [{ channels, synonym: {} }, /`synonym`: no option of search. There are: channels, facets, synonyms, /],
    [{ channels, facets: { color: "value" } }, /`facets.color`: Write "values" or "numbers"/],
    [{ channels, facets: ["color"] }, /`facets`: Write \{ color: "values" \}/],
    [{ channels, facets: { brand: "values" } }, /`facets`: .*without a word/],
    [{ channels, synonyms: { es: ["nevera"] } }, /`synonyms.es.0`: Write \{ words:/],
    [{ channels, synonyms: { es: [{ word: "té" }] } }, /`synonyms.es.0`: Write \{ words:/],
    [{ channels, synonyms: { "es-ES": [] } }, /`synonyms.es-ES`: .*without its region/],
    [{ channels, availability: true }, /`availability`: Give a function/],
    [{ channels, boost: {} }, /`boost`: Give a function/],
    [{ channels, causes: [{ on: "StockOut", of: () => ({}) }] }, /`causes.0.on`: Give an event's type/],
    [{ channels, version: 1.5 }, /`version`: Give a whole number from 0/]
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
