import { expect, it } from "vitest"

import { Output } from "../src/output.ts"

it("prints a table of more rows than a call takes arguments", () => {
  const lines: Array<string> = []
  const output = new Output({ out: (text) => void lines.push(text), error: () => undefined, color: false, env: {} }, false)
  const rows = Array.from({ length: 200_000 }, (_, n) => [`tenant-${n}`, "0"])
  output.table([["TENANT", "BEHIND"], ...rows])
  expect(lines).toHaveLength(200_001)
  expect(lines[0]).toBe("TENANT         BEHIND\n")
})
