import { searchLaws } from "@omni/catalog/search/laws"
import type { postgresSearch } from "@omni/search-postgres"
import { describe, expect, it } from "vitest"

import { temporarySchema } from "./helpers.ts"

const make =
  (options: { readonly typos?: boolean } = {}) =>
  async () => {
    const { open, dispose } = await temporarySchema()
    const others: Array<ReturnType<typeof postgresSearch>> = []
    const second = async () => {
      const driver = open(options)
      others.push(driver)
      return driver
    }
    const all = async () => {
      await Promise.all(others.map((driver) => driver.close()))
      await dispose()
    }
    return { driver: open(options), second, dispose: all }
  }

const variants = "of a product with many variants those are told that meet what was asked for, the cheapest first"

describe("an index in a database", () => {
  it.each(searchLaws(make()))("$name", async (law) => {
    expect(await law.run()).toEqual(law.name === variants ? { skipped: "The index says nothing of variants" } : {})
  })
})

it("does without pg_trgm where it is told to", async () => {
  const typos = searchLaws(make({ typos: false })).find(({ name }) => name.startsWith("words with a wrong letter"))!
  expect(await typos.run()).toEqual({ skipped: "The driver does not find words with wrong letters" })
})
