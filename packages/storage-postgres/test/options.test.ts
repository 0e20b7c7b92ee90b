import { InvalidOptions } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { assert, it } from "vitest"

it("says which of its options there is none of, and which was meant", () => {
  assert.throws(
    () => postgres("postgres://nowhere", { lockTimout: 1 } as never),
    InvalidOptions,
    'The options of postgres() do not fit: lockTimout: There is no such option. Did you mean "lockTimeout"?'
  )
  const keys = { shema: "keys" } as never
  assert.throws(() => postgres("postgres://nowhere", { keys }), InvalidOptions, "schema")
})
