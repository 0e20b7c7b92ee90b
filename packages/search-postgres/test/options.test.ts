import { InvalidOptions } from "@omni/core"
import { postgresSearch } from "@omni/search-postgres"
import { assert, it } from "vitest"

it("says which of its options there is none of, and which was meant", () => {
  assert.throws(
    () => postgresSearch("postgres://nowhere", { typo: false } as never),
    InvalidOptions,
    'The options of postgresSearch() do not fit: typo: There is no such option. Did you mean "typos"?'
  )
})
