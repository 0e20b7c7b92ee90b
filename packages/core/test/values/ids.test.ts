import { ExternalId, Id, idOf } from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

describe("ids", () => {
  it.each(["1", "gid://shopify/Product/1", "東京", "a b", "😀".repeat(100)])("accepts %j", (id) => {
    expect(Id.parse(id)).toBe(id)
    expect(idOf<"customer">().parse(id)).toBe(id)
  })

  it.each(["", "a\n", "\0", "\u007f", "\u0085", "\ud800", "a".repeat(201), 1, null])("refuses %j", (id) => {
    expect(Id.safeParse(id).success).toBe(false)
    expect(idOf<"customer">().safeParse(id).success).toBe(false)
  })

  it("accepts exactly the well-formed texts of 1 to 200 characters without control characters", () => {
    const allowed = (id: string) =>
      id.length > 0 && id.length <= 200 && encodeURIComponentWorks(id) && [...id].every((letter) => !isControl(letter))
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 210 }), (id) => {
        expect(Id.safeParse(id).success).toBe(allowed(id))
      })
    )
  })

  it("keeps whose id it is", () => {
    expect(ExternalId.parse({ source: "shopify", id: "7" })).toEqual({ source: "shopify", id: "7" })
    expect(ExternalId.safeParse({ source: "", id: "7" }).success).toBe(false)
    expect(ExternalId.safeParse({ id: "7" }).success).toBe(false)
  })
})

const isControl = (letter: string) => {
  const code = letter.codePointAt(0) ?? 0
  return code < 32 || (code >= 127 && code < 160)
}

const encodeURIComponentWorks = (text: string) => {
  try {
    return encodeURIComponent(text) !== ""
  } catch {
    return false
  }
}
