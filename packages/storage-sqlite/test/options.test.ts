import { InvalidOptions } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { assert, it } from "vitest"

it("says which of its options there is none of, and which was meant", () => {
  assert.throws(
    () => sqlite(":memory:", { durabilty: "normal" } as never),
    InvalidOptions,
    'The options of sqlite() do not fit: durabilty: There is no such option. Did you mean "durability"?'
  )
})
