import type { KeyStore } from "@omni/core"
import fc from "fast-check"

import { holds, same, show } from "../assert.ts"
import { law, spread, times } from "./bench.ts"
import { oddTexts } from "./texts.ts"

const bytes = (seed: number): Uint8Array => Uint8Array.from(times(32), (i) => (i * 37 + seed * 101) % 256)

const one = async (keys: KeyStore, scope: string, subject: string) => (await keys.get(scope, [subject]))[0]

const first = law("keys: the first key stays, and every later `create` answers it", async (bench) => {
  const scope = bench.scope()
  const [keys, other] = [bench.driver.keys, bench.other.keys]
  same(await one(keys, scope, "anna"), undefined, "the key of somebody who has none")
  for (const i of times(8)) {
    const subject = `subject ${i}`
    same(await keys.create(scope, subject, bytes(i)), bytes(i), "the first key")
    same(await other.create(scope, subject, bytes(i + 100)), bytes(i), "the answer to a later create")
    same(await one(other, scope, subject), bytes(i), "the key")
  }
  const all = times(8).map((i) => `subject ${i}`)
  const asked = [...all, "none", ...all.toReversed(), all[0]!]
  same(
    await keys.get(scope, asked),
    [...times(8).map(bytes), undefined, ...times(8).toReversed().map(bytes), bytes(0)],
    "keys in the order asked for"
  )
  same(await keys.get(scope, []), [], "no keys")
  same(
    (
      await keys.get(
        scope,
        times(2000).map((i) => `subject ${i % 10}`)
      )
    ).length,
    2000,
    "very many keys"
  )
})

const raced = law("keys: of many that create one at once all are answered the same", async (bench) => {
  const scope = bench.scope()
  await spread(bench.scaled(20), 5, async (i) => {
    const answers = await Promise.all(
      times(6).map((n) => (n % 2 === 0 ? bench.driver : bench.other).keys.create(scope, `subject ${i}`, bytes(n)))
    )
    for (const answer of answers) same(answer, answers[0], "what creators that race are answered")
    holds(
      times(6).some((n) => show(bytes(n)) === show(answers[0])),
      "the key is one of those that were offered"
    )
    same(await one(bench.other.keys, scope, `subject ${i}`), answers[0], "the key")
  })
})

const destroyed = law("keys: what is destroyed stays destroyed, whether there was a key or not", async (bench) => {
  const scope = bench.scope()
  for (const [i, had] of [true, false, true].entries()) {
    const [keys, other] = i === 2 ? [bench.other.keys, bench.driver.keys] : [bench.driver.keys, bench.other.keys]
    const subject = `subject ${i}`
    if (had) await keys.create(scope, subject, bytes(i))
    await keys.destroy(scope, subject)
    for (const at of [keys, other]) {
      same(await one(at, scope, subject), "destroyed", "the key after it was destroyed")
      same(await at.create(scope, subject, bytes(i)), "destroyed", "the answer to a later create")
      await at.destroy(scope, subject)
      same(await one(at, scope, subject), "destroyed", "the key after all that")
    }
  }
})

const unraced = law("keys: creators that race with a destruction never bring a key back", async (bench) => {
  const scope = bench.scope()
  await spread(bench.scaled(30), 6, async (i) => {
    const subject = `subject ${i}`
    if (i % 2 === 0) await bench.driver.keys.create(scope, subject, bytes(0))
    const create = (n: number) => (n % 2 === 0 ? bench.driver : bench.other).keys.create(scope, subject, bytes(n))
    const racers = times(6).map((n) => (n === i % 6 ? bench.other.keys.destroy(scope, subject) : create(n)))
    await Promise.all(racers)
    for (const { keys } of [bench.driver, bench.other]) {
      same(await one(keys, scope, subject), "destroyed", "the key once its destruction was answered")
      same(await keys.create(scope, subject, bytes(9)), "destroyed", "the answer to a late create")
    }
  })
})

const apart = law("keys: each belongs to one subject of one scope, whatever they are called", async (bench) => {
  const [left, right] = [bench.scope(), bench.scope()]
  const { keys } = bench.driver
  for (const [i, subject] of oddTexts.entries()) same(await keys.create(left, subject, bytes(i)), bytes(i), `the key of ${show(subject)}`)
  same(
    await keys.get(left, oddTexts),
    oddTexts.map((_, i) => bytes(i)),
    "the keys of odd subjects"
  )
  same(
    await keys.get(right, oddTexts),
    oddTexts.map(() => undefined),
    "the same subjects in another scope"
  )
  await keys.destroy(left, "a")
  same(await one(keys, right, "a"), undefined, "the key in another scope, after one was destroyed")
  same(await keys.create(right, "a", bytes(7)), bytes(7), "a key in another scope, after one was destroyed")
  same(await one(keys, left, "A"), bytes(oddTexts.indexOf("A")), "the key of a subject that is nearly the one destroyed")
})

const intact = law("keys: the bytes are kept as they were given, whatever is done with the arrays since", async (bench) => {
  const scope = bench.scope()
  const { keys } = bench.driver
  let made = 0
  const property = fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (key) => {
    const subject = `subject ${made++}`
    const given = key.slice()
    const answer = await keys.create(scope, subject, given)
    same(answer, key, "the key")
    given.fill(1)
    if (answer instanceof Uint8Array) answer.fill(2)
    const got = await one(keys, scope, subject)
    same(got, key, "the key after the arrays were written over")
    if (got instanceof Uint8Array) got.fill(3)
    same(await one(keys, scope, subject), key, "the key after its copy was written over")
  })
  await fc.assert(property, bench.runs(30))
})

export const keyLaws = [first, raced, destroyed, unraced, apart, intact]
