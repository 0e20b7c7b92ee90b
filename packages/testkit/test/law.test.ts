import { memory } from "@omni/core/memory"
import { LawBroken, storeLaws, type LawToggles } from "@omni/testkit"
import { describe, expect, it } from "vitest"

import { sending } from "./saboteurs/wreck.ts"
import { underTest } from "./saboteurs/wreck.ts"

const name = "write skew on rows that are there cannot happen"

const run = (sound: boolean, toggles: LawToggles) => {
  const make = sound ? async () => ({ driver: memory() }) : underTest({ scoped: sending((commit) => ({ ...commit, checks: [] })) })
  return storeLaws(make, toggles)
    .find((law) => law.name === name)!
    .run()
}

describe("the toggles of laws", () => {
  it("answer `skipped` with the reason for what is skipped", async () => {
    expect(await run(false, { skip: { [name]: "not today" } })).toEqual({ skipped: "not today" })
  })

  it("take a known gap that is there for what was said, and one that has closed for a failure", async () => {
    expect(await run(false, { knownGaps: { [name]: "no locks yet" } })).toEqual({})
    await expect(run(true, { knownGaps: { [name]: "no locks yet" } })).rejects.toThrow("The known gap has closed")
  })

  it("do not take a law that does not apply for a gap", async () => {
    const session = "a session excludes every other commit until its own has landed"
    const laws = storeLaws(async () => ({ driver: memory({ begin: false }) }), { knownGaps: { [session]: "it has none" } })
    await expect(laws.find((law) => law.name === session)!.run()).rejects.toThrow("does not apply")
  })

  it("refuse names that are no laws", () => {
    expect(() => storeLaws(async () => ({ driver: memory() }), { skip: { "write skew": "" } })).toThrow('There is no law "write skew"')
    expect(() => storeLaws(async () => ({ driver: memory() }), { knownGaps: { constructor: "" } })).toThrow('There is no law "constructor"')
  })

  it("say what was found instead of what the law asks for", async () => {
    await expect(run(false, {})).rejects.toThrow(LawBroken)
    await expect(run(false, {})).rejects.toThrow('expected ["Committed", "Conflict"]')
  })

  it("reproduce a failed property by its seed", async () => {
    const forgetful = underTest({
      scoped: sending((commit) => ({ ...commit, writes: commit.writes.map((write) => ({ ...write, drop: [] })) }))
    })
    const fail = async (seed: number) => {
      const law = storeLaws(forgetful, { seed }).find((one) => one.name.startsWith("find answers as a plain filter"))!
      return law.run().then(
        () => "",
        (error: Error) => error.message
      )
    }
    expect(await fail(11)).toContain("seed: 11")
    expect(await fail(11)).toBe(await fail(11))
  })

  it("close every client and clean up, also after a failure", async () => {
    let [made, closed, disposed] = [0, 0, 0]
    const make = async () => {
      const inner = memory()
      const counted = () => {
        made++
        const driver = inner.shared()
        return {
          ...driver,
          close: async () => {
            closed++
            await driver.close()
          }
        }
      }
      return { driver: counted(), second: async () => counted(), reopen: async () => counted(), dispose: async () => void disposed++ }
    }
    const laws = storeLaws(make, { scale: 0.1 })
    for (const law of laws) await law.run()
    expect(disposed).toBe(laws.length)
    expect(closed).toBeGreaterThanOrEqual(made)
  })
})
