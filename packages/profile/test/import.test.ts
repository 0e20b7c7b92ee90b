import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { profile, ProfileCreated } from "@omni/profile"
import { assert, it } from "vitest"

const open = () => createOmni({ store: memory(), modules: { profile: profile() } })

it("imports customers as of their own time, and again without a second of anything", async () => {
  const omni = open()
  const households = Array.from({ length: 300 }, (_, index) => ({ id: String(index + 1), time: Date.UTC(2016, 0, 1 + (index % 365)) }))
  const one = async ({ id, time }: (typeof households)[number]) => {
    const asOf = { time }
    const { profile: known } = await omni.profile.identify(
      { identifiers: [{ type: "customer", value: id }], traits: { city: `c${id}` }, source: "import" },
      { asOf }
    )
    await omni.profile.track({ profile: known, type: "visited", source: "import", message: `visit-${id}` }, { asOf })
    return known
  }
  const load = async () => {
    const ids: Array<string> = []
    for (let start = 0; start < households.length; start += 6) ids.push(...(await Promise.all(households.slice(start, start + 6).map(one))))
    return ids
  }
  const first = await load()
  assert.equal(new Set(first).size, 300)
  assert.deepEqual(await load(), first)
  const { events } = await omni.events({ types: [ProfileCreated], limit: 1000 })
  assert.equal(events.length, 300)
  assert.isTrue(events.every(({ imported }) => imported))
  const seventh = await omni.profile.byIdentifier({ type: "customer", value: "7" })
  assert.equal(seventh?.since, Date.UTC(2016, 0, 7))
  assert.deepEqual(
    (await omni.profile.timeline({ profile: first[6] ?? "" })).items.map(({ row }) => row.at),
    [Date.UTC(2016, 0, 7)]
  )
})

it("stays within the rounds of loading when a call has a key and the profile was merged", async () => {
  const store = memory()
  const omni = createOmni({ store, modules: { profile: profile() } })
  const web = await omni.profile.identify({ identifiers: [{ type: "anonymous", value: "w" }] })
  const app = await omni.profile.identify({ identifiers: [{ type: "device", value: "d" }] })
  await omni.profile.identify({
    identifiers: [
      { type: "anonymous", value: "w" },
      { type: "device", value: "d" }
    ]
  })
  const cold = createOmni({ store, modules: { profile: profile() } })
  for (const { profile: id } of [web, app]) {
    await cold.profile.track({ profile: id, type: "product viewed" }, { key: `t ${id}` })
    await cold.profile.prefer({ profile: id, kinds: ["push"] }, { key: `p ${id}` })
  }
  const again = createOmni({ store, modules: { profile: profile() } })
  const joined = await again.profile.identify(
    {
      identifiers: [
        { type: "anonymous", value: "w" },
        { type: "device", value: "d" },
        { type: "email", value: "jane@example.com" }
      ]
    },
    { key: "again" }
  )
  assert.deepEqual(joined.merged, [])
  assert.equal((await again.profile.timeline({ profile: web.profile })).items.length, 2)
})

it("walks a long history of many merged profiles page by page", async () => {
  const omni = open()
  const ids = await Promise.all(
    Array.from(
      { length: 40 },
      async (_, index) => (await omni.profile.identify({ identifiers: [{ type: "device", value: `d${index}` }] })).profile
    )
  )
  const at = Date.UTC(2026, 0, 1)
  const entries = await Promise.all(
    ids.flatMap((id, index) => [0, 1, 2].map((n) => omni.profile.track({ profile: id, type: "seen", at: at + (index % 5) * n })))
  )
  for (let start = 0; start < 39; start += 13)
    await omni.profile.identify({ identifiers: Array.from({ length: 14 }, (_, index) => ({ type: "device", value: `d${start + index}` })) })
  const walked: Array<{ readonly id: string; readonly at: number }> = []
  let after: string | undefined
  do {
    const page = await omni.profile.timeline({ profile: ids[20] ?? "", limit: 7, ...(after === undefined ? {} : { after }) })
    walked.push(...page.items.map(({ id, row }) => ({ id, at: row.at })))
    after = page.cursor
  } while (after !== undefined)
  assert.sameMembers(
    walked.map(({ id }) => id),
    entries.map(({ entry }) => entry)
  )
  assert.deepEqual(
    walked.map((each) => each.at),
    walked.map((each) => each.at).toSorted((left, right) => right - left)
  )
  const wrong = await omni.profile.safe.timeline({ profile: ids[0] ?? "", after: "?" })
  assert.deepInclude(wrong.ok ? {} : wrong.error, { _tag: "InvalidInput" })
})
