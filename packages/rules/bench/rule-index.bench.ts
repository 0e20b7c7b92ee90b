import { compile, type Rule, ruleIndex } from "@omni/rules"

import { compare, isLong } from "../../../scripts/bench/harness.ts"
import { stream } from "../../../scripts/bench/stream.ts"

const next = stream(7)

/** A rank from 0 to `size`, of which low ones are much more frequent, as they are in shops. */
const skewedRank = (size: number): number => Math.floor(size ** next()) - 1

const texts = Array.from({ length: 10 }, (_, at) => ({ name: `text${at}`, size: 5 * 2 ** at }))
const numbers = Array.from({ length: 6 }, (_, at) => `number${at}`)

const eventOf = (): Record<string, unknown> => ({
  ...Object.fromEntries(texts.map(({ name, size }) => [name, `v${skewedRank(size)}`])),
  ...Object.fromEntries(numbers.map((name) => [name, Math.floor(next() * 1_000)]))
})

const pick = <Item>(items: ReadonlyArray<Item>): Item => {
  const item = items[Math.floor(next() * items.length)]
  if (item === undefined) throw new Error("nothing to pick from")
  return item
}

/** Two or three equalities and one or two thresholds, over whichever fields. */
const generalRule = (): Rule => {
  const equalities = Array.from({ length: 2 + Math.floor(next() * 2) }, (): Rule => {
    const { name, size } = pick(texts)
    return { "==": [{ var: name }, `v${skewedRank(size)}`] }
  })
  const thresholds = Array.from({ length: 1 + Math.floor(next() * 2) }, (): Rule => {
    return { [pick(["<", ">="])]: [{ var: pick(numbers) }, Math.floor(next() * 1_000)] }
  })
  return { and: [...equalities, ...thresholds] }
}

/** All rules ask for the same two texts; numbers alone tell them apart. */
const skewedRule = (): Rule => {
  const low = Math.floor(next() * 995)
  return {
    and: [
      { "==": [{ var: "text0" }, "v0"] },
      { "==": [{ var: "text1" }, "v0"] },
      { "<=": [low, { var: "number0" }, low + 5] },
      { "<": [{ var: "number1" }, Math.floor(next() * 400)] }
    ]
  }
}

const skewedEvent = () => ({ ...eventOf(), text0: "v0", text1: "v0" })

const microsPerEvent = (match: (event: unknown) => unknown, events: ReadonlyArray<unknown>): number => {
  const began = performance.now()
  for (const event of events) match(event)
  return ((performance.now() - began) * 1_000) / events.length
}

const bench = async (name: string, count: number, ruleOf: () => Rule, event: () => unknown): Promise<void> => {
  const rules = Array.from({ length: count }, ruleOf)
  const events = Array.from({ length: 2_000 }, event)
  const index = ruleIndex<unknown, number>()
  const began = performance.now()
  rules.forEach((rule, id) => index.add(id, rule))
  console.error(`built in ${Math.round(performance.now() - began)} ms`)
  const conditions = rules.map((rule) => compile(rule))
  const linear = (facts: unknown) => conditions.flatMap((condition, id) => (condition.test(facts) ? [id] : []))
  const some = events.slice(0, Math.max(10, 200_000 / count))
  const matches = some.map((facts) => {
    const found = index.match(facts)
    if (JSON.stringify(found) !== JSON.stringify(linear(facts))) throw new Error("index and oracle differ")
    return found.length
  })
  const average = matches.reduce((sum, found) => sum + found, 0) / matches.length
  await compare({
    bench: "rules",
    case: `${count} rules, ${name}, ${average.toFixed(1)} hold of an event`,
    unit: "µs per event",
    better: "lower",
    ours: () => microsPerEvent(index.match, events),
    peers: { "compiled rules one by one": () => microsPerEvent(linear, some) },
    rounds: 3
  })
}

for (const count of isLong ? [1_000, 10_000, 100_000] : [1_000, 10_000]) {
  await bench("general", count, generalRule, eventOf)
  await bench("told apart by numbers", count, skewedRule, skewedEvent)
}
