import { createHash, createHmac } from "node:crypto"

import { hexDigest, hmacSha256, sha256 } from "@omni/core/values"
import * as fc from "fast-check"
import { assert, it } from "vitest"

// Around the lengths at which a message needs another block.
const text = fc.oneof(
  fc.string({ maxLength: 300, unit: "binary" }),
  fc.integer({ min: 50, max: 130 }).map((length) => "a".repeat(length))
)

it("works out what node:crypto does", () => {
  fc.assert(
    fc.property(text, text, (key, message) => {
      assert.equal(hexDigest(sha256(message)), createHash("sha256").update(message).digest("hex"))
      assert.equal(hexDigest(hmacSha256(key)(message)), createHmac("sha256", key).update(message).digest("hex"))
    })
  )
})
