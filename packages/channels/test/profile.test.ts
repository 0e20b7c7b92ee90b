import { channels, recorder } from "@omni/channels"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { profile, ProfilesMerged, recipientOf } from "@omni/profile"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { NOON } from "./shop.ts"

const open = () => {
  const drivers = { email: recorder("email"), push: recorder("push") }
  const talk = channels({
    recipient: recipientOf,
    customersMerged: ProfilesMerged,
    drivers,
    caps: [{ name: "one an hour", limit: 1, window: 3_600_000 }]
  })
  return { drivers, omni: createOmni({ store: memory(), clock: clockAt(NOON), modules: { profile: profile(), channels: talk } }) }
}

const proof = { source: "pop-up", wording: "v1" }
const welcome = { purpose: "news", category: "marketing", content: { subject: "Welcome", text: "20 % for you" } } as const

it("writes to the customer that a profile describes, and to nobody who has not agreed", async () => {
  const { drivers, omni } = open()
  const visitor = await omni.profile.identify({
    identifiers: [
      { type: "anonymous", value: "v1" },
      { type: "email", value: "jane@example.com" }
    ]
  })
  const silent = await omni.channels.send({ ...welcome, customer: visitor.profile })
  assert.equal(silent.reasons[0]?.code, "consent-missing")
  await omni.profile.recordConsent({ profile: visitor.profile, purpose: "news", status: "granted", proof })
  assert.equal((await omni.channels.send({ ...welcome, customer: visitor.profile })).kind, "email")
  await omni.drain()
  assert.equal(drivers.email.messages[0]?.address, "jane@example.com")
})

it("counts together what two histories were told, once they are one", async () => {
  const { omni } = open()
  const [web, app] = await Promise.all(
    [
      { type: "email", value: "jane@example.com" },
      { type: "push", value: "token-of-jane" }
    ].map((identifier) => omni.profile.identify({ identifiers: [identifier] }))
  )
  for (const { profile: id } of [web, app].filter((one) => one !== undefined)) {
    await omni.profile.recordConsent({ profile: id, purpose: "news", status: "granted", proof })
  }
  const first = await omni.channels.send({ ...welcome, customer: app?.profile ?? "" })
  const one = await omni.profile.identify({
    identifiers: [
      { type: "email", value: "jane@example.com" },
      { type: "push", value: "token-of-jane" }
    ]
  })
  await omni.drain()
  for (const id of [web?.profile, app?.profile]) {
    const decision = await omni.channels.send({ ...welcome, customer: id ?? "", key: `again ${id}` })
    assert.deepEqual([decision.status, decision.reasons[0]?.code], ["deferred", "capped"])
  }
  const { items } = await omni.channels.messagesOf({ customer: one.profile })
  assert.equal(items.length, 3)
  assert.include(
    items.map(({ id }) => id),
    first.message
  )
})

it("holds a cap from the moment of the merge on, before anybody has told of it", async () => {
  const { omni } = open()
  const identifiers = [
    { type: "email", value: "jane@example.com" },
    { type: "push", value: "token-of-jane" }
  ]
  // The older of the two stays, so that what the other was sent is not yet counted under its id.
  const [web, app] = await Promise.all(identifiers.map((identifier, at) => omni.profile.identify({ identifiers: [identifier], at })))
  for (const one of [web, app]) await omni.profile.recordConsent({ profile: one?.profile ?? "", purpose: "news", status: "granted", proof })
  assert.equal((await omni.channels.send({ ...welcome, customer: app?.profile ?? "" })).status, "queued")
  const one = await omni.profile.identify({ identifiers })
  assert.deepEqual([one.profile, one.merged], [web?.profile, [app?.profile]])
  assert.equal((await omni.channels.send({ ...welcome, customer: one.profile })).reasons[0]?.code, "capped")
})
