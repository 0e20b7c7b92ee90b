import { createOmni, type Feed, FeedDiverged, TransportUnavailable } from "@omni/core"
import { inProcess, memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"

import { manualClock } from "../kernel/clock.ts"
import { Placed, shop, spied } from "./apps.ts"

const modules = { shop }
const names = (log: ReadonlyArray<{ readonly tenant: string; readonly subject: string; readonly data?: unknown }>) =>
  log.map(({ tenant, subject, data }) => `${tenant}/${subject}/${(data as { n: number }).n}`)

describe("a feed", () => {
  it("publishes the types that it is told, in the order of the log, as CloudEvents with their tenant and place", async () => {
    const { driver, published } = spied()
    const omni = createOmni({ store: memory(), modules, publish: [{ name: "out", to: driver, events: [Placed] }] })
    for (let n = 0; n < 5; n++) await omni.as({ kind: "customer", id: "ann" }).shop.place({ order: `o${n % 2}`, n })
    await omni.tenant("a b").shop.place({ order: "o", n: 9 })
    await omni.drain()
    assert.deepEqual(
      names(published.filter(({ tenant }) => tenant === "default")),
      [0, 1, 2, 3, 4].map((n) => `default/o${n % 2}/${n}`)
    )
    assert.deepEqual(names(published.filter(({ tenant }) => tenant === "a b")), ["a b/o/9"])
    const [first] = published
    assert.deepInclude(first, { specversion: "1.0", type: "shop.Placed", source: "omni/default", actorkind: "customer", actorid: "ann" })
    assert.equal(published.at(-1)!.source, "omni/a%20b")
    await omni.drain()
    assert.equal(published.length, 6)
    await omni.close()
  })

  it("has a name and a transport of its own, for two would leave out what the other has passed", () => {
    const [one, other] = [inProcess(), inProcess()]
    const open = (...publish: ReadonlyArray<Feed>) => createOmni({ store: memory(), modules, publish })
    const feed = { events: [Placed] }
    assert.throws(() => open({ ...feed, name: "a", to: one }, { ...feed, name: "b", to: one }), /go to one transport/)
    assert.throws(() => open({ ...feed, name: "a", to: one }, { ...feed, name: "a", to: other }), /are named "a"/)
    assert.doesNotThrow(() => open({ ...feed, name: "a", to: one }, { ...feed, name: "b", to: other }))
  })

  it("begins with all there is, or with what comes", async () => {
    const store = memory()
    const before = createOmni({ store, modules })
    await before.shop.place({ order: "o", n: 1 })
    const [all, fresh] = [spied(), spied()]
    const publish = [
      { name: "all", to: all.driver, events: [Placed] },
      { name: "new", to: fresh.driver, events: [Placed], from: "now" as const }
    ]
    const omni = createOmni({ store: store.shared(), modules, publish })
    await omni.drain()
    await omni.shop.place({ order: "o", n: 2 })
    await omni.drain()
    assert.deepEqual(names(all.published), ["default/o/1", "default/o/2"])
    assert.deepEqual(names(fresh.published), ["default/o/2"])
    await omni.close()
  })

  it("goes through a long log, and is published once by several processes at once", async () => {
    const store = memory()
    const transport = inProcess()
    const heard: Array<string> = []
    await transport.subscribe("all", async ({ event }) => void heard.push(...names([event])), { dead: async () => undefined })
    const clients = [store, store.shared(), store.shared()].map((each) =>
      createOmni({ store: each, modules, publish: [{ name: "out", to: transport.shared(), events: [Placed] }] })
    )
    await Promise.all(Array.from({ length: 1500 }, (_, n) => clients[n % 3]!.shop.place({ order: `o${n % 3}`, n })))
    const stops = clients.map((client) => client.run())
    for (let i = 0; i < 500 && heard.length < 1500; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    await Promise.all(stops.map((stop) => stop()))
    assert.equal(new Set(heard).size, 1500)
    assert.equal(heard.length, 1500)
    await Promise.all(clients.map((client) => client.close()))
  })

  it("is taken over when its holder is late, and what that one had published is not doubled", async () => {
    const store = memory()
    const clock = manualClock()
    const { transport, driver } = spied((inner) => ({
      async publish(events) {
        await inner.publish(events.slice(0, 3))
        throw new TransportUnavailable({ message: "gone", cause: undefined })
      }
    }))
    const heard: Array<string> = []
    await transport.subscribe("all", async ({ event }) => void heard.push(...names([event])), { dead: async () => undefined })
    const errors: Array<unknown> = []
    const publish = [{ name: "out", to: driver, events: [Placed] }]
    const first = createOmni({ store, clock, modules, publish, onError: (error) => errors.push(error) })
    for (let n = 0; n < 5; n++) await first.shop.place({ order: "o", n })
    first.run()
    for (let i = 0; i < 200 && errors.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.instanceOf(errors[0], TransportUnavailable)
    const second = createOmni({ store: store.shared(), clock, modules, publish: [{ name: "out", to: transport, events: [Placed] }] })
    await second.drain()
    assert.equal(heard.length, 3)
    clock.advance(3_600_000)
    await second.drain()
    assert.deepEqual(
      heard,
      [0, 1, 2, 3, 4].map((n) => `default/o/${n}`)
    )
  })

  it("is left to others at once by a process that has drained it, or stops", async () => {
    const store = memory()
    const { driver, published } = spied()
    const open = (each = store.shared()) => createOmni({ store: each, modules, publish: [{ name: "out", to: driver, events: [Placed] }] })
    const [first, second] = [open(), open()]
    await first.shop.place({ order: "o", n: 1 })
    await first.drain()
    await first.shop.place({ order: "o", n: 2 })
    await second.drain()
    assert.deepEqual(names(published), ["default/o/1", "default/o/2"])
  })

  it("stops when the transport holds events that are not of this log", async () => {
    const transport = inProcess()
    const open = () => createOmni({ store: memory(), modules, publish: [{ name: "out", to: transport.shared(), events: [Placed] }] })
    const [first, second] = [open(), open()]
    for (let n = 0; n < 3; n++) await first.shop.place({ order: "o", n })
    await first.drain()
    for (let n = 0; n < 5; n++) await second.shop.place({ order: "o", n })
    const failure = await second.drain().catch((error: unknown) => error)
    assert.instanceOf(failure, FeedDiverged)
    await Promise.all([first.close(), second.close()])
  })

  it("that can not be published holds up no other feed, no reactor and no timer", async () => {
    const { driver, published } = spied()
    const broken = spied(() => ({
      publish: async () => {
        throw new TransportUnavailable({ message: "gone", cause: undefined })
      }
    }))
    const errors: Array<unknown> = []
    const omni = createOmni({
      store: memory(),
      modules,
      publish: [
        { name: "broken", to: broken.driver, events: [Placed] },
        { name: "out", to: driver, events: [Placed] }
      ],
      onError: (error) => errors.push(error)
    })
    omni.run()
    await omni.shop.place({ order: "o", n: 1 })
    for (let i = 0; i < 200 && (published.length === 0 || errors.length === 0); i++) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(names(published), ["default/o/1"])
    assert.instanceOf(errors[0], TransportUnavailable)
    await omni.close()
  })
})

describe("personal data on a feed", () => {
  const publishing = (open: boolean) => {
    const { driver, published } = spied()
    const feed = { name: "out", to: driver, events: [Placed], ...(open ? { open: [Placed] } : {}) }
    return { published, omni: createOmni({ store: memory(), modules, publish: [feed] }) }
  }

  it("is sealed", async () => {
    const { omni, published } = publishing(false)
    await omni.shop.place({ order: "o", n: 1, who: "ann", email: "ann@example.org" })
    await omni.drain()
    assert.notInclude(JSON.stringify(published), "ann@example.org")
    assert.include(JSON.stringify(published), "$sealed")
    await omni.close()
  })

  it("is in clear where the feed says so, but not that of somebody who was erased before", async () => {
    const { omni, published } = publishing(true)
    await omni.shop.place({ order: "o", n: 1, who: "ann", email: "ann@example.org" })
    await omni.shop.place({ order: "o", n: 2, who: "ben", email: "ben@example.org" })
    await omni.erase("ben")
    await omni.drain()
    assert.deepEqual(
      published.map(({ data }) => data),
      [
        { n: 1, who: "ann", email: "ann@example.org" },
        { n: 2, who: "ben" }
      ]
    )
    await omni.close()
  })
})
