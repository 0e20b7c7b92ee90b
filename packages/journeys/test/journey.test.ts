import { hours, seconds } from "@omni/core"
import { define, EntryNotFound, JourneyEnded } from "@omni/journeys"
import { assert, it } from "vitest"

import { abandoned, CartChanged, Merged, open, OrderPlaced } from "./shop.ts"

type App = ReturnType<typeof open>["omni"]

const cart = (id: string, total = 10, customer = "jane") => ({ data: { cart: id, customer, total } })
const order = (customer = "jane") => ({ data: { order: "o1", customer } })
const reasons = async (omni: App, customer = "jane") =>
  (await omni.journeys.entriesOf({ customer })).items.map(({ row }) => row.reason ?? row.status)

it("reminds once after the wait, on the kind that the customer prefers, and again a day later", async () => {
  const { clock, drivers, omni } = open()
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  clock.advance(hours(1) - 1)
  await omni.drain()
  assert.equal(drivers.push.messages.length, 0)
  clock.advance(1)
  await omni.drain()
  assert.deepEqual(
    drivers.push.messages.map(({ content }) => content.text),
    ["It is still there: c1"]
  )
  clock.advance(hours(24))
  await omni.drain()
  assert.equal(drivers.email.messages.length, 1)
  const [entry] = (await omni.journeys.entriesOf({ customer: "jane" })).items
  assert.equal(entry?.row.reason, "completed")
  assert.deepEqual(
    entry?.row.sent.map(({ status, step }) => [step, status]),
    [
      [1, "queued"],
      [3, "queued"]
    ]
  )
  assert.deepEqual(await omni.journeys.entry({ entry: entry?.id ?? "" }), entry?.row)
  const unknown = await omni.journeys.safe.entry({ entry: "jny_0" })
  assert.isTrue(!unknown.ok && unknown.error instanceof EntryNotFound)
})

it("ends with the order, also when the reminder is due at the same moment and nothing has looked at the order yet", async () => {
  const { clock, drivers, omni } = open()
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  clock.advance(hours(1))
  await omni.shop.order(order())
  await omni.drain()
  clock.advance(hours(48))
  await omni.drain()
  assert.deepEqual([...drivers.push.messages, ...drivers.email.messages], [])
  assert.deepEqual(await reasons(omni), ["exited"])
  const ended = (await omni.events({ types: [JourneyEnded] })).events
  assert.deepEqual(
    ended.map(({ data }) => data),
    [
      {
        entry: (await omni.journeys.entriesOf({ customer: "jane" })).items[0]?.id,
        journey: "abandoned-cart",
        customer: "jane",
        key: "c1",
        step: 1,
        reason: "exited",
        by: "shop.OrderPlaced"
      }
    ]
  )
})

it("begins anew with each change of the cart, so that an hour passes after the last one", async () => {
  const { clock, drivers, omni } = open()
  for (let i = 1; i <= 3; i++) {
    await omni.shop.cart(cart("c1", i))
    await omni.drain()
    clock.advance(hours(0.9))
  }
  await omni.drain()
  assert.equal(drivers.push.messages.length, 0)
  clock.advance(hours(0.1))
  await omni.drain()
  assert.equal(drivers.push.messages.length, 1)
  assert.deepEqual(await reasons(omni), ["live", "restarted", "restarted"])
})

it("starts only where the rule over the event holds, and keeps carts apart", async () => {
  const { clock, drivers, omni } = open()
  await omni.shop.cart(cart("empty", 0))
  await omni.shop.cart(cart("c1"))
  await omni.shop.cart(cart("c2"))
  await omni.drain()
  clock.advance(hours(1))
  await omni.drain()
  assert.deepEqual(drivers.push.messages.map(({ content }) => content.text).sort(), ["It is still there: c1", "It is still there: c2"])
})

it("enters again as its rule says", async () => {
  const steps = [{ wait: seconds(10) }]
  const rules = { never: "never", after: { after: hours(1) }, "after-end": "after-end" } as const
  const kinds = Object.entries(rules).map(([id, again]) => define({ id, on: CartChanged, again, steps }))
  const { clock, omni } = open({ journeys: { journeys: kinds } })
  const entered: Array<ReadonlyArray<number>> = []
  for (const wait of [seconds(1), seconds(10), hours(1)]) {
    await omni.shop.cart(cart("c1"))
    await omni.drain()
    const { items } = await omni.journeys.entriesOf({ customer: "jane" })
    entered.push(["never", "after", "after-end"].map((id) => items.filter(({ row }) => row.journey === id).length))
    clock.advance(wait)
    await omni.drain()
  }
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  const { items } = await omni.journeys.entriesOf({ customer: "jane" })
  entered.push(["never", "after", "after-end"].map((id) => items.filter(({ row }) => row.journey === id).length))
  assert.deepEqual(entered, [
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 2],
    [1, 2, 3]
  ])
})

it("checks rules over the entry and functions over any rows in the commit of the send", async () => {
  let allowed = true
  const send = { send: { purpose: "cart", category: "marketing", content: { subject: "Hello", text: "Hello" } } } as const
  const { clock, drivers, omni } = open({
    journeys: {
      journeys: [
        define({ id: "rich", on: CartChanged, steps: [{ check: { ">=": [{ var: "event.data.total" }, 100] } }, send] }),
        define({ id: "asked", on: CartChanged, steps: [{ wait: seconds(1) }, { check: () => allowed }, send] })
      ]
    }
  })
  await omni.shop.cart(cart("c1", 100))
  await omni.shop.cart(cart("c2", 99, "bob"))
  await omni.drain()
  assert.deepEqual(
    drivers.push.messages.map(({ customer }) => customer),
    ["jane"]
  )
  allowed = false
  clock.advance(seconds(1))
  await omni.drain()
  assert.equal(drivers.push.messages.length, 1)
  assert.deepEqual((await reasons(omni, "bob")).sort(), ["condition", "condition"])
})

it("is started by no imported event, and ended by one that happened after it began", async () => {
  const { clock, drivers, omni } = open()
  const asOf = (time: number) => ({ asOf: { time } })
  await omni.shop.cart(cart("old"), asOf(clock.now() - hours(48)))
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  await omni.shop.order(order(), asOf(clock.now() - hours(24)))
  await omni.drain()
  assert.deepEqual(await reasons(omni), ["live"])
  clock.advance(hours(1) - 1)
  await omni.shop.order(order(), asOf(clock.now() - 1))
  await omni.drain()
  clock.advance(hours(2))
  await omni.drain()
  assert.deepEqual(await reasons(omni), ["exited"])
  assert.equal(drivers.push.messages.length, 0)
})

it("takes back what waits for the end of quiet hours when the journey ends", async () => {
  const { clock, drivers, omni } = open({ channels: { quietHours: { from: "12:30", to: "20:00" } } })
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  clock.advance(hours(1))
  await omni.drain()
  const [waiting] = (await omni.channels.messagesOf({ customer: "jane" })).items
  assert.equal(waiting?.row.status, "deferred")
  await omni.shop.order(order())
  await omni.drain()
  clock.advance(hours(12))
  await omni.drain()
  assert.equal(drivers.push.messages.length, 0)
  const withdrawn = await omni.channels.message({ message: waiting?.id ?? "" })
  assert.deepEqual([withdrawn.status, withdrawn.reasons.at(-1)?.code], ["skipped", "withdrawn"])
})

it("lets an entry fail alone when its message cannot be made", async () => {
  const broken = define({
    id: "broken",
    on: CartChanged,
    steps: [
      {
        send: ({ event }) => {
          if (event.data.total === 13) throw new Error("no thirteen")
          return { purpose: "cart", category: "marketing", content: { template: event.data.cart } }
        }
      }
    ]
  })
  const { drivers, omni } = open({
    channels: { templates: { fine: () => ({ subject: "Fine", text: "Fine" }) } },
    journeys: { journeys: [broken] }
  })
  await omni.shop.cart(cart("fine", 13, "jane"))
  await omni.shop.cart(cart("missing", 1, "bob"))
  await omni.shop.cart(cart("fine", 1, "eve"))
  await omni.drain()
  assert.deepEqual(
    drivers.push.messages.map(({ customer }) => customer),
    ["eve"]
  )
  const errorOf = async (customer: string) => (await omni.journeys.entriesOf({ customer })).items[0]?.row.error ?? ""
  assert.match(await errorOf("jane"), /no thirteen/)
  assert.match(await errorOf("bob"), /There is no template "missing"/)
})

it("lets no rule that cannot be worked out hold up other journeys", async () => {
  const number = (text: string) => ({ ">": [{ "-": [{ var: text }, 1] }, 0] })
  const starting = define({ id: "starting", on: CartChanged, when: number("event.data.cart"), steps: [{ wait: 1 }] })
  const ending = define({
    id: "ending",
    on: CartChanged,
    steps: [{ wait: hours(1) }],
    exit: [{ on: OrderPlaced, when: number("exit.data.order") }]
  })
  const { clock, drivers, omni } = open({ journeys: { journeys: [starting, ending, abandoned] } })
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  const live = (await omni.journeys.entriesOf({ customer: "jane" })).items.map(({ row }) => row.journey)
  assert.sameMembers(live, ["ending", "abandoned-cart"])
  await omni.shop.order(order())
  await omni.drain()
  const ends = (await omni.journeys.entriesOf({ customer: "jane" })).items.map(({ row }) => `${row.journey} ${row.reason}`)
  assert.sameMembers(ends, ["ending failed", "abandoned-cart exited"])
  clock.advance(hours(2))
  await omni.drain()
  assert.isEmpty(drivers.push.messages)
})

it("goes on with the customer that another went into, and tells nobody twice", async () => {
  const { clock, drivers, omni } = open({ journeys: { customersMerged: Merged, journeys: [abandoned] } })
  await omni.shop.cart(cart("both", 1, "visitor"))
  await omni.shop.cart(cart("both", 1, "jane"))
  await omni.shop.cart(cart("visitors", 1, "visitor"))
  await omni.drain()
  await omni.shop.merge({ data: { from: "visitor", into: "jane" } })
  await omni.drain()
  assert.deepEqual(await reasons(omni, "visitor"), ["merged"])
  clock.advance(hours(1))
  await omni.drain()
  assert.deepEqual(drivers.push.messages.map(({ content, customer }) => `${customer}: ${content.text}`).sort(), [
    "jane: It is still there: both",
    "jane: It is still there: visitors"
  ])
  await omni.shop.order(order())
  await omni.drain()
  assert.deepEqual(await reasons(omni), ["exited", "exited"])
})

it("says nothing to somebody who was erased", async () => {
  const { clock, drivers, omni } = open()
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  await omni.erase("jane")
  clock.advance(hours(1))
  await omni.drain()
  assert.equal(drivers.push.messages.length, 0)
  assert.deepEqual(await reasons(omni), ["erased"])
})

it("ends the entries of a journey that is no more", async () => {
  const first = open()
  await first.omni.shop.cart(cart("c1"))
  await first.omni.drain()
  first.clock.advance(hours(1))
  const second = open({ store: first.store.shared(), clock: first.clock, journeys: { journeys: [] } })
  await second.omni.drain()
  assert.deepEqual(await reasons(second.omni), ["removed"])
})

it("refuses journeys that are none", () => {
  const steps = [{ wait: -1 }]
  assert.throws(() => define({ id: "back", on: CartChanged, steps }), /waits -1 ms/)
  assert.throws(() => define({ id: "bad", on: CartChanged, when: { nonsense: [] }, steps: [] }))
  assert.throws(() => open({ journeys: { journeys: [abandoned, abandoned] } }), /same id/)
  assert.equal(define({ id: "fine", on: OrderPlaced, steps: [] }).journey.id, "fine")
})
