import { createOmni, event, module, operation, reactor, type Position, START } from "@omni/core"
import { inProcess, memory } from "@omni/core/memory"
import { beginOf, lag, trimLog } from "@omni/core/upkeep"
import fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

import { manualClock } from "../kernel/clock.ts"

const A = event("t.A", z.object({}))
const B = event("t.B", z.object({}))
const Never = event("t.Never", z.object({}))
const emit = operation("t.emit", z.object({ type: z.enum(["a", "b"]), subject: z.string() }), function* (tx, { type, subject }) {
  tx.emit(type === "a" ? A : B, subject, {})
})

const app = (onA: (subject: string) => void = () => {}) => {
  const clock = manualClock()
  const store = memory()
  const react = [
    reactor("t.onA", [A], function* (_, { subject }) {
      onA(subject)
    }),
    reactor("t.onNever", [Never], function* () {})
  ]
  const t = module("t", { operations: { emit }, reactors: react })
  const publish = [{ name: "out", to: inProcess({ clock }), events: [Never] }]
  const open = (from = store) => createOmni({ store: from, clock, modules: { t }, publish, verify: false })
  return { clock, store, open, omni: open() }
}

it("takes nothing that a reactor has still to take, and all that none has, though no event of its types ever comes", async () => {
  const step = fc.record({
    type: fc.constantFrom("a" as const, "b" as const),
    subject: fc.constantFrom("s1", "s2", "s3", "s4"),
    next: fc.constantFrom("nothing", "nothing", "drain", "trim")
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const taken: Array<string> = []
      const { store, omni } = app((subject) => void taken.push(subject))
      await omni.drain()
      for (const { type, subject, next } of steps) {
        await omni.t.emit({ type, subject })
        if (next === "drain") await omni.drain()
        if (next === "trim") {
          const upto = (await (await store.open("default")).read([])).position
          const { from, heldBy } = await trimLog(omni, { tenant: "default", upto })
          const [lagging] = (await lag(omni)).tenants
          const behind = lagging!.readers.find(({ name }) => name === "t.onA")!
          assert.isFalse(behind.expired)
          // Held only by who has something to take; else the log goes as far as it was asked to.
          assert.deepEqual(
            heldBy.map(({ name }) => name),
            behind.events!.count > 0 ? ["t.onA"] : []
          )
          if (heldBy.length === 0) assert.isTrue(from >= upto)
        }
      }
      await omni.drain()
      const given = steps.filter(({ type }) => type === "a").map(({ subject }) => subject)
      assert.deepEqual(taken.toSorted(), given.toSorted())
      await omni.close()
    }),
    { numRuns: 60 }
  )
})

it("leaves a log alone whose reactors nobody can speak for, unless it is forced", async () => {
  const { store, omni, open } = app()
  await omni.drain()
  await omni.t.emit({ type: "a", subject: "s" })
  await omni.t.emit({ type: "b", subject: "s" })
  await omni.drain()
  const upto = (await (await store.open("default")).read([])).position
  const held = await trimLog(store, { tenant: "default", upto })
  assert.include(
    held.heldBy.map(({ name }) => name),
    "t.onNever"
  )
  const again = open(store.shared())
  await again.drain()
  assert.deepEqual((await trimLog(omni, { tenant: "default", upto })).heldBy, [])
  // Whoever comes later stands where there is still something to read.
  const third = open(store.shared())
  await third.drain()
  assert.deepEqual(
    (await lag(third)).tenants[0]!.readers.filter(({ expired }) => expired),
    []
  )

  const { store: other, omni: forced } = app()
  await forced.drain()
  await forced.t.emit({ type: "a", subject: "s" })
  const end = (await (await other.open("default")).read([])).position
  const { from } = await trimLog(other, { tenant: "default", upto: end, force: true })
  assert.equal(from, end)
  assert.deepEqual(
    (await lag(forced)).tenants[0]!.readers.filter(({ expired }) => expired).map(({ name }) => name),
    ["t.onA", "t.onNever", "out"]
  )
  await Promise.all([omni.close(), again.close(), third.close(), forced.close()])
})

it("keeps the event of a dead letter until it is redriven", async () => {
  let broken = true
  const { clock, store, omni } = app(() => {
    if (broken) throw new Error("not yet")
  })
  await omni.drain()
  await omni.t.emit({ type: "a", subject: "s" })
  for (let i = 0; i < 6; i++) {
    await omni.drain()
    clock.advance(3_600_000)
  }
  const [letter] = (await omni.deadLetters()).items
  const upto = (await (await store.open("default")).read([])).position
  const { heldBy } = await trimLog(omni, { tenant: "default", upto })
  assert.deepEqual(
    heldBy.map(({ kind, name }) => [kind, name]),
    [["dead letter", letter!.id]]
  )
  broken = false
  await omni.redrive(letter!.id)
  assert.deepEqual((await trimLog(omni, { tenant: "default", upto })).heldBy, [])
  await omni.close()
})

it("refuses a position behind the end of the log", async () => {
  const { store, omni } = app()
  await omni.t.emit({ type: "a", subject: "s" })
  const failed = await trimLog(omni, { tenant: "default", upto: "9999999999999999" as Position }).catch((error: unknown) => error)
  assert.include(failed, { _tag: "InvalidOperation" })
  assert.equal(await beginOf(await store.open("default")), START)
  await omni.close()
})
