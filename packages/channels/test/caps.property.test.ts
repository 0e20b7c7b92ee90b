import type { Cap } from "@omni/channels"
import { hours } from "@omni/core"
import { memory } from "@omni/core/memory"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { news, NOON, open, recorders } from "./shop.ts"

const caps = [
  { name: "three a day", limit: 3, window: hours(24) },
  { name: "one sms in six hours", limit: 1, window: hours(6), kinds: ["sms"] }
] as const

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ send: fc.constantFrom("email", "sms", "push"), from: fc.constantFrom(0, 1) } as const) },
  { weight: 1, arbitrary: fc.record({ drain: fc.constantFrom(0, 1) } as const) }
)
const groups = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 8 }), acts: fc.array(act, { maxLength: 5 }) }), { maxLength: 10 })

it("never exceeds a cap in any stretch of its length, whoever sends at once, and loses nothing that it defers", async () => {
  let deferred = 0
  await fc.assert(
    fc.asyncProperty(groups, async (program) => {
      const store = memory()
      const clock = clockAt(NOON)
      const drivers = recorders()
      const apps = [store.shared(), store.shared()].map(
        (shared) => open({ caps, drivers, patience: hours(10_000) }, undefined, { store: shared, clock }).omni
      )
      const asked: Array<string> = []
      const times = new Map<string, number>()
      const note = async () => {
        const { items } = (await apps[0]?.channels.messagesOf({ customer: "jane", limit: 200 })) ?? { items: [] }
        deferred += items.filter(({ row }) => row.status === "deferred").length
        for (const { id, row } of items) if (row.status !== "deferred" && !times.has(id)) times.set(id, clock.now())
      }
      for (const { acts, wait } of program) {
        clock.advance(hours(wait))
        await Promise.all(
          acts.map(async (one) => {
            if ("drain" in one) return apps[one.drain]?.drain()
            const decision = await apps[one.from]?.channels.send({ ...news, kinds: [one.send] })
            return decision === undefined ? 0 : asked.push(decision.message)
          })
        )
        await note()
      }
      for (let i = 0; i < 8 * asked.length && times.size < asked.length; i++) {
        clock.advance(hours(6))
        await apps[i % 2]?.drain()
        await note()
      }
      await apps[0]?.drain()
      const taken = [...drivers.email.messages, ...drivers.sms.messages, ...drivers.push.messages]
      assert.deepEqual(taken.map(({ message }) => message).sort(), asked.sort())
      for (const { kinds, limit, window } of caps.map((cap): Cap => cap)) {
        const at = taken.filter(({ kind }) => kinds?.includes(kind) ?? true).map(({ message }) => times.get(message) ?? 0)
        for (const end of at) assert.isAtMost(at.filter((time) => time > end - window && time <= end).length, limit)
      }
    }),
    { numRuns: 30 }
  )
  assert.isAbove(deferred, 10, "something had to wait")
}, 120_000)

it("drops what a cap says to drop, and says which", async () => {
  const { omni } = open({ caps: [{ name: "one a day", limit: 1, window: hours(24), whenFull: "drop" }] })
  assert.equal((await omni.channels.send(news)).status, "queued")
  const second = await omni.channels.send(news)
  assert.equal(second.status, "skipped")
  assert.deepEqual(second.reasons.at(-1)?.facts, { cap: "one a day", count: 1, limit: 1, window: hours(24), until: NOON + hours(24) })
  assert.equal((await omni.channels.send({ ...news, category: "transactional" })).status, "queued")
})

it("gives up what would come too late, and refuses caps that let nothing through", async () => {
  const { omni } = open({ caps: [{ name: "one a day", limit: 1, window: hours(24) }] })
  await omni.channels.send(news)
  const late = await omni.channels.send({ ...news, expires: NOON + hours(23) })
  assert.deepEqual([late.status, late.reasons.at(-1)?.code], ["skipped", "expired"])
  assert.throws(() => open({ caps: [{ name: "none", limit: 0, window: 1 }] }), /lets nothing through/)
})
