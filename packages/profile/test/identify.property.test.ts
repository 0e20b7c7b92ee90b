import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { profile } from "@omni/profile"
import fc from "fast-check"
import { assert, it } from "vitest"

const identifier = fc.record({
  type: fc.constantFrom("email", "anonymous", "customer", "device"),
  value: fc.constantFrom("a@x.io", "B@x.io", "b@x.io", "c@x.io", "d@x.io")
})
const call = fc.record({
  identifiers: fc.array(identifier, { minLength: 1, maxLength: 3 }),
  traits: fc.dictionary(fc.constantFrom("name", "city", "size"), fc.constantFrom("1", "2", "3", null), { maxKeys: 2 }),
  at: fc.integer({ min: 0, max: 6 })
})
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

const unlimited = { email: Infinity, anonymous: Infinity, customer: Infinity, device: Infinity }

const tell = async (calls: ReadonlyArray<Call>, limits: { readonly [type: string]: number }) => {
  const store = memory()
  const machines = [0, 1].map(() => createOmni({ store, modules: { profile: profile({ limits }) } }))
  // In bursts over two machines, so that calls meet in one batch and race over several.
  for (let start = 0; start < calls.length; start += 4)
    await Promise.all(calls.slice(start, start + 4).map((each, index) => machines[index % 2]?.profile.identify(each)))
  const [omni] = machines
  const seen = new Map(calls.flatMap(({ identifiers }) => identifiers).map((each) => [keyOf(each), each]))
  const found = await Promise.all(
    [...seen.keys()].sort().map(async (key) => ({ key, profile: await omni?.profile.byIdentifier(seen.get(key) ?? assert.fail()) }))
  )
  return found.map(({ key, profile: known }) => ({ key, profile: known ?? assert.fail(`${key} has no profile`) }))
}

type Told = Awaited<ReturnType<typeof tell>>

const keyOf = ({ type, value }: { readonly type: string; readonly value: string }) =>
  `${type}:${type === "email" ? value.toLowerCase() : value}`

const partitionOf = (told: Told): ReadonlyArray<ReadonlyArray<string>> => {
  const groups = Map.groupBy(told, (each) => each.profile.id)
  return [...groups.values()].map((group) => group.map(({ key }) => key))
}

/** Joins whatever shares an identifier until nothing does. */
const components = (calls: ReadonlyArray<Call>): ReadonlyArray<ReadonlyArray<string>> => {
  let groups: ReadonlyArray<Set<string>> = []
  for (const { identifiers } of calls) {
    const keys = new Set(identifiers.map(keyOf))
    const touched = groups.filter((group) => [...keys].some((key) => group.has(key)))
    groups = [...groups.filter((group) => !touched.includes(group)), new Set([...keys, ...touched.flatMap((group) => [...group])])]
  }
  return groups.map((group) => [...group].sort()).sort()
}

/** The traits of those who share a component, each as it was last claimed; where two claims are of one moment, any of the two. */
const lastClaims = (calls: ReadonlyArray<Call>, keys: ReadonlyArray<string>): ReadonlyMap<string, ReadonlyArray<unknown>> => {
  const claims = calls
    .filter(({ identifiers }) => identifiers.some((each) => keys.includes(keyOf(each))))
    .flatMap(({ at, traits }) => Object.entries(traits).map(([name, value]) => ({ name, value, at })))
  return new Map(
    [...Map.groupBy(claims, ({ name }) => name)].map(([name, all]) => {
      const last = Math.max(...all.map(({ at }) => at))
      return [name, all.filter(({ at }) => at === last).map(({ value }) => value)]
    })
  )
}

it("makes the connected components of the calls, with the last claims as traits", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 10 }), async (calls) => {
      const told = await tell(calls, unlimited)
      assert.deepEqual(
        partitionOf(told)
          .map((group) => [...group])
          .sort(),
        components(calls)
      )
      for (const { key, profile: known } of told) {
        const claims = lastClaims(calls, components(calls).find((group) => group.includes(key)) ?? [])
        for (const [name, values] of claims) assert.include(values, known.traits[name] ?? null)
        assert.includeMembers([...claims.keys()], Object.keys(known.traits))
      }
    }),
    { numRuns: 40 }
  )
})

const withoutIds = (told: Told) =>
  told.map(({ key, profile: { consents, erased, identifiers, since, traits } }) => ({
    key,
    consents,
    erased,
    since,
    traits,
    identifiers: [...identifiers].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  }))

it("comes to the same profiles in any order of the same calls", async () => {
  const shuffled = fc
    .array(call, { minLength: 2, maxLength: 10 })
    .chain((calls) => fc.tuple(fc.constant(calls), fc.shuffledSubarray(calls, { minLength: calls.length })))
  await fc.assert(
    fc.asyncProperty(shuffled, async ([calls, others]) => {
      const [here, there] = [await tell(calls, unlimited), await tell(others, unlimited)]
      assert.deepEqual(partitionOf(here), partitionOf(there))
      assert.deepEqual(withoutIds(here), withoutIds(there))
    }),
    { numRuns: 40 }
  )
})

it("never gives a profile more identifiers of a type than its limit", async () => {
  const limits = { ...unlimited, customer: 1, email: 2 }
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 10 }), async (calls) => {
      const store = memory()
      const omni = createOmni({ store, modules: { profile: profile({ limits }) } })
      for (const each of calls) {
        const { profile: id, refused } = await omni.profile.safe
          .identify(each)
          .then((result) => (result.ok ? result.value : assert.fail(result.error.message)))
        const known = await omni.profile.profile({ profile: id })
        const count = (type: string) => known?.identifiers.filter((other) => other.type === type).length ?? 0
        assert.isAtMost(count("customer"), 1)
        assert.isAtMost(count("email"), 2)
        const left = refused.map(({ index }) => keyOf(each.identifiers[index] ?? assert.fail()))
        const taken = each.identifiers.map(keyOf).filter((key) => !left.includes(key))
        assert.includeMembers(known?.identifiers.map(keyOf) ?? [], taken)
      }
    }),
    { numRuns: 40 }
  )
})
