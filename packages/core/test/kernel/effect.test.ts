import { createOmni, fromLayer, InvalidOperation, module, operation, reactor } from "@omni/core"
import { moduleLayer, OmniEngine, type Service } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { assert, it } from "vitest"
import * as z from "zod"

import { OutOfStock, reserve, Reserved, shop, stock, Stock } from "./shop.ts"

class Shop extends Context.Service<Shop, Service<ReturnType<typeof shop>>>()("@omni/core/test/Shop") {
  static readonly layer = moduleLayer(Shop, shop())
}

const layer = () => Shop.layer.pipe(Layer.provide(OmniEngine.layer({ store: memory() })))

const spans = () => {
  const ended: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options)
      ended.push(span)
      return span
    }
  })
  return { ended, layer: Layer.succeed(Tracer.Tracer, tracer) }
}

it("a module is an Effect service with its errors in the channel", async () => {
  const program = Effect.gen(function* () {
    const service = yield* Shop
    yield* service.stock({ sku: "a", onHand: 1 })
    const refused = yield* service
      .reserve({ sku: "a", quantity: 2 })
      .pipe(Effect.catchTag("OutOfStock", (error) => Effect.succeed(error.sku)))
    return [refused, yield* service.levels({ skus: ["a"] })] as const
  })
  assert.deepEqual(await Effect.runPromise(program.pipe(Effect.provide(layer()))), ["a", [1]])
})

it("a defect is a defect, and interruption takes the call back", async () => {
  const program = Effect.gen(function* () {
    const service = yield* Shop
    const broken = yield* Effect.exit(service.break({ sku: "a" }))
    const fiber = yield* Effect.forkChild(service.stock({ sku: "a", onHand: 9 }), { startImmediately: true })
    fiber.interruptUnsafe()
    yield* Effect.sleep(20)
    return [broken, yield* service.levels({ skus: ["a"] })] as const
  })
  const [broken, levels] = await Effect.runPromise(program.pipe(Effect.provide(layer())))
  assert.isTrue(Exit.isFailure(broken) && Cause.hasDies(broken.cause))
  assert.deepEqual(levels, [0])
})

it("a module that comes late has its reactors begin where they are to", async () => {
  const seen: Array<unknown> = []
  const late = module("late", {
    reactors: [
      reactor("late.seen", [Reserved], function* (_tx, { data }) {
        seen.push(data)
      })
    ]
  })
  class Late extends Context.Service<Late, Service<typeof late>>()("@omni/core/test/Late") {}
  const program = Effect.gen(function* () {
    const service = yield* Shop
    const { drain } = yield* OmniEngine
    yield* service.stock({ sku: "a", onHand: 9 })
    yield* service.reserve({ sku: "a", quantity: 1 })
    const reserved = Effect.gen(function* () {
      yield* Late
      yield* drain()
      yield* service.reserve({ sku: "a", quantity: 2 })
      yield* drain()
    })
    yield* reserved.pipe(Effect.provide(moduleLayer(Late, late)))
  })
  await Effect.runPromise(
    program.pipe(Effect.provide(Shop.layer.pipe(Layer.provideMerge(OmniEngine.layer({ store: memory(), verify: false })))))
  )
  assert.deepEqual(seen, [{ sku: "a", quantity: 2 }])
})

it("upkeep is effects too: commits of any operation, the log, erasure, and work until the scope closes", async () => {
  const program = Effect.gen(function* () {
    const omni = yield* OmniEngine
    yield* omni.transact(stock, { sku: "a", onHand: 3 })
    const refused = yield* omni
      .transact(reserve, { sku: "a", quantity: 9 })
      .pipe(Effect.catchTag("OutOfStock", ({ sku }) => Effect.succeed(sku)))
    yield* omni.transact(reserve, { sku: "a", quantity: 1 })
    yield* omni.erase("anna")
    const { events } = yield* omni.events()
    const missing = yield* Effect.flip(omni.redrive("none"))
    yield* omni.run
    yield* omni.drain()
    return [
      refused,
      events.map(({ type }) => type),
      missing instanceof InvalidOperation,
      (yield* omni.deadLetters()).items,
      (yield* omni.heldMessages()).items
    ] as const
  })
  const engine = OmniEngine.layer({ store: memory() })
  const ended = await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(Shop.layer.pipe(Layer.provideMerge(engine)))))
  assert.deepEqual(ended, ["a", ["shop.Reserved", "omni.SubjectErased"], true, [], []])
})

it("the client of a layer is the promise face of its service", async () => {
  await using client = await fromLayer(Shop, layer())
  await client.stock({ sku: "a", onHand: 1 })
  const refused = await client.safe.reserve({ sku: "a", quantity: 2 })
  assert.isTrue(!refused.ok && refused.error instanceof OutOfStock)
  assert.isAbove((await client.reserve({ sku: "a", quantity: 1 })).length, 10)
})

it("every operation is a span with its package, name and retries, when there is a tracer", async () => {
  const traced = spans()
  const omni = createOmni({ store: memory(), modules: { shop: shop() }, layer: traced.layer })
  await omni.shop.stock({ sku: "a", onHand: 5 })
  await omni.shop.safe.reserve({ sku: "a", quantity: 9 })
  await omni.shop.levels({ skus: ["a"] })
  await omni.close()
  assert.deepEqual(
    traced.ended.map((span) => span.name),
    ["shop.stock", "shop.reserve", "shop.levels"]
  )
  const [span] = traced.ended
  assert.equal(span?.attributes.get("omni.package"), "shop")
  assert.equal(span?.attributes.get("omni.operation"), "shop.stock")
  assert.equal(span?.attributes.get("omni.batch"), 1)
  assert.equal(span?.attributes.get("omni.retries"), 0)
})

it("commits, conflicts and batch sizes are metrics", async () => {
  const counted = async () => {
    const snapshot = await Effect.runPromise(Metric.snapshot)
    return snapshot
      .filter((metric) => metric.id === "omni_commits")
      .map((metric) => JSON.stringify(metric))
      .join()
  }
  const before = await counted()
  const omni = createOmni({ store: memory(), modules: { shop: shop() } })
  await omni.shop.stock({ sku: "a", onHand: 5 })
  assert.notEqual(await counted(), before)
  assert.include(await counted(), "committed")
})

it("a signal cancels also through a runtime", async () => {
  const wait = operation("t.wait", z.object({}), function* (tx) {
    tx.put(Stock, "a", { onHand: 1, held: 0 })
  })
  const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { wait } }) }, layer: spans().layer })
  const controller = new AbortController()
  const call = omni.t.wait({}, { signal: controller.signal })
  controller.abort("enough")
  assert.equal(await call.catch((reason: unknown) => reason), "enough")
})

it("no module takes the name of what a client has", () => {
  const open = (name: string) => () => createOmni({ store: memory(), modules: { [name]: shop() } })
  for (const name of ["safe", "transact", "drain", "settleMessage"]) assert.throws(open(name), /cannot be named/)
})
