import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { profile, standingOn } from "@omni/profile"
import fc from "fast-check"
import { assert, it } from "vitest"

const statement = fc.record({
  who: fc.integer({ min: 0, max: 2 }),
  purpose: fc.constantFrom("marketing", "service"),
  kind: fc.constantFrom(undefined, "email" as const, "sms" as const),
  status: fc.constantFrom("granted" as const, "denied" as const, "withdrawn" as const),
  at: fc.integer({ min: 0, max: 5 })
})

it("holds the latest statement of each purpose and kind, over merged profiles, and keeps every statement", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { maxLength: 12 }), fc.nat(12), async (statements, mergeAt) => {
      const omni = createOmni({ store: memory(), modules: { profile: profile() } })
      const device = (value: number) => ({ type: "device", value: `d${value}` })
      const ids = await Promise.all([0, 1, 2].map(async (who) => (await omni.profile.identify({ identifiers: [device(who)] })).profile))
      const merge = () => omni.profile.identify({ identifiers: [0, 1, 2].map(device) })
      for (const [index, { at, kind, purpose, status, who }] of statements.entries()) {
        if (index === mergeAt) await merge()
        const proof = { source: "form", wording: "v1", at }
        await omni.profile.recordConsent({ profile: ids[who] ?? "", purpose, status, proof, ...(kind === undefined ? {} : { kind }) })
      }
      await merge()
      const { current, evidence } = await omni.profile.consents({ profile: ids[1] ?? "", limit: 100 })
      assert.equal(evidence.items.length, statements.length)
      for (const { kind, purpose } of statements) {
        const same = statements.filter((other) => other.purpose === purpose && other.kind === kind)
        const last = Math.max(...same.map(({ at }) => at))
        const final = same.filter(({ at }) => at === last).map(({ status }) => status)
        const held = current.find((standing) => standing.purpose === purpose && standing.kind === kind)
        const strictest = (["withdrawn", "denied", "granted"] as const).find((status) => final.includes(status))
        assert.equal(held?.status, strictest)
      }
      assert.equal(current.length, new Set(statements.map(({ kind, purpose }) => `${purpose} ${kind}`)).size)
      for (const purpose of ["marketing", "service"]) {
        const said = statements.some((each) => each.purpose === purpose && each.kind !== "sms")
        assert.equal(standingOn(current, purpose, "email") !== undefined, said)
      }
    }),
    { numRuns: 40 }
  )
})
