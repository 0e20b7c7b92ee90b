import { smtp } from "@omni/channel-smtp"
import { InvalidOptions } from "@omni/core"
import { assert, it } from "vitest"

it("says which of its options there is none of, and which was meant", () => {
  assert.throws(
    () => smtp({ host: "localhost", requireTLs: false } as never),
    InvalidOptions,
    'The options of smtp() do not fit: from: It is needed.; requireTLs: There is no such option. Did you mean "requireTls"?'
  )
})
