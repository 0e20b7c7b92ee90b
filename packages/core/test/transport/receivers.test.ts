import { collection, createOmni, module, reactor, type TransportDriver, type WorkFailed } from "@omni/core"
import { inProcess, memory, memoryKeys } from "@omni/core/memory"
import { kept } from "@omni/core/upkeep"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "../kernel/clock.ts"
import { Heard, hearing, mail, Placed, shop } from "./apps.ts"

type Options = Partial<Parameters<typeof createOmni>[0]>

const pair = (transport = inProcess(), options: { readonly shop?: Options; readonly mail?: Options } = {}) => {
  const store = memory()
  const publish = [{ name: "out", to: transport, events: [Placed] }]
  const sender = createOmni({ store: memory(), ...options.shop, modules: { shop }, publish })
  const mailbox = (from: TransportDriver = transport.shared(), hear = hearing()) =>
    createOmni({ store: store.shared(), ...options.mail, modules: { mail }, receive: [{ from, as: "mail", reactors: [hear] }] })
  const heard = (omni: ReturnType<typeof mailbox>, order = "o") =>
    omni.transact(function* (tx) {
      return tx.get(Heard, order)
    })
  return { sender, mailbox, heard }
}

describe("a reactor on the events of another app", () => {
  it("takes them in order, with what they are and who did it, in the tenant of the same name", async () => {
    const { sender, mailbox, heard } = pair()
    const box = mailbox()
    for (let n = 0; n < 4; n++) await sender.as({ kind: "staff", id: "eve" }).shop.place({ order: `o${n % 2}`, n })
    await sender.tenant("other").shop.place({ order: "o0", n: 7 })
    await sender.drain()
    await box.drain()
    assert.deepEqual((await heard(box, "o0"))?.numbers, [0, 2])
    assert.deepEqual((await heard(box, "o1"))?.numbers, [1, 3])
    assert.equal((await heard(box, "o1"))?.last, "omni/default evt_ staff")
    assert.deepEqual((await heard(box.tenant("other"), "o0"))?.numbers, [7])
    await Promise.all([sender.close(), box.close()])
  })

  it("knows what took effect for a week, or as long as it is told", async () => {
    const clock = manualClock()
    const transport = inProcess({ clock })
    const week = 7 * 24 * 3_600_000
    const sender = createOmni({ store: memory(), clock, modules: { shop }, publish: [{ name: "out", to: transport, events: [Placed] }] })
    const open = (as: string, remember?: number) => {
      const store = memory()
      const from = transport.shared()
      const receiver = { from, as, reactors: [hearing()], ...(remember === undefined ? {} : { remember }) }
      return createOmni({ store, clock, modules: { mail }, receive: [receiver] })
    }
    const boxes = [open("a"), open("b", week * 4), open("c", Infinity)]
    await sender.shop.place({ order: "o", n: 1 })
    await sender.drain()
    const left: Array<ReadonlyArray<number>> = []
    for (const box of boxes) await box.drain()
    for (const passed of [week - 1, 1, week * 3, week * 1000]) {
      clock.advance(passed)
      for (const box of boxes) await box.drain()
      left.push(await Promise.all(boxes.map(async (box) => (await kept(box))[0]!.receipts.count)))
    }
    assert.deepEqual(left, [
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 1],
      [0, 0, 1]
    ])
    await Promise.all([sender.close(), ...boxes.map((box) => box.close())])
  })

  it("takes effect once for each event, also when it comes again and several processes share the work", async () => {
    const transport = inProcess()
    const again = (inner: TransportDriver): TransportDriver => ({
      ...inner,
      subscribe: (group, handler, options) =>
        inner.subscribe(
          group,
          async (delivery) => {
            await Promise.all([handler(delivery), handler(delivery)])
            await handler(delivery)
          },
          options
        )
    })
    const { sender, mailbox, heard } = pair(transport)
    const boxes = [mailbox(again(transport.shared())), mailbox(again(transport.shared()))]
    for (const box of boxes) box.run()
    sender.run()
    for (let n = 0; n < 60; n++) await sender.shop.place({ order: `o${n % 5}`, n })
    for (let i = 0; i < 300; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      if ((await heard(boxes[0]!, "o4"))?.numbers.at(-1) === 59) break
    }
    await Promise.all([sender.close(), ...boxes.map((box) => box.close())])
    const look = mailbox()
    for (let s = 0; s < 5; s++)
      assert.deepEqual(
        (await heard(look, `o${s}`))?.numbers,
        Array.from({ length: 12 }, (_, i) => i * 5 + s)
      )
  })

  it("that fails is tried again, then put aside, and its event is taken on redrive", async () => {
    let broken = true
    const { sender, mailbox, heard } = pair()
    const hear = reactor(
      "mail.hearing",
      [Placed],
      function* (tx, recorded) {
        const data = { ...recorded.data, n: broken || recorded.data.n >= 0 ? recorded.data.n : 100 }
        yield* hearing().body(tx, { ...recorded, data } as never) as Generator<never, unknown, unknown>
      },
      { from: "start", tries: 1 }
    )
    const box = mailbox(undefined, hear)
    for (const n of [1, -1, 2]) await sender.shop.place({ order: "o", n, who: "ann", email: "ann@example.org" })
    await sender.drain()
    await box.drain()
    assert.deepEqual((await heard(box))?.numbers, [1, 2])
    const [letter] = (await box.deadLetters({ kind: "event" })).items
    assert.deepEqual([letter?.row.name, letter?.row.tries, letter?.row.error], ["mail.hearing", 1, "cannot hear -1"])
    broken = false
    await box.redrive(letter!.id)
    assert.deepEqual((await heard(box))?.numbers, [1, 2, 100])
    assert.equal((await box.deadLetters()).items.length, 0)
    await Promise.all([sender.close(), box.close()])
  })

  it("that gave an event up leaves it so when it comes again, for its dead letter will be taken", async () => {
    let broken = true
    const hear = reactor(
      "mail.hearing",
      [Placed],
      function* (tx, recorded) {
        if (broken) throw new Error("not now")
        yield* hearing().body(tx, recorded as never) as Generator<never, unknown, unknown>
      },
      { from: "start", tries: 1 }
    )
    const transport = inProcess()
    const forgetful: TransportDriver = {
      ...transport.shared(),
      subscribe: (group, handler, options) =>
        transport.shared().subscribe(group, handler, {
          ...options,
          dead: async (delivery, error) => {
            await options.dead(delivery, error)
            broken = false
            await handler({ ...delivery, attempt: delivery.attempt + 1 })
          }
        })
    }
    const { sender, mailbox, heard } = pair(transport)
    const box = mailbox(forgetful, hear)
    await sender.shop.place({ order: "o", n: 1 })
    await sender.drain()
    await box.drain()
    assert.isUndefined(await heard(box))
    const [letter] = (await box.deadLetters()).items
    await box.redrive(letter!.id)
    assert.deepEqual((await heard(box))?.numbers, [1])
    await Promise.all([sender.close(), box.close()])
  })

  it("passes over imported events unless it asks for them, and takes them as of their own time", async () => {
    const time = Date.UTC(2020, 1, 1)
    for (const imports of ["skip", "run"] as const) {
      const { sender, mailbox, heard } = pair()
      const box = mailbox(undefined, hearing({ imports }))
      await sender.shop.place({ order: "o", n: 1 }, { key: "import", asOf: { time } })
      await sender.drain()
      await box.drain()
      assert.deepEqual((await heard(box))?.numbers, imports === "skip" ? undefined : [1])
      await Promise.all([sender.close(), box.close()])
    }
  })

  it("reads sealed data with the keys that the apps share, and without them as absent", async () => {
    for (const shared of [true, false]) {
      const keys = memoryKeys()
      const { sender, mailbox, heard } = pair(inProcess(), { shop: { keys }, ...(shared ? { mail: { keys } } : {}) })
      const box = mailbox()
      await sender.shop.place({ order: "o", n: 1, who: "ann", email: "ann@example.org" })
      await sender.shop.place({ order: "o", n: 2, who: "ben", email: "ben@example.org" })
      await sender.drain()
      await sender.erase("ben")
      await box.drain()
      assert.deepEqual((await heard(box))?.emails, shared ? ["ann@example.org", "none"] : ["none", "none"])
      await Promise.all([sender.close(), box.close()])
    }
  })

  it("stops at once though it was started twice while the transport is away", async () => {
    const transport = inProcess()
    const { mailbox } = pair(transport)
    const away = () => Promise.reject(new Error("not there"))
    const box = mailbox({ ...transport.shared(), subscribe: away })
    box.run()
    await new Promise((resolve) => setTimeout(resolve, 700))
    box.run()
    const began = performance.now()
    await box.close()
    assert.isBelow(performance.now() - began, 300)
  })

  it("joins once the transport is there, which was away", async () => {
    const transport = inProcess()
    let away = 2
    const { sender, mailbox, heard } = pair(transport)
    const box = mailbox({
      ...transport.shared(),
      subscribe: async (...args) => {
        if (away-- > 0) throw new Error("not there")
        return transport.shared().subscribe(...args)
      }
    })
    box.run()
    await sender.shop.place({ order: "o", n: 1 })
    await sender.drain()
    for (let i = 0; i < 300 && (await heard(box)) === undefined; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.deepEqual((await heard(box))?.numbers, [1])
    await Promise.all([sender.close(), box.close()])
  })

  it("that fails is told of at each try, and once when it is given up", async () => {
    const told: Array<WorkFailed> = []
    const clock = manualClock()
    const { sender, mailbox } = pair(inProcess({ clock: { ...clock, sleep: async () => {} } }), {
      mail: { clock, onError: (error) => void told.push(error as WorkFailed) }
    })
    const boxes = [mailbox(undefined, hearing({ tries: 2 }))]
    await sender.shop.place({ order: "o", n: -1 })
    await sender.shop.place({ order: "o", n: 1 })
    await sender.drain()
    for (let i = 0; i < 3; i++) for (const box of boxes) await box.drain()
    assert.deepEqual(
      told.map(({ message }) => message),
      [
        `The reactor "mail.hearing" failed, try 1 of 2: Error: cannot hear -1. It is tried again.`,
        `The reactor "mail.hearing" failed, try 2 of 2: Error: cannot hear -1. It is a dead letter now.`
      ]
    )
    await Promise.all([sender.close(), ...boxes.map((box) => box.close())])
  })

  it("that leads to personal data of somebody who was erased has no effect, and holds up no other", async () => {
    const told: Array<unknown> = []
    const keep = collection("mail.kept", {
      schema: z.object({ who: z.string(), email: z.string().optional() }),
      personal: { subject: ({ who }) => who, fields: ["email"] }
    })
    const keeping = reactor(
      "mail.keeping",
      [Placed],
      function* (tx, { subject, data }) {
        tx.put(keep, `${subject}-${data.n}`, { who: data.who ?? "nobody", email: "x@example.org" })
      },
      { from: "start", tries: 2 }
    )
    const transport = inProcess({ clock: { ...manualClock(), sleep: async () => {} } })
    const sender = createOmni({ store: memory(), modules: { shop }, publish: [{ name: "out", to: transport, events: [Placed] }] })
    const modules = { mail: module("mail", { collections: [keep] }) }
    const receive = [{ from: transport.shared(), as: "mail", reactors: [keeping] }]
    const box = createOmni({ store: memory(), modules, receive, onError: (error) => void told.push(error) })
    await box.transact(function* (tx) {
      tx.put(keep, "old", { who: "ann", email: "ann@example.org" })
    })
    await box.erase("ann")
    await sender.shop.place({ order: "o", n: 1, who: "ann" })
    await sender.shop.place({ order: "o", n: 2, who: "bob" })
    await sender.drain()
    await Promise.race([box.drain(), new Promise((resolve) => setTimeout(resolve, 500))])
    const rows = await box.transact(function* (tx) {
      return tx.getMany(keep, ["o-1", "o-2"])
    })
    assert.deepEqual([rows[0], rows[1]?.who], [undefined, "bob"])
    assert.deepEqual(told, [])
    await Promise.all([sender.close(), box.close()])
  })
})
