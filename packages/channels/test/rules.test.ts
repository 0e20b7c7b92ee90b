import { AddressSuppressed, type ChannelsModuleOptions, TemplateNotFound, voiceBreaches } from "@omni/channels"
import { assert, it } from "vitest"

import { news, open } from "./shop.ts"

it("takes an address out of what its suppression covers, however it is written, and lets it back in", async () => {
  const { omni } = open()
  const mail = { ...news, kinds: ["email"] } as const
  const { message } = await omni.channels.send(mail)
  assert.deepEqual(await omni.channels.unsubscribe({ message }), { kind: "email", scope: "marketing" })
  await omni.channels.unsubscribe({ message })
  const refused = await omni.channels.send(mail)
  assert.deepEqual(refused.reasons[0]?.code, "suppressed")
  assert.include(refused.reasons[0]?.facts, { scope: "marketing", reason: "unsubscribed" })
  assert.equal((await omni.channels.send({ ...mail, category: "transactional" })).status, "queued")
  await omni.channels.suppress({ kind: "email", address: "Jane@Example.com ", scope: "survey", reason: "manual" })
  assert.equal((await omni.channels.send({ ...mail, category: "transactional", purpose: "survey" })).status, "skipped")
  await omni.channels.lift({ kind: "email", address: "jane@example.com", scope: "marketing" })
  assert.equal((await omni.channels.send(mail)).status, "queued")
  const { events } = await omni.events({ types: [AddressSuppressed] })
  assert.deepEqual(
    events.map(({ data, subject }) => [subject, data]),
    [
      ["jane", { kind: "email", scope: "marketing", reason: "unsubscribed", customer: "jane", message }],
      ["email", { kind: "email", scope: "survey", reason: "manual" }]
    ]
  )
})

it("takes a telephone number out however people write it", async () => {
  const { omni } = open()
  await omni.channels.suppress({ kind: "sms", address: "+49 (30) 123-456", scope: "all", reason: "unsubscribed" })
  const { reasons } = await omni.channels.send({ ...news, kinds: ["sms"] })
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ["suppressed", "no-kind"]
  )
  await omni.channels.lift({ kind: "sms", address: "+49 30 123456", scope: "all" })
  assert.equal((await omni.channels.send({ ...news, kinds: ["sms"] })).status, "queued")
})

it("remembers a suppression after the customer was erased, without the address", async () => {
  const { omni } = open()
  const { message } = await omni.channels.send({ ...news, kinds: ["email"] })
  await omni.drain()
  await omni.channels.unsubscribe({ message })
  await omni.erase("jane")
  const erased = await omni.channels.message({ message })
  assert.isUndefined(erased.address)
  assert.isUndefined(erased.content)
  const gone = await omni.channels.safe.unsubscribe({ message })
  assert.equal(!gone.ok && gone.error._tag, "MessageNotFound")
  const decision = await omni.channels.send({ ...news, customer: "jane", kinds: ["email"] })
  assert.deepEqual(
    decision.reasons.map(({ code }) => code),
    ["suppressed", "no-kind"]
  )
})

it("ends what is still open of somebody who is erased", async () => {
  const { clock, drivers, omni } = open({ quietHours: { from: "11:00", to: "13:00" } })
  const waiting = await omni.channels.send(news)
  const queued = await omni.channels.send({ ...news, category: "transactional" })
  await omni.erase("jane")
  await omni.drain()
  clock.advance(3 * 3_600_000)
  await omni.drain()
  assert.deepEqual(drivers.email.messages, [])
  const ended = await Promise.all([waiting, queued].map(({ message }) => omni.channels.message({ message })))
  assert.deepEqual(
    ended.map(({ reasons, status }) => [status, reasons.at(-1)?.code]),
    [
      ["skipped", "erased"],
      ["failed", "erased"]
    ]
  )
})

it("speaks in the brand's voice, or on another kind of channel", async () => {
  const voice: ChannelsModuleOptions["voice"] = {
    all: { banned: ["cheap", "c++ (legacy)"] },
    sms: { maxSegments: 1, optOut: "Reply STOP" },
    push: { maxLength: 20 }
  }
  const { omni } = open({ voice })
  const decision = await omni.channels.send({ ...news, kinds: ["push", "sms", "email"] })
  assert.equal(decision.kind, "sms")
  assert.deepEqual(decision.reasons[0]?.facts, { rule: "length", found: 32, allowed: 20 })
  const cheap = await omni.channels.send({ ...news, content: { subject: "Cheap!", text: "Reply STOP" } })
  assert.equal(cheap.status, "skipped")
  const rulesOf = (text: string, category: "marketing" | "transactional" = "marketing") =>
    voiceBreaches(voice, "sms", category, { text }).map(({ found, rule }) => `${rule} ${found}`)
  assert.deepEqual(rulesOf("Cheaper is not banned. Reply STOP"), [])
  assert.deepEqual(rulesOf("No C++ (legacy) here. Reply STOP"), ["banned c++ (legacy)"])
  assert.deepEqual(rulesOf("Ready for pickup"), ["opt-out "])
  assert.deepEqual(rulesOf("Ready for pickup", "transactional"), [])
  assert.deepEqual(rulesOf(`${"ж".repeat(80)} Reply STOP`), ["segments 2"])
})

it("fills templates when the message goes out, by kind and for the recipient", async () => {
  const { drivers, omni } = open({
    templates: {
      welcome: ({ coupon }, { name }) => ({
        email: { subject: `Welcome, ${name}`, text: `Your code: ${String(coupon)}` },
        sms: { text: `Code ${String(coupon)}` }
      })
    }
  })
  const content = { template: "welcome", data: { coupon: "WELCOME20" } }
  const decision = await omni.channels.send({ ...news, kinds: ["push", "email"], content })
  assert.equal(decision.kind, "email")
  await omni.drain()
  assert.deepEqual(drivers.email.messages[0]?.content, { subject: "Welcome, Jane", text: "Your code: WELCOME20" })
  const unknown = await omni.channels.safe.send({ ...news, content: { template: "welcom" } })
  assert.isTrue(!unknown.ok && unknown.error instanceof TemplateNotFound)
})
