import { InvalidOptions } from "@omni/core"
import { nats } from "@omni/transport-nats"
import { assert, it } from "vitest"

import { settingsOf } from "../src/options.ts"

it("says which of its options there is none of, and which was meant", () => {
  assert.throws(
    () => nats({ stream: "shop", replica: 3 } as never),
    InvalidOptions,
    'The options of nats() do not fit: replica: There is no such option. Did you mean "replicas"?'
  )
  assert.throws(() => nats({} as never), InvalidOptions, "stream: It is needed.")
  assert.throws(() => nats({ stream: "shop", retention: { ages: 1 } as never }), InvalidOptions, 'Did you mean "age"?')
})

it("takes an option that is undefined as one that it was not told", () => {
  const told = { stream: "shop", partitions: undefined, prefix: undefined }
  const settings = settingsOf(told as never)
  assert.deepInclude(settings, { partitions: 16, prefix: "shop" })
})
