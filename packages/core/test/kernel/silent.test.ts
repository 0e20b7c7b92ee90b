import { collection, createOmni, module, operation, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { expect, it } from "vitest"
import * as z from "zod"

const Counts = collection("silent.counts", { schema: z.object({ n: z.number() }) })
const count = operation("silent.count", z.object({ id: z.string() }), function* (tx, { id }) {
  return tx.put(Counts, id, { n: (tx.get(Counts, id)?.n ?? 0) + 1 }).n
})

/** A store that answers nothing, neither reads nor commits, until it is let. */
const mute = () => {
  const driver = memory()
  let gate = Promise.withResolvers<void>()
  gate.resolve()
  const store: StoreDriver = {
    ...driver,
    async open(scope) {
      const own = await driver.open(scope)
      return {
        read: async (...asked) => gate.promise.then(() => own.read(...asked)),
        commit: async (commit) => gate.promise.then(() => own.commit(commit)),
        events: (...asked) => own.events(...asked),
        trim: (upto) => own.trim(upto)
      }
    }
  }
  return { store, fallSilent: () => (gate = Promise.withResolvers<void>()), speak: () => gate.resolve() }
}

const ending = async (call: Promise<unknown>) => {
  const began = performance.now()
  const ended = await call.then(
    () => "done",
    ({ _tag }: { readonly _tag: string }) => _tag
  )
  return { ended, took: performance.now() - began }
}

it("tells callers whose time is up, under way or behind, while the store says nothing", async () => {
  const { store, fallSilent, speak } = mute()
  const omni = createOmni({ store, modules: { silent: module("silent", { collections: [Counts], operations: { count } }) } })
  const { silent } = omni
  await silent.count({ id: "a" })
  fallSilent()
  const patient = silent.count({ id: "a" }, { key: "patient" })
  const underWay = ending(silent.count({ id: "a" }, { key: "hasty", timeout: 300 }))
  await new Promise((resolve) => setTimeout(resolve, 50))
  const behind = ending(silent.count({ id: "b" }, { key: "behind", timeout: 300 }))
  for (const [call, tag] of [
    [await underWay, "OutcomeUnknown"],
    [await behind, "StoreUnavailable"]
  ] as const) {
    expect(call.ended).toBe(tag)
    expect(call.took).toBeGreaterThanOrEqual(290)
    expect(call.took).toBeLessThan(1_500)
  }
  speak()
  await patient
  // What was not begun is done now; what may have taken effect is not done twice.
  expect(await silent.count({ id: "b" }, { key: "behind" })).toBe(1)
  await silent.count({ id: "a" }, { key: "hasty" })
  expect(await silent.count({ id: "a" })).toBe(4)
  await omni.close()
})
