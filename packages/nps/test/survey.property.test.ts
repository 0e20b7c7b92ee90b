import { createOmni, days } from "@omni/core"
import { memory } from "@omni/core/memory"
import { nps, npsOf, SurveyBudgetExceeded, tally } from "@omni/nps"
import fc from "fast-check"
import { assert, it } from "vitest"

const modules = () => ({
  nps: nps<string>({
    surveys: ["a", "b"].map((id) => ({ id, invitation: ({ token }) => token })),
    budget: { invitation: days(30), answer: days(90) },
    smallestGroup: 1
  })
})

const burst = fc.record({
  pause: fc.integer({ min: 0, max: 60 }),
  calls: fc.array(
    fc.record({ customer: fc.constantFrom("jane", "john"), survey: fc.constantFrom("a", "b"), engine: fc.integer({ min: 0, max: 1 }) }),
    { minLength: 1, maxLength: 12 }
  )
})

it("never invites anybody twice within the budget, however many calls on however many machines race for it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(burst, { maxLength: 6 }), async (bursts) => {
      let now = Date.UTC(2026, 0, 1)
      const store = memory()
      const clock = { now: () => now, sleep: async () => undefined }
      const machines = [createOmni({ store, clock, modules: modules() }), createOmni({ store, clock, modules: modules() })]
      const last = new Map<string, number>()
      for (const { calls, pause } of bursts) {
        now += days(pause)
        const results = await Promise.all(calls.map(({ engine, ...call }) => machines[engine]?.nps.safe.invite(call)))
        for (const customer of new Set(calls.map((call) => call.customer))) {
          const mine = results.filter((_, index) => calls[index]?.customer === customer)
          const isFree = now >= (last.get(customer) ?? -Infinity) + days(30)
          assert.equal(mine.filter((result) => result?.ok).length, isFree ? 1 : 0)
          for (const result of mine) if (result?.ok === false) assert.instanceOf(result.error, SurveyBudgetExceeded)
          if (isFree) last.set(customer, now)
        }
      }
    }),
    { numRuns: 25 }
  )
})

const answer = fc.record({
  score: fc.integer({ min: 0, max: 10 }),
  day: fc.integer({ min: 0, max: 9 }),
  location: fc.constantFrom("lyon", "paris", undefined)
})

it("scores a period as recounting its answers does, in whatever order they come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { maxLength: 25 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 9 }),
      async (all, one, other) => {
        let now = 0
        const omni = createOmni({ store: memory(), clock: { now: () => now, sleep: async () => undefined }, modules: modules() })
        for (const day of Array.from({ length: 10 }, (_, index) => index)) {
          now = Date.UTC(2026, 0, 1 + day, 23, 59)
          await Promise.all(
            all.map(async ({ location, score, ...at }, customer) => {
              if (at.day !== day) return
              const { token } = await omni.nps.invite({
                survey: "a",
                customer: `c${customer}`,
                ...(location === undefined ? {} : { location })
              })
              await omni.nps.answer({ token, score })
            })
          )
          if (day % 4 === 0) await omni.drain()
        }
        await omni.drain()
        const [first, last] = [Math.min(one, other), Math.max(one, other)]
        const date = (day: number) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
        const told = await omni.nps.score({ survey: "a", from: date(first), to: date(last), locations: ["lyon", "paris"] })
        const period = all.filter(({ day }) => first <= day && day <= last)
        const naive = (answers: typeof all) => {
          const { excluded: _, ...counts } = tally(answers.map(({ score }) => score))
          return answers.length === 0
            ? { suppressed: true, n: 0 }
            : { suppressed: false, ...counts, n: answers.length, score: npsOf(counts) }
        }
        assert.deepInclude(told.total, naive(period))
        for (const figure of told.locations)
          assert.deepInclude(figure, naive(period.filter(({ location }) => location === figure.location)))
      }
    ),
    { numRuns: 25 }
  )
})
