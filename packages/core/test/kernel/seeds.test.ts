import { assert, it } from "vitest"

import { Seeds } from "../../src/encoding/seeds.ts"

it("no two seeds share any of the randomness that was drawn", () => {
  let next = 0
  const seeds = new Seeds((bytes) => new Uint8Array(Uint32Array.from({ length: bytes / 4 }, () => next++).buffer))
  const words = Array.from({ length: 3000 }, () => seeds.draw()).flat()
  assert.equal(new Set(words).size, words.length)
  assert.isTrue(Array.from({ length: 100 }, () => seeds.random()).every((n) => n >= 0 && n < 1))
})
