import { assert, it } from "vitest"

import { Messages } from "../src/model.ts"

it("a row of a newer release, which says more of a message than this one knows, is read", () => {
  const row = { customer: "jane", purpose: "news", category: "marketing", status: "deferred", at: 0, expires: 1, reasons: [] }
  const content = { text: "Hello", preview: "Hi" }
  for (const said of [content, { email: content }, { template: "hello", version: 2 }]) {
    const request = { customer: "jane", purpose: "news", category: "marketing", content: said }
    assert.isTrue(Messages.schema.safeParse({ ...row, content, request }).success, JSON.stringify(said))
  }
  assert.isFalse(Messages.schema.safeParse({ ...row, content: { preview: "Hi" } }).success)
})
