import { createOmni, event, module, operation, type Channel } from "@omni/core"
import { memory } from "@omni/core/memory"
import {
  entryFor,
  PreferencesChanged,
  profile,
  recipientOf,
  resolveProfile,
  standingOn,
  TraitsChanged,
  ProfileNotFound
} from "@omni/profile"
import { assert, it } from "vitest"
import * as z from "zod"

const Bought = event("test.Bought", z.object({ customer: z.string(), sku: z.string() }))
const buy = operation("test.buy", z.object({ customer: z.string(), sku: z.string() }), function* (tx, input) {
  tx.emit(Bought, input.sku, input)
})
const till = module("till", { events: [Bought], operations: { buy } })

const open = () => {
  let now = Date.UTC(2026, 0, 1)
  const omni = createOmni({
    store: memory(),
    clock: { now: () => now, sleep: async () => undefined },
    modules: {
      till,
      profile: profile({
        timeline: [entryFor(Bought, ({ data }) => ({ profile: data.customer, type: "bought", properties: { sku: data.sku } }))]
      })
    }
  })
  return { omni, pass: (ms: number) => (now += ms) }
}

it("records consent with its proof, and what holds now", async () => {
  const { omni, pass } = open()
  const { profile: id } = await omni.profile.identify({ identifiers: [{ type: "email", value: "jane@example.com" }] })
  const proof = { source: "pop-up", wording: "2026-01", ip: "203.0.113.7" }
  await omni
    .as({ kind: "customer", id, channel: "web" })
    .profile.recordConsent({ profile: id, purpose: "marketing", kind: "email", status: "granted", proof })
  pass(1000)
  await omni.profile.recordConsent({ profile: id, purpose: "marketing", status: "withdrawn", proof })
  const late = await omni.profile.recordConsent({ profile: id, purpose: "marketing", status: "granted", proof: { ...proof, at: 5 } })
  assert.equal(late.standing.status, "withdrawn")
  const { current, evidence } = await omni.profile.consents({ profile: id })
  assert.deepEqual(
    evidence.items.map(({ row }) => [row.status, row.ip, row.wording]),
    [
      ["withdrawn", "203.0.113.7", "2026-01"],
      ["granted", "203.0.113.7", "2026-01"],
      ["granted", "203.0.113.7", "2026-01"]
    ]
  )
  assert.equal(evidence.items[1]?.row.actor.channel, "web")
  assert.equal(standingOn(current, "marketing", "email")?.status, "withdrawn")
  assert.isUndefined(standingOn(current, "service", "email"))
  const unknown = await omni.profile.safe.recordConsent({ profile: "nobody", purpose: "marketing", status: "granted", proof })
  assert.instanceOf(unknown.ok ? undefined : unknown.error, ProfileNotFound)
})

it("mixes up no purpose with a kind of channel", async () => {
  const { omni } = open()
  const { profile: id } = await omni.profile.identify({ identifiers: [{ type: "email", value: "jane@example.com" }] })
  const proof = { source: "form", wording: "1" }
  await omni.profile.recordConsent({ profile: id, purpose: "news email", status: "granted", proof })
  await omni.profile.recordConsent({ profile: id, purpose: "news", kind: "email", status: "denied", proof })
  const { current } = await omni.profile.consents({ profile: id })
  assert.equal(standingOn(current, "news email", "sms")?.status, "granted")
  assert.equal(standingOn(current, "news", "email")?.status, "denied")
  assert.isUndefined(standingOn(current, "news", "sms"))
})

it("tells of preferences and traits that came with a merge", async () => {
  const { omni, pass } = open()
  const web = await omni.profile.identify({ identifiers: [{ type: "anonymous", value: "w" }] })
  pass(1)
  const app = await omni.profile.identify({ identifiers: [{ type: "device", value: "d" }], traits: { city: "Lyon" } })
  await omni.profile.prefer({ profile: app.profile, kinds: ["push"] })
  await omni.profile.identify({
    identifiers: [
      { type: "anonymous", value: "w" },
      { type: "device", value: "d" }
    ]
  })
  const { events } = await omni.events({ types: [PreferencesChanged, TraitsChanged] })
  assert.deepInclude(
    events.map(({ data }) => data),
    { profile: web.profile, kinds: ["push"] }
  )
  assert.deepInclude(
    events.map(({ data }) => data),
    { profile: web.profile, names: ["city"], traits: { city: "Lyon" } }
  )
})

it("has one timeline for all profiles of a person, and repeats no message", async () => {
  const { omni, pass } = open()
  const web = await omni.profile.identify({ identifiers: [{ type: "anonymous", value: "w" }] })
  const app = await omni.profile.identify({ identifiers: [{ type: "device", value: "d" }] })
  for (const sku of ["a", "b", "c"]) {
    await omni.profile.track({ profile: web.profile, type: "product viewed", properties: { sku }, source: "web", message: sku })
    await omni.profile.track({ profile: app.profile, type: "product viewed", properties: { sku }, source: "app", message: sku })
    if (sku !== "a") pass(10)
  }
  assert.isTrue((await omni.profile.track({ profile: web.profile, type: "product viewed", source: "web", message: "a" })).duplicate)
  const { profile: id } = await omni.profile.identify({
    identifiers: [
      { type: "anonymous", value: "w" },
      { type: "device", value: "d" }
    ]
  })
  await omni.till.buy({ customer: app.profile, sku: "a" })
  await omni.till.buy({ customer: "guest", sku: "a" })
  await omni.drain()
  const all = await omni.profile.timeline({ profile: app.profile })
  assert.equal(all.items.length, 7)
  assert.isUndefined(all.cursor)
  assert.deepEqual(all.items[0]?.row.properties, { sku: "a" })
  assert.equal(all.items[0]?.row.profile, id)
  const paged: Array<string> = []
  let after: string | undefined
  do {
    const page = await omni.profile.timeline({ profile: id, limit: 2, ...(after === undefined ? {} : { after }) })
    paged.push(...page.items.map((item) => item.id))
    after = page.cursor
  } while (after !== undefined)
  assert.deepEqual(paged.toSorted(), all.items.map((item) => item.id).toSorted())
})

it("says where and how a customer is reached", async () => {
  const { omni } = open()
  const { profile: id } = await omni.profile.identify({
    identifiers: [
      { type: "email", value: "Jane.Doe@Example.com" },
      { type: "phone", value: "+49 (30) 123 456" },
      { type: "push", value: "token-1" }
    ],
    traits: { firstName: "Jane", lastName: "Doe", locale: "en-GB", timeZone: "Europe/Berlin" }
  })
  await omni.profile.prefer({ profile: id, kinds: ["push", "email"] })
  const kind: Channel["kind"] = "push"
  const recipient = await omni.transact((tx) => recipientOf(tx, id))
  assert.deepEqual(recipient, {
    profile: id,
    merged: [],
    addresses: { email: "Jane.Doe@Example.com", sms: "+4930123456", phone: "+4930123456", whatsapp: "+4930123456", push: "token-1" },
    consents: [],
    preferred: [kind, "email"],
    locale: "en-GB",
    timeZone: "Europe/Berlin",
    name: "Jane Doe"
  })
  assert.isUndefined(await omni.transact((tx) => resolveProfile(tx, "nobody")))
})
