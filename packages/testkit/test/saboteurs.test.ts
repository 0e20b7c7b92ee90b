import { storeLaws } from "@omni/testkit"
import { describe, expect, it } from "vitest"

import { atomicity, checking, idempotency } from "./saboteurs/commits.ts"
import { durability, dueWork, scoping, sessions, watching } from "./saboteurs/driver.ts"
import { keys, limits } from "./saboteurs/limits.ts"
import { finding, logging } from "./saboteurs/reading.ts"
import { underTest, type Saboteur } from "./saboteurs/wreck.ts"

const saboteurs: ReadonlyArray<Saboteur> = [
  ...atomicity,
  ...checking,
  ...idempotency,
  ...finding,
  ...logging,
  ...dueWork,
  ...scoping,
  ...sessions,
  ...watching,
  ...durability,
  ...limits,
  ...keys
]

const patience = 300
const names = storeLaws(underTest({})).map(({ name }) => name)

/** The one law whose name has this piece. */
const named = (piece: string): string => {
  const found = names.filter((name) => name.includes(piece))
  if (found.length !== 1) throw new Error(`"${piece}" is in ${found.length} names of laws`)
  return found[0]!
}

describe("each law can fail", () => {
  it.each(saboteurs)("a store that $does is caught", async ({ breaks, wreck }) => {
    const missed: Array<string> = []
    for (const name of breaks.map(named)) {
      const law = storeLaws(underTest(wreck()), { patience }).find((one) => one.name === name)
      await law?.run().then(
        () => missed.push(name),
        () => undefined
      )
    }
    expect(missed).toEqual([])
  })

  it("there is a saboteur for each law", () => {
    const caught = new Set(saboteurs.flatMap(({ breaks }) => breaks.map(named)))
    expect(names.filter((name) => !caught.has(name))).toEqual([])
  })
})

describe("the saboteurs' wrapping alone breaks nothing", () => {
  it.each(storeLaws(underTest({}), { scale: 0.3 }))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
