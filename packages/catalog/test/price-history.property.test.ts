import { choosePrice, ListVersion, type PriceCandidate, priceTimeline } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { channel, clockAt, given, openCatalog } from "./shop.ts"

const amount = fc.integer({ min: 1, max: 9 }).map((one) => one * 100)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 })
const time = fc.integer({ min: 1, max: 60 })

const list = fc
  .record({
    id: fc.constantFrom("A", "B", "C"),
    kind: fc.constantFrom("base", "sale", "override") as fc.Arbitrary<"base" | "sale" | "override">,
    channels: rarely(fc.constantFrom<ReadonlyArray<string>>(["web"], ["till"], ["web", "till"])),
    countries: rarely(fc.constantFrom<ReadonlyArray<"DE" | "AT">>(["DE"], ["AT"])),
    groups: rarely(fc.constantFrom<ReadonlyArray<string>>(["vip"])),
    companies: rarely(fc.constantFrom<ReadonlyArray<string>>(["acme"])),
    from: maybe(time),
    until: maybe(time),
    announced: rarely(time),
    priorPrice: rarely(
      fc.record({ window: fc.integer({ min: 1, max: 40 }), progressive: fc.boolean(), exempt: fc.boolean() }, { requiredKeys: [] })
    ),
    priority: fc.integer({ min: 0, max: 2 }),
    active: fc.constantFrom(true, true, true, true, false)
  })
  .filter(({ from, until }) => from === undefined || until === undefined || from < until)

const step = fc.oneof(
  list.map((put) => ({ put })),
  fc.record({ list: fc.constantFrom("A", "B", "C"), amount: maybe(amount) }),
  fc.record({ base: fc.array(fc.record({ amount, on: maybe(fc.constantFrom("web", "till")) }), { maxLength: 2 }) })
)
const story = fc.array(fc.record({ at: time, step }), { maxLength: 14 }).map((steps) => [...steps].sort((a, b) => a.at - b.at))
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never

const web = channel("web", { country: "DE" })
const HORIZON = 100

/** Tells a story to a shop, at its times. */
const tell = async (steps: Story, options: Parameters<typeof openCatalog>[0] = {}) => {
  const clock = clockAt(0)
  const opened = openCatalog({ channels: [web, channel("till")], ...options }, clock)
  const { shop } = opened
  await shop.putProduct({ id: "p", name: { de: "P" } })
  await shop.putVariant({ id: "v", product: "p", sku: "v" })
  for (const { at, step: one } of steps) {
    clock.set(at)
    if ("put" in one) await shop.putPriceList(given({ ...one.put, name: one.put.id, currency: "EUR" as const }))
    else if ("list" in one) await shop.safe.setPrices({ list: one.list, prices: [given({ variant: "v", amount: one.amount })] })
    else {
      const prices = one.base.map(({ amount: of, on }) => given({ amount: of, currency: "EUR" as const, channel: on }))
      await shop.putVariant({ id: "v", product: "p", sku: "v", prices })
    }
  }
  clock.set(HORIZON)
  return opened
}

/** What the public pays on the web at a moment, as the story alone tells it. */
const priceAt = (steps: Story, at: number) => {
  const lists = new Map<string, (typeof list extends fc.Arbitrary<infer L> ? L : never) & { readonly amount?: number }>()
  const amounts = new Map<string, number | undefined>()
  let base: ReadonlyArray<{ readonly amount: number; readonly on?: string | undefined }> = []
  for (const { at: when, step: one } of steps) {
    if (when > at) break
    if ("put" in one) lists.set(one.put.id, one.put)
    else if ("base" in one) base = one.base
    else if (lists.has(one.list)) amounts.set(one.list, one.amount)
  }
  const candidates: Array<PriceCandidate> = base
    .filter(({ on }) => on === undefined || on === "web")
    .map(({ amount: of, on }) => ({ id: "base", amount: of, currency: "EUR", ...(on === undefined ? {} : { channel: on }) }))
  for (const one of lists.values()) {
    const of = amounts.get(one.id)
    const isOpen = one.groups === undefined && one.companies === undefined
    const isHere = (one.channels?.includes("web") ?? true) && (one.countries?.includes("DE") ?? true)
    if (of === undefined || !one.active || !isOpen || !isHere || at < (one.from ?? 0) || at >= (one.until ?? Infinity)) continue
    candidates.push({
      id: one.id,
      amount: of,
      currency: "EUR",
      list: {
        id: one.id,
        name: one.id,
        priority: one.priority,
        entry: "gross",
        ...(one.kind === "base" ? {} : { type: one.kind }),
        for: given({ channel: one.channels, country: one.countries })
      }
    })
  }
  const chosen = choosePrice(candidates, { now: at, currency: "EUR", audience: {} })
  return chosen === undefined
    ? undefined
    : {
        amount: chosen.amount,
        list: chosen.list?.id,
        type: chosen.list?.type,
        announced: lists.get(chosen.list?.id ?? "")?.announced,
        rule: lists.get(chosen.list?.id ?? "")?.priorPrice
      }
}

it("knows the price of every moment, before and after, and the lowest of any period, as a scan of all moments does", async () => {
  await fc.assert(
    fc.asyncProperty(
      story,
      fc.integer({ min: 1, max: 40 }),
      fc.oneof(fc.integer({ min: 0, max: HORIZON }), fc.constant(HORIZON)),
      fc.boolean(),
      async (steps, usual, at, inSteps) => {
        const { omni, shop } = await tell(steps, { priorPrice: { window: usual, progressive: inSteps } })
        const timeline = await shop.priceHistory({ variant: "v", channel: "web" })
        const all = Array.from({ length: HORIZON + 1 }, (_, moment) => priceAt(steps, moment))
        for (const [moment, expected] of all.entries()) {
          const found = timeline.findLast(({ from }) => from <= moment)
          assert.deepEqual([found?.amount, found?.list], [expected?.amount, expected?.list], `at ${moment}`)
        }
        const { window = usual, progressive = inSteps, exempt = false } = all[at]?.rule ?? {}
        const lowest = await shop.lowestPrice({ variant: "v", channel: "web", at })
        const lowestOf = (from: number, until: number) => {
          const amounts = all.slice(Math.max(0, from), Math.max(0, until)).flatMap((one) => one?.amount ?? [])
          return amounts.length === 0 ? undefined : Math.min(...amounts)
        }
        assert.equal(lowest.amount, all[at]?.amount)
        assert.equal(lowest.lowest, lowestOf(at - window, at + 1))
        const chosen = all[at]
        assert.equal(lowest.reduction !== undefined, chosen?.type === "sale")
        if (lowest.reduction !== undefined && chosen !== undefined) {
          // Back to the first moment of the same reduction, or of one that has only been increased since.
          let first = at
          const isSame = (one: typeof chosen | undefined) =>
            one?.type === "sale" &&
            (progressive
              ? one.amount >= all[first]!.amount
              : one.amount === chosen.amount && one.list === chosen.list && one.announced === chosen.announced)
          while (first > 0 && isSame(all[first - 1])) first--
          const announced = Math.min(first, all[first]!.announced ?? first)
          assert.equal(lowest.reduction.announced, announced)
          const prior = exempt ? undefined : lowestOf(announced - window, announced)
          assert.equal(lowest.reduction.exempt, exempt ? true : undefined)
          assert.equal(lowest.reduction.prior, prior)
          const [prices] = await shop.prices({ variants: ["v"], channel: "web" })
          if (at === HORIZON) assert.equal(prices!.find(({ list: of }) => of?.id === chosen.list)?.lowest30, prior)
        }
        await omni.close()
      }
    ),
    { numRuns: 300 }
  )
})

it("gives a buyer the prices of all lists that are for them, and of no other", async () => {
  const buyer = fc.record({
    channel: fc.constantFrom("web", "till"),
    country: maybe(fc.constantFrom("DE", "AT") as fc.Arbitrary<"DE" | "AT">),
    groups: fc.constantFrom<ReadonlyArray<string>>([], ["vip"], ["vip", "staff"]),
    company: maybe(fc.constantFrom("acme", "other"))
  })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(list, { selector: (one) => one.id }), buyer, time, async (lists, who, at) => {
      const { omni, shop } = await tell(
        lists.flatMap((put) => [
          { at: 0, step: { put } },
          { at: 0, step: { list: put.id, amount: 700 } }
        ])
      )
      const [found] = await shop.prices({ variants: ["v"], ...given(who), at })
      // The web shop sells in Germany unless told.
      const country = who.country ?? (who.channel === "web" ? "DE" : undefined)
      const wanted = lists.filter(
        (one) =>
          one.active &&
          at >= (one.from ?? 0) &&
          at < (one.until ?? Infinity) &&
          (one.channels?.includes(who.channel) ?? true) &&
          (one.countries === undefined || (country !== undefined && one.countries.includes(country))) &&
          (one.groups === undefined || who.groups.includes("vip")) &&
          (one.companies === undefined || who.company === "acme")
      )
      assert.sameMembers(
        found!.map(({ id }) => id),
        wanted.map(({ id }) => id)
      )
      await omni.close()
    }),
    { numRuns: 100 }
  )
})

it("puts a price that is told late where it belongs", async () => {
  const clock = clockAt(1_000)
  const { omni, shop } = openCatalog({ channels: [web] }, clock)
  await shop.putPriceList({ id: "A", name: "A", currency: "EUR" })
  clock.set(3_000)
  await shop.setPrices({ list: "A", prices: [{ variant: "v", amount: 300 }] })
  await omni.catalog.setPrices({ list: "A", prices: [{ variant: "v", amount: 200 }] }, { asOf: { time: 2_000 } })
  const amounts = (await shop.priceHistory({ variant: "v", channel: "web" })).map(({ from, amount: of }) => [from, of])
  assert.deepEqual(amounts, [
    [2_000, 200],
    [3_000, 300]
  ])
  assert.equal((await shop.prices({ variants: ["v"], channel: "web" }))[0]?.[0]?.amount, 300, "what holds now is what was told last")
})

it("begins a history later without telling another one", () => {
  const changes = fc.uniqueArray(fc.record({ at: time, amount: maybe(amount) }), { selector: ({ at }) => at, maxLength: 5 })
  const versions = fc.uniqueArray(fc.record({ at: time, terms: list }), { selector: ({ at }) => at, minLength: 1, maxLength: 4 })
  const inOrder = <T extends { readonly at: number }>(all: ReadonlyArray<T>) => [...all].sort((a, b) => a.at - b.at)
  const history = fc
    .record({ lists: fc.array(fc.record({ changes, versions }), { maxLength: 3 }), base: changes })
    .map(({ lists, base }) => ({
      base: inOrder(base).map(({ at, amount: of }) => ({ at, prices: of === undefined ? [] : [{ amount: of, currency: "EUR" as const }] })),
      lists: lists.map((one, at) => ({
        list: { id: String(at), currency: "EUR" as const, tax: "gross" as const },
        changes: inOrder(one.changes).map(given),
        versions: inOrder(one.versions).map(({ at: from, terms }) => ListVersion.parse(given({ ...terms, name: "L", at: from })))
      }))
    }))
  const place = { currency: "EUR", channel: "web", country: "DE" } as const
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 70 }), (all, since) => {
      const [whole, later] = [priceTimeline(all, place), priceTimeline(all, place, choosePrice, since)]
      for (let at = since; at < 75; at++) {
        const [a, b] = [whole, later].map((steps) => steps.findLast(({ from }) => from <= at))
        assert.deepEqual([b?.amount, b?.list, b?.announced], [a?.amount, a?.list, a?.announced], `at ${at}`)
        if (b !== undefined && b !== later[0]) assert.equal(b.from, a?.from)
      }
    }),
    { numRuns: 500 }
  )
})
