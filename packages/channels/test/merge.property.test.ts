import { days, hours } from "@omni/core"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { jane, news, NOON, open } from "./shop.ts"

const names = ["a", "b", "c", "d", "e"]

/** Each customer but the first goes into one of those before: some tree, told in some order. */
const merges = fc
  .tuple(...names.slice(1).map((from, i) => fc.nat({ max: i }).map((into) => ({ from, into: names[into] ?? "a" }))))
  .chain((tree) => fc.shuffledSubarray(tree, { minLength: tree.length }))

const shopOf = (clock = clockAt(NOON)) =>
  open(
    { caps: [{ name: "five a day", limit: 5, window: days(1) }] },
    Object.fromEntries(names.map((name) => [name, { ...jane, profile: name }])),
    { clock }
  )

it("makes one log and one count of all who belong together, in whatever order it hears of it, by any of their ids", async () => {
  await fc.assert(
    fc.asyncProperty(merges, fc.array(fc.constantFrom(...names), { maxLength: 5 }), fc.constantFrom(...names), async (told, to, last) => {
      const { omni } = shopOf()
      const sent: Array<string> = []
      for (const customer of to) sent.push((await omni.channels.send({ ...news, customer })).message)
      for (const each of told) await omni.channels.merge(each)
      for (const each of told) await omni.channels.merge(each)
      for (let i = to.length; i < 5; i++) sent.push((await omni.channels.send({ ...news, customer: names[i] ?? "a" })).message)
      const full = await omni.channels.send({ ...news, customer: last })
      assert.deepEqual([full.status, full.reasons[0]?.code, full.reasons[0]?.facts["count"]], ["deferred", "capped", 5])
      for (const customer of names) {
        const { items } = await omni.channels.messagesOf({ customer })
        assert.sameMembers(
          items.map(({ id }) => id),
          [...sent, full.message]
        )
      }
    }),
    { numRuns: 60 }
  )
}, 60_000)

it("goes on where a page ended also when customers became one in between", async () => {
  const clock = clockAt(NOON)
  const { omni } = shopOf(clock)
  for (const customer of ["a", "b", "a", "b", "a"]) {
    await omni.channels.send({ ...news, customer })
    clock.advance(hours(30))
  }
  const first = await omni.channels.messagesOf({ customer: "a", limit: 2 })
  await omni.channels.merge({ from: "b", into: "a" })
  const rest = await omni.channels.messagesOf({ customer: "a", after: first.cursor ?? assert.fail("there is more") })
  const all = await omni.channels.messagesOf({ customer: "a" })
  assert.lengthOf(all.items, 5)
  assert.deepEqual(
    rest.items,
    all.items.filter(({ row }) => row.at < (first.items.at(-1)?.row.at ?? 0))
  )
  const wrong = await omni.channels.safe.messagesOf({ customer: "a", after: "page 2" })
  assert.equal(wrong.ok ? "" : wrong.error._tag, "InvalidInput")
})

it("tells the log of somebody whom many have become", async () => {
  const { omni } = open({}, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, { ...jane, profile: `c${i}` }])))
  await Promise.all(Array.from({ length: 40 }, (_, i) => omni.channels.send({ ...news, customer: `c${i}` })))
  for (let i = 1; i < 40; i++) await omni.channels.merge({ from: `c${i}`, into: `c${i - 1}` })
  assert.lengthOf((await omni.channels.messagesOf({ customer: "c20", limit: 1000 })).items, 40)
})
