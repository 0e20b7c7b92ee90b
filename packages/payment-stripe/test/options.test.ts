import { InvalidOptions } from "@omni/core"
import { stripe } from "@omni/payment-stripe"
import { assert, it } from "vitest"

it("says which of its options there is none of, and which was meant", () => {
  assert.throws(
    () => stripe({ secretKey: "sk", webhookSecrets: "w" } as never),
    InvalidOptions,
    'The options of stripe() do not fit: webhookSecret: It is needed.; webhookSecrets: There is no such option. Did you mean "webhookSecret"?'
  )
  const capture = "automaticaly" as "automatic"
  assert.throws(() => stripe({ secretKey: "sk", webhookSecret: "w", capture }), InvalidOptions, "capture: ")
})
