import { hours, isWithinLocalWindow, toCivil } from "@omni/core"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { jane, news, open } from "./shop.ts"

const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Africa/Casablanca"
]
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([hour, minute]) => [hour, minute].map((n) => String(n).padStart(2, "0")).join(":"))
const windows = fc.tuple(time, time).filter(([from, to]) => from !== to)
/** Two years with all their changes of the clocks, to the minute. */
const instants = fc.integer({ min: 0, max: 2 * 366 * 24 * 60 }).map((minute) => Date.UTC(2026, 0, 1) + minute * 60_000)

it("sends in quiet hours nothing and after them everything, in every zone and on every day", async () => {
  let waited = 0
  await fc.assert(
    fc.asyncProperty(instants, fc.constantFrom(...zones), windows, async (start, timeZone, [from, to]) => {
      const clock = clockAt(start)
      const { drivers, omni } = open({ quietHours: { from, to } }, { jane: { ...jane, timeZone } }, { clock })
      const decision = await omni.channels.send(news)
      const quiet = isWithinLocalWindow(start, timeZone, from, to)
      assert.equal(decision.status, quiet ? "deferred" : "queued")
      if (decision.until !== undefined) {
        waited++
        assert.isAbove(decision.until, start)
        assert.isAtMost(decision.until, start + hours(50))
        assert.isFalse(isWithinLocalWindow(decision.until, timeZone, from, to), toCivil(decision.until, timeZone))
        clock.set(decision.until - 1)
        await omni.drain()
        assert.equal(drivers.email.messages.length, 0)
        clock.set(decision.until)
      }
      await omni.drain()
      await omni.drain()
      assert.deepEqual(
        drivers.email.messages.map(({ message }) => message),
        [decision.message]
      )
    }),
    { numRuns: 80 }
  )
  assert.isAbove(waited, 10, "something had to wait")
}, 60_000)

it("follows the recipient's clock over the change of the clocks, and the channel's where the recipient's zone is none", async () => {
  // Berlin, the night to 29 March 2026: 02:00 is followed by 03:00.
  const eve = Date.UTC(2026, 2, 28, 21, 30)
  const night = { quietHours: { from: "22:00", to: "07:00" } } as const
  const berlin = open(night, undefined, { clock: clockAt(eve) })
  assert.equal((await berlin.omni.channels.send(news)).until, Date.UTC(2026, 2, 29, 5))
  const channels = [{ id: "mail", name: "Mail", kind: "email", currency: "EUR", locale: "de", timeZone: "Asia/Tokyo" }] as const
  const nowhere = open({ ...night, channels }, { jane: { ...jane, timeZone: "Mars/Phobos" } }, { clock: clockAt(eve) })
  const decision = await nowhere.omni.channels.send(news)
  assert.equal(decision.until, Date.UTC(2026, 2, 28, 22))
  assert.match(decision.reasons.at(-1)?.sentence ?? "", /2026-03-29 07:00 where the customer is \(Asia\/Tokyo\)/)
})

it("asks again when it is time: what was taken back meanwhile does not go out", async () => {
  const people = { jane }
  const { clock, drivers, omni } = open({ quietHours: { from: "11:00", to: "13:00" } }, people)
  const { message } = await omni.channels.send(news)
  await omni.channels.suppress({ kind: "email", address: "jane@example.com", scope: "all", reason: "complained" })
  people.jane = { ...jane, consents: [...jane.consents, { purpose: "news", kind: "sms", status: "withdrawn", at: 1 }] }
  clock.advance(hours(1))
  await omni.drain()
  await omni.drain()
  const logged = await omni.channels.message({ message })
  assert.deepEqual([logged.status, logged.kind], ["sent", "push"])
  assert.deepEqual(
    logged.reasons.map(({ code }) => code),
    ["suppressed", "consent-refused", "chosen"]
  )
  assert.equal(drivers.email.messages.length + drivers.sms.messages.length, 0)
})

it("refuses quiet hours that never end", () => {
  assert.throws(() => open({ quietHours: { from: "08:00", to: "08:00" } }), /never end/)
})
