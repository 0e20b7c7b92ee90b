import { transportLaws } from "@omni/testkit"
import { describe, expect, it } from "vitest"

import { carrying, failing, ordering, publishing, transportUnderTest } from "./saboteurs/transports.ts"

const saboteurs = [...carrying, ...ordering, ...failing, ...publishing]
const sound = { driver: () => ({}) }
const patience = 400
const names = transportLaws(transportUnderTest(sound)).map(({ name }) => name)

/** The one law whose name has this piece. */
const named = (piece: string): string => {
  const found = names.filter((name) => name.includes(piece))
  if (found.length !== 1) throw new Error(`"${piece}" is in ${found.length} names of laws`)
  return found[0]!
}

describe("each law of transports can fail", () => {
  it.each(saboteurs)("a transport that $does is caught", async ({ breaks, wreck }) => {
    const missed: Array<string> = []
    for (const name of breaks.map(named)) {
      const law = transportLaws(transportUnderTest(wreck()), { patience }).find((one) => one.name === name)
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
  it.each(transportLaws(transportUnderTest(sound), { scale: 0.3 }))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
