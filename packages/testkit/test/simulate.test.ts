import { type Fault, type FaultOptions, simulate, type SimulationOptions } from "@omni/testkit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { accounts, openBank, type Provider } from "./bank.ts"

const names = ["a", "b", "c"]

interface Balance {
  readonly balance: number
  readonly sent: number
  readonly notified: number
}

/** A caller who calls again with the same key until it is told what came of it. */
const insist = async <A>(call: () => Promise<A>): Promise<A> => {
  for (let tries = 0; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (tries === 20) throw error
    }
  }
}

/** Ten transfers at random between three accounts, some at once, over some hours; what came of it. */
const play = async (seed: number, options: SimulationOptions = {}) => {
  const provider: Provider = new Map()
  let done = 0
  let balances: ReadonlyArray<Balance> = []
  let calls = 0
  const replay = await simulate(
    seed,
    (world) => openBank(world, provider),
    async (omni, { random, pass, quiet, store }) => {
      await insist(() => omni.bank.register({ id: "anna", email: "anna@example.org" }))
      for (const account of names) await insist(() => omni.bank.deposit({ account, amount: 100 }, { key: account }))
      for (let i = 0; i < 5; i++) {
        const move = async (key: string) => {
          const input = { from: names[random.below(3)]!, to: names[random.below(3)]!, amount: 1 + random.below(40) }
          return insist(() => omni.bank.safe.transfer(input, { key }))
        }
        const results = await Promise.all([move(`${i} left`), move(`${i} right`)])
        done += results.filter(({ ok }) => ok).length
        await pass(random.below(3_600_000))
      }
      await quiet()
      calls = store.calls.length
      store.heal()
      balances = (await omni.transact((tx) => tx.getMany(accounts, names))).map((row) => row!)
    },
    options
  )
  return { ...replay, provider, balances, done, calls }
}

type Played = Awaited<ReturnType<typeof play>>

/** What must hold of the bank, whatever went wrong on the way. */
const expectSound = ({ log, balances, provider }: Played) => {
  const sum = (of: keyof Balance) => balances.reduce((total, row) => total + row[of], 0)
  const moved = log
    .trim()
    .split("\n")
    .flatMap((line) => (JSON.parse(line) as { events: ReadonlyArray<{ type: string; body: string }> }).events)
    .filter(({ type }) => type === "bank.Moved")
    .map(({ body }) => (JSON.parse(body) as { data: { amount: number } }).data.amount)
  const amount = moved.reduce((total, one) => total + one, 0)
  expect(sum("balance")).toBe(300 + moved.length)
  expect(sum("sent")).toBe(amount)
  expect(sum("notified")).toBe(amount)
  expect([...provider.values()].sort()).toEqual(moved.toSorted())
}

describe("a simulation", () => {
  it("does all there is to do, in simulated time", async () => {
    const began = Date.now()
    const played = await play(1)
    expectSound(played)
    expect(played.end - 1_767_225_600_000).toBeGreaterThan(3_600_000)
    expect(Date.now() - began).toBeLessThan(15_000)
  })

  it("gives the same log for the same seed, byte for byte, and another one for another", async () => {
    const faults: FaultOptions = { rates: { before: 0.03, after: 0.03, late: 0.03, conflict: 0.03 }, slow: 0.1 }
    for (const options of [{}, { faults }]) {
      const [one, again, other] = await Promise.all([play(42, options), play(42, options), play(43, options)])
      expect(one.log).toBe(again.log)
      expect(one.log).not.toBe(other.log)
    }
  })

  it("ends soundly by any seed, with anything going wrong", async () => {
    const faults: FaultOptions = { rates: { before: 0.03, after: 0.03, late: 0.03, conflict: 0.03 }, slow: 0.1 }
    const property = fc.asyncProperty(fc.nat(), async (seed) => expectSound(await play(seed, { faults })))
    await fc.assert(property, { numRuns: 15 })
  })

  it("ends soundly when any one call fails in any way", async () => {
    const { calls } = await play(7)
    for (const fault of ["before", "after", "late", "conflict"] satisfies ReadonlyArray<Fault>)
      for (let call = 0; call < calls; call += 3) expectSound(await play(7, { faults: { at: { [call]: fault } } }))
  })
})
