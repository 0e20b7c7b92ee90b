import { searchLaws } from "@omni/catalog/search/laws"
import { embedded } from "@omni/search-embedded"
import { describe, expect, it } from "vitest"

const shared = "processes share what is shared, and two writers do no harm"

describe("an index in the process", () => {
  it.each(searchLaws(async () => ({ driver: embedded() })))("$name", async (law) => {
    expect(await law.run()).toEqual(law.name === shared ? { skipped: "Each process has an index of its own" } : {})
  })
})
