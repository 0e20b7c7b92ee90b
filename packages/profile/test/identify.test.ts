import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { NoUsableIdentifier, profile, ProfileCreated, ProfilesMerged, TraitsChanged } from "@omni/profile"
import { assert, it } from "vitest"

const open = (options?: Parameters<typeof profile>[0]) => createOmni({ store: memory(), modules: { profile: profile(options) } })
const anonymous = (value: string) => ({ type: "anonymous", value })
const email = (value: string) => ({ type: "email", value })
const customer = (value: string) => ({ type: "customer", value })

it("makes one customer of a visitor on the web and a user of the app, when they sign in", async () => {
  const omni = open()
  const visitor = await omni.profile.identify({ identifiers: [anonymous("w-1")] })
  assert.isTrue(visitor.created)
  const left = await omni.profile.identify({ identifiers: [anonymous("w-1"), email("Jane@Example.com")], traits: { firstName: "Jane" } })
  assert.deepEqual(left, { profile: visitor.profile, created: false, merged: [], refused: [] })
  const device = await omni.profile.identify({ identifiers: [{ type: "device", value: "phone-9" }], traits: { locale: "de-de" } })
  const signedIn = await omni.profile.identify({ identifiers: [{ type: "device", value: "phone-9" }, email("jane@example.com")] })
  assert.deepEqual(signedIn, { profile: visitor.profile, created: false, merged: [device.profile], refused: [] })

  const seen = await omni.profile.byIdentifier({ type: "device", value: "phone-9" })
  assert.equal(seen?.id, visitor.profile)
  assert.deepEqual(seen?.traits, { firstName: "Jane", locale: "de-DE" })
  assert.deepEqual(seen, await omni.profile.profile({ profile: device.profile }))
  const { events } = await omni.events()
  assert.deepEqual(
    events.map(({ type }) => type),
    [ProfileCreated, TraitsChanged, ProfileCreated, TraitsChanged, ProfilesMerged, TraitsChanged].map(({ name }) => name)
  )
})

/** The oldest profile takes the others in; of two that are made within a millisecond either may be it. */
const later = () => new Promise((resolve) => setTimeout(resolve, 3))

it("keeps every profile that went into one under a key of its own, and the link that did it", async () => {
  const omni = open()
  const a = await omni.profile.identify({ identifiers: [anonymous("a"), email("a@example.com")] })
  await later()
  const b = await omni.profile.identify({ identifiers: [anonymous("b"), email("b@example.com")] })
  await later()
  const c = await omni.profile.identify({ identifiers: [anonymous("c")] })
  await omni.profile.identify({ identifiers: [anonymous("c"), email("b@example.com")] })
  await omni.profile.identify({ identifiers: [anonymous("b"), anonymous("a")], source: "web", message: "m-1" })
  assert.deepEqual(await omni.profile.subjects({ profile: c.profile }), [a.profile, b.profile, c.profile])
  for (const subject of await omni.profile.subjects({ profile: b.profile })) await omni.erase(subject)
  const erased = await omni.profile.profile({ profile: a.profile })
  assert.deepEqual([erased?.erased, erased?.identifiers, erased?.traits], [true, [], {}])
  assert.isUndefined(await omni.profile.byIdentifier(email("b@example.com")))
  const again = await omni.profile.identify({ identifiers: [email("b@example.com")] })
  assert.isTrue(again.created)
})

it("takes nobody's identifiers for a person", async () => {
  const omni = open({ blocked: ({ value }) => value === "kiosk" })
  const nobody = ["null", "undefined", " ", "00000000-0000-0000-0000-000000000000", "Anonymous", "[object Object]", "-1", "0", "kiosk"]
  const refused = await omni.profile.safe.identify({ identifiers: nobody.map(customer) })
  assert.isFalse(refused.ok)
  if (refused.ok) return
  assert.instanceOf(refused.error, NoUsableIdentifier)
  const some = await omni.profile.identify({ identifiers: [customer("null"), email("no address"), anonymous("a")] })
  assert.deepEqual(
    some.refused.map(({ index, reason }) => [index, reason]),
    [
      [0, "blocked"],
      [1, "malformed"]
    ]
  )
})

it("leaves a shared device with one of its users", async () => {
  const omni = open()
  const one = await omni.profile.identify({ identifiers: [customer("u1"), { type: "device", value: "ipad" }] })
  const two = await omni.profile.identify({ identifiers: [{ type: "device", value: "ipad" }, customer("u2")] })
  assert.notEqual(one.profile, two.profile)
  assert.deepEqual(
    two.refused.map(({ index, reason, type }) => [index, type, reason]),
    [[0, "device", "limit"]]
  )
  assert.equal((await omni.profile.byIdentifier({ type: "device", value: "ipad" }))?.id, one.profile)
})

it("goes on with a profile that is past a limit that was lowered", async () => {
  const store = memory()
  const before = createOmni({ store, modules: { profile: profile() } })
  const { profile: id } = await before.profile.identify({ identifiers: [email("a@x.io"), email("b@x.io"), email("c@x.io")] })
  const omni = createOmni({ store, modules: { profile: profile({ limits: { email: 1 } }) } })
  const known = await omni.profile.identify({ identifiers: [email("b@x.io"), email("c@x.io"), anonymous("w")] })
  assert.deepEqual(known, { profile: id, created: false, merged: [], refused: [] })
  const more = await omni.profile.identify({ identifiers: [email("b@x.io"), email("d@x.io")] })
  assert.deepEqual([more.profile, more.refused.map(({ reason }) => reason)], [id, ["limit"]])
})
