import type { Carried, Position } from "@omni/core"
import fc from "fast-check"

import { holds, same, show } from "../assert.ts"
import { fresh } from "../laws/bench.ts"
import { law, logOf, taking } from "./bench.ts"

/** Texts that a transport which builds names, paths, patterns or headers from them would mix up, lose or misread. */
const odd: ReadonlyArray<string> = [
  "a",
  "A",
  "a.b",
  "a b",
  " a",
  "a ",
  "a*",
  ">",
  "a>b",
  "*",
  "a/b",
  "a\\b",
  "a%2Eb",
  "a%b",
  "%",
  "~",
  "a:b",
  "a\r\nb: c",
  "a\tb",
  "ä",
  "a\u0308",
  "😀",
  '"quoted"',
  "$JS.API",
  "null",
  ".",
  "a.",
  ".a",
  "a..b",
  "x".repeat(512),
  `${"x".repeat(511)}y`,
  "ü".repeat(256),
  "日".repeat(170)
]

const byPlace = (a: Carried, b: Carried): number => (a.sequence < b.sequence ? -1 : 1)

const whole = law(
  "an event comes as it was published: its attributes, whatever they hold, and its data, letter for letter",
  async (bench) => {
    const datum = fc.oneof(fc.jsonValue(), fc.constantFrom(null, "", 0, [], {}, "line\r\nline", { "ä 😀": "\u2028", n: 1.5e300 }))
    const text = fc.oneof(
      fc.constantFrom(...odd),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }).map((s) => s.toWellFormed().replaceAll("\0", ""))
    )
    const event = fc.record({
      subject: fc.oneof(text, fc.constant("")),
      type: text.filter((s) => s !== ""),
      actorid: text.filter((s) => s !== ""),
      data: datum
    })
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (parts) => {
        const log = bench.log()
        const events = parts.map(({ subject, data, type, actorid }) => ({
          ...log.next(subject, JSON.parse(JSON.stringify(data)), type),
          actorid
        }))
        const taken = taking()
        const member = await bench.join(bench.other, fresh("group"), async (delivery) => {
          if (delivery.event.tenant === log.tenant) await taken.handler(delivery)
        })
        await bench.driver.publish(events)
        await bench.soon(() => same(taken.events().toSorted(byPlace), events, "the events"))
        await member[Symbol.asyncDispose]()
      }),
      {
        ...bench.runs(4),
        examples: [[odd.map((name) => ({ subject: name, type: name, actorid: name, data: name }))]],
        interruptAfterTimeLimit: 4 * bench.patience
      }
    )
  }
)

const apart = law("subjects and tenants are apart, whatever they are called", async (bench) => {
  const logs = odd.map(logOf)
  const events = logs.flatMap((log, i) => [log.next(odd[i]!, i), log.next(odd[(i + 1) % odd.length]!, i)])
  const taken = taking()
  await bench.join(bench.other, "all", taken.handler)
  for (const log of logs) await bench.driver.publish(log.made)
  await bench.soon(() => same(taken.events().length, events.length, "how many came"))
  for (const log of logs) {
    same(
      taken
        .events()
        .filter(({ tenant }) => tenant === log.tenant)
        .map(({ id }) => id)
        .toSorted(),
      log.made.map(({ id }) => id).toSorted(),
      `the events of ${show(log.tenant)}`
    )
    same((await bench.other.last(log.tenant))?.id, log.made[1]!.id, `the last event of ${show(log.tenant)}`)
  }
})

const typed = law("a group gets the types that it asks for, whatever they are called, and no others", async (bench) => {
  const log = bench.log()
  const types = odd.slice(0, 12)
  const events = types.map((type, i) => log.next(`s${i % 3}`, i, type))
  const [one, few] = [taking(), taking()]
  await bench.join(bench.driver, "one", one.handler, { types: ["a.b"] })
  await bench.join(bench.driver, "few", few.handler, { types: ["a", "a.b", "*"] })
  await bench.driver.publish(events)
  const ofTypes = (...wanted: ReadonlyArray<string>) => events.filter(({ type }) => wanted.includes(type)).map(({ id }) => id)
  await bench.soon(() =>
    same(
      few
        .events()
        .map(({ id }) => id)
        .toSorted(),
      ofTypes("a", "a.b", "*").toSorted(),
      "the events of three types"
    )
  )
  await bench.soon(() =>
    same(
      one.events().map(({ id }) => id),
      ofTypes("a.b"),
      "the events of one type"
    )
  )
})

const large = law(
  "large events come whole and in their place; one larger than the limit is refused, and nothing after it is published",
  async (bench) => {
    const { bytes } = bench.driver.capabilities.limits
    const log = bench.log()
    const sizes = [10, 900_000, 1_100_000, Math.floor(Math.min(bytes, 6_000_000) * 0.9), 10]
    const events = sizes.map((size, i) => log.next("s", `${i}${"ä".repeat(Math.floor(size / 2))}`))
    const taken = taking()
    await bench.join(bench.other, "all", taken.handler)
    await bench.driver.publish(events)
    await bench.soon(() =>
      same(
        taken.events().map(({ id }) => id),
        events.map(({ id }) => id),
        "the events"
      )
    )
    taken.events().forEach((event, i) => holds(event.data === events[i]!.data, `the data of event ${i}, of ${sizes[i]} bytes`))
    const [before, tooLarge, after] = [log.next("s"), log.next("s", "x".repeat(bytes + 1)), log.next("s")]
    const error = await bench.driver.publish([before, tooLarge, after]).then(
      () => undefined,
      (refused: unknown) => refused
    )
    same((error as { readonly _tag?: string } | undefined)?._tag, "EventTooLarge", "what came of an event that is too large")
    const last = await bench.other.last(log.tenant)
    holds(
      last?.id === before.id || last?.id === events.at(-1)!.id,
      `nothing after the refused event is there: the last is ${show(last?.sequence)}`
    )
  }
)

const last = law("the last event of a tenant is told to every client, and none where there is none", async (bench) => {
  const log = bench.log()
  same(await bench.driver.last(log.tenant), undefined, "the last event of a tenant that has none")
  for (const events of [log.some(3, 2), log.some(1)]) {
    await bench.driver.publish(events)
    for (const client of [bench.driver, bench.other, await bench.another()]) {
      const found = await client.last(log.tenant)
      same([found?.id, found?.sequence], [events.at(-1)!.id, events.at(-1)!.sequence as Position], "the last event")
    }
  }
})

export const carryingLaws = [whole, apart, typed, large, last]
