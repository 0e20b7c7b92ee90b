import { describe, expect, it } from "vitest"

import { examplesIn, toModule } from "../examples/extract.ts"

const moduleOf = (code: string) => toModule({ line: 1, code })

describe("examplesIn", () => {
  it("takes blocks fenced as ts alone, each with the line where its code begins", () => {
    const page = "# Title\n\n```ts\none()\n```\n\n```ts sketch\ntwo()\n```\n\n```sh\nthree\n```\n\n```ts\nfour()\n```\n"
    expect(examplesIn(page)).toEqual([
      { line: 4, code: "one()\n" },
      { line: 16, code: "four()\n" }
    ])
  })
})

describe("toModule", () => {
  it("keeps every line at its number in the page", () => {
    const module = toModule({ line: 16, code: "first()\nsecond()\n" }).split("\n")
    expect(module[15]).toContain("first()")
    expect(module[16]).toBe("second()")
  })

  it.each([
    ["sum(1, 2) // => 3", "isExactly(sum(1, 2), 3)"],
    ["console.log(sum(1, 2)) // => 3", "isExactly(sum(1, 2), 3)"],
    ["const total = sum(1, 2) // => 3", "const total = sum(1, 2); isExactly(total, 3)"],
    ["  await read() // => { ok: true }", "  isExactly(await read(), { ok: true })"]
  ])("asserts %s", (line, asserted) => {
    expect(moduleOf(line)).toContain(asserted)
  })

  it("leaves other comments alone", () => {
    expect(moduleOf("read() // when => is not first")).toContain("read() // when => is not first")
  })
})
