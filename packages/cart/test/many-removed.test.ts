import { assert, it } from "vitest"

import type * as contentsFile from "../src/contents.ts"

// Not public, so it is reached by its address.
const { withRemoved }: typeof contentsFile = await import(new URL("../src/contents.ts", import.meta.url).href)

it("remembers a thousand removed lines without a look at each of them for each that is removed", () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => ({ line: `line ${i}`, variant: `v${i % 7}` }))
  let looks = 0
  const counted = (one: (typeof lines)[number]) =>
    Object.defineProperty({ ...one }, "variant", { enumerable: true, get: () => (looks++, one.variant) })
  const removed = lines.reduce<ReturnType<typeof withRemoved>>((all, one) => withRemoved(all, [counted(one)]), [])
  assert.deepEqual(
    removed.map(({ line }) => line),
    lines.map(({ line }) => line)
  )
  assert.isAtMost(looks, 10 * lines.length)
  assert.equal(withRemoved(removed, [lines[3]!, { line: "line 3" }]).at(-1)?.line, "line 3", "what nobody knew is another")
  assert.lengthOf(withRemoved(removed, lines), lines.length)
})
