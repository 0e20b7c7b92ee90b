import { createOmni, event, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { describe, expect, it } from "vitest"
import * as z from "zod"

const Rung = event("bell.Rung", z.object({}))
const ring = operation("bell.ring", z.object({}), function* (tx) {
  tx.emit(Rung, "door", {})
})
const bell = module("bell", { operations: { ring } })

describe("an app that is put together wrongly is told which part is none", () => {
  const wrong = (options: unknown) => () => createOmni(options as never)

  it("a store that is only a path", () => {
    expect(wrong({ store: "shop.db", modules: { bell } })).toThrow("`store` is none")
    expect(wrong({ modules: { bell } })).toThrow("`store` is none")
  })

  it("a module that was not called, and what is no module", () => {
    expect(wrong({ store: memory(), modules: { bell: () => bell } })).toThrow('"bell" is no module.')
    expect(wrong({ store: memory(), modules: { bell: { ring } } })).toThrow('"bell" is no module')
  })
})

describe("what is asked of the log", () => {
  it("names types by themselves, and how many as a whole number", async () => {
    const omni = createOmni({ store: memory(), modules: { bell } })
    await omni.bell.ring({})
    await expect(omni.events({ types: ["bell.Rung"] as never })).rejects.toMatchObject({
      _tag: "InvalidInput",
      issues: [{ path: "types.0", message: "Give event types, not names" }]
    })
    await expect(omni.events({ limit: -1 })).rejects.toMatchObject({ _tag: "InvalidInput", issues: [{ path: "limit" }] })
    const { events } = await omni.events({ types: [Rung], limit: 1 })
    expect(events.map(({ subject }) => subject)).toEqual(["door"])
    await omni.close()
  })
})
