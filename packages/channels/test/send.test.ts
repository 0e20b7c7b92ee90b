import { type Recipient, type Reason } from "@omni/channels"
import { assert, it } from "vitest"

import { jane, news, NOON, open } from "./shop.ts"

const codes = (reasons: ReadonlyArray<Reason>) => reasons.map(({ code, kind }) => (kind === undefined ? code : `${kind} ${code}`))

it("decides with reasons, delivers by the kind that the customer prefers, and keeps a log", async () => {
  const { drivers, omni } = open({}, { jane: { ...jane, preferred: ["push"] } })
  const decision = await omni.channels.send({ ...news, kinds: ["email", "push"], about: "campaign-1" })
  assert.equal(decision.status, "queued")
  assert.equal(decision.kind, "push")
  assert.deepEqual(codes(decision.reasons), ["chosen"])
  await omni.drain()
  assert.deepEqual(
    drivers.push.messages.map(({ address, content }) => [address, content.subject]),
    [["token-of-jane-1", "New shavers"]]
  )
  const logged = await omni.channels.message({ message: decision.message })
  assert.equal(logged.status, "sent")
  assert.equal(logged.providerId, "push-1")
  assert.deepEqual((await omni.channels.messagesOf({ customer: "jane" })).items, [{ id: decision.message, row: logged }])
  assert.deepEqual((await omni.channels.messagesAbout({ about: "campaign-1" })).items, [{ id: decision.message, row: logged }])
})

it("passes over kinds that consent, suppression or a missing address forbid, and says so of each", async () => {
  const bob: Recipient = {
    ...jane,
    profile: "bob",
    addresses: { email: "bob@example.com", push: "token-of-bob-1" },
    consents: [
      { purpose: "news", status: "granted", at: 1 },
      { purpose: "news", kind: "push", status: "withdrawn", at: 2 }
    ]
  }
  const { omni } = open({}, { bob })
  await omni.channels.suppress({ kind: "email", address: "BOB@example.com", scope: "marketing", reason: "complained" })
  const decision = await omni.channels.send({ ...news, customer: "bob" })
  assert.equal(decision.status, "skipped")
  assert.deepEqual(codes(decision.reasons), ["email suppressed", "sms no-address", "push consent-refused", "no-kind"])
  const order = await omni.channels.send({ ...news, customer: "bob", purpose: "order-status", category: "transactional" })
  assert.equal(order.kind, "email")
  assert.deepEqual(codes((await omni.channels.send({ ...news, customer: "nobody" })).reasons), ["unknown-customer"])
})

it("lets quiet hours defer a message to the recipient's morning, and withdraws what waits", async () => {
  const { clock, drivers, omni } = open({ quietHours: { from: "21:00", to: "08:00" } })
  clock.advance(12 * 3_600_000)
  const late = await omni.channels.send(news)
  assert.equal(late.status, "deferred")
  assert.equal(late.until, NOON + 20 * 3_600_000)
  const other = await omni.channels.send(news)
  assert.equal((await omni.channels.withdraw({ message: other.message })).status, "skipped")
  await omni.drain()
  assert.equal(drivers.email.messages.length, 0)
  clock.advance(8 * 3_600_000)
  await omni.drain()
  assert.deepEqual(
    drivers.email.messages.map((message) => message.message),
    [late.message]
  )
})
