import { describe, expect, it } from "vitest"

/** Not public, so it is reached by its address. */
const { memo }: { readonly memo: <A>(make: (key: string) => A) => (key: string) => A } = await import(
  new URL("../../src/values/plain/memo.ts", import.meta.url).href
)

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
