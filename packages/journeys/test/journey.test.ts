import { hours } from "@omni/core"
import { assert, it } from "vitest"

import { open } from "./shop.ts"

const cart = (id: string, total = 10) => ({ data: { cart: id, customer: "jane", total } })

it("reminds once after the wait, on the kind that the customer prefers, and again a day later", async () => {
  const { clock, drivers, omni } = open()
  await omni.shop.cart(cart("c1"))
  await omni.drain()
  clock.advance(hours(1) - 1)
  await omni.drain()
  assert.equal(drivers.push.messages.length, 0)
  clock.advance(1)
  await omni.drain()
  await omni.drain()
  assert.deepEqual(
    drivers.push.messages.map(({ content }) => content.text),
    ["It is still there: c1"]
  )
  clock.advance(hours(24))
  await omni.drain()
  assert.equal(drivers.email.messages.length, 1)
  const [entry] = (await omni.journeys.entriesOf({ customer: "jane" })).items
  assert.equal(entry?.reason, "completed")
  assert.deepEqual(
    entry?.sent.map(({ status, step }) => [step, status]),
    [
      [1, "queued"],
      [3, "queued"]
    ]
  )
})
