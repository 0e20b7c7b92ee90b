import { createOmni, event, handedIn, module, ModuleMissing, operation, type Operation } from "@omni/core"
import { moduleLayer, OmniEngine, type Service } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import * as z from "zod"

const Baked = event("bakery.Baked", z.object({}))
const bakery = () => {
  const bake = operation("bakery.bake", z.object({}), function* (tx) {
    tx.emit(Baked, "bread", {})
  })
  return module("bakery", { events: [Baked], operations: { bake } })
}

interface Ports {
  readonly bake?: Operation<{}> | (() => void)
  readonly follow?: typeof Baked
}

const cafe = ({ bake, follow }: Ports = {}) =>
  module("cafe", {
    operations: { open: operation("cafe.open", z.object({}), function* () {}) },
    needs: handedIn(bake, follow)
  })

const shop = module("shop", { needs: [{ module: "bakery", add: "`bakery()` of @shop/bakery" }] })

const missingOf = (...modules: ReadonlyArray<Parameters<typeof createOmni>[0]["modules"][string]>) => {
  try {
    createOmni({ store: memory(), modules: Object.fromEntries(modules.map((one, i) => [`app${i}`, one])) })
    return []
  } catch (error) {
    if (!(error instanceof ModuleMissing)) throw error
    return error.missing.map(({ neededBy, name }) => `${neededBy}: ${name}`)
  }
}

describe("an app that lacks what a module needs is refused at once", () => {
  it("another module, by its own name, whatever the app calls it", () => {
    expect(missingOf(shop)).toEqual(["shop: bakery"])
    expect(missingOf(shop, bakery())).toEqual([])
    expect(() => createOmni({ store: memory(), modules: { shop } })).toThrow(
      'Modules are missing. "shop" needs "bakery": add `bakery()` of @shop/bakery.'
    )
  })

  it("an operation that was handed in, and it must be that one", () => {
    const mine = bakery()
    const { bake } = mine.operations
    expect(missingOf(cafe({ bake }))).toEqual(["cafe: bakery.bake"])
    expect(missingOf(cafe({ bake }), mine)).toEqual([])
    expect(missingOf(cafe({ bake }), bakery())).toEqual(["cafe: bakery.bake"])
    expect(() => createOmni({ store: memory(), modules: { cafe: cafe({ bake }), other: bakery() } })).toThrow("make the module once")
  })

  it("an event that it is to follow, which any module may bring", () => {
    expect(missingOf(cafe({ follow: Baked }))).toEqual(["cafe: bakery.Baked"])
    expect(missingOf(cafe({ follow: Baked }), bakery())).toEqual([])
    expect(missingOf(cafe({ follow: Baked }), module("own", { events: [Baked] }))).toEqual([])
  })

  it("and nothing for what was left out, or is a function of the app's own", () => {
    expect(missingOf(cafe())).toEqual([])
    expect(missingOf(cafe({ bake: () => {} }))).toEqual([])
  })

  it("all that is missing is told together", () => {
    expect(missingOf(shop, cafe({ bake: bakery().operations.bake, follow: Baked }))).toEqual([
      "shop: bakery",
      "cafe: bakery.bake",
      "cafe: bakery.Baked"
    ])
  })
})

describe("among layers, which come one after the other", () => {
  const mine = bakery()
  const theirs = cafe({ bake: mine.operations.bake })
  class Bakery extends Context.Service<Bakery, Service<typeof mine>>()("@omni/core/test/Bakery") {}
  class Cafe extends Context.Service<Cafe, Service<typeof theirs>>()("@omni/core/test/Cafe") {}
  const engine = OmniEngine.layer({ store: memory() })
  const cafeLayer = moduleLayer(Cafe, theirs)
  const open = Effect.flatMap(Cafe, (service) => service.open({}))

  it("the first call of a module that lacks something dies of it", async () => {
    const exit = await Effect.runPromiseExit(open.pipe(Effect.provide(cafeLayer.pipe(Layer.provide(engine)))))
    expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBeInstanceOf(ModuleMissing)
  })

  it("and so does the work", async () => {
    const run = Effect.scoped(Effect.flatMap(OmniEngine, (service) => service.run))
    const exit = await Effect.runPromiseExit(run.pipe(Effect.provide(cafeLayer.pipe(Layer.provideMerge(engine)))))
    expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBeInstanceOf(ModuleMissing)
  })

  it("in whatever order they come", async () => {
    const both = Layer.mergeAll(cafeLayer, moduleLayer(Bakery, mine)).pipe(Layer.provide(engine))
    await expect(Effect.runPromise(open.pipe(Effect.provide(both)))).resolves.toBeUndefined()
  })
})
