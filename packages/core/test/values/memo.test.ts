import { describe, expect, it } from "vitest"

import { memo } from "../../src/values/memo.ts"

describe("memo", () => {
  it("makes each result once, and forgets before strangers' keys fill the memory", () => {
    const made: Array<string> = []
    const length = memo((key) => made.push(key) && key.length)
    expect([length("abc"), length("abc"), length("")]).toEqual([3, 3, 0])
    expect(made).toEqual(["abc", ""])
    for (let key = 0; key < 499; key++) length(`key ${key}`)
    expect(length("abc")).toBe(3)
    expect(made.filter((key) => key === "abc")).toHaveLength(2)
  })
})
