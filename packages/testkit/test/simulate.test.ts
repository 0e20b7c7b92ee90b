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

interface Options extends SimulationOptions {
  /** So many clients of the same store, as that many processes would be. */
  readonly clients?: number
}

/** Ten transfers at random between three accounts, some at once, over some hours; what came of it. */
const play = async (seed: number, { clients: count = 1, ...options }: Options = {}) => {
  const provider: Provider = new Map()
  let balances: ReadonlyArray<Balance> = []
  let calls = 0
  const replay = await simulate(
    seed,
    (world) => {
      const clients = Array.from({ length: count }, () => openBank(world, provider))
      return {
        clients,
        drain: async () => void (await Promise.all(clients.map((omni) => omni.drain()))),
        close: async () => void (await Promise.allSettled(clients.map((omni) => omni.close())))
      }
    },
    async ({ clients }, { random, pass, quiet, store }) => {
      const any = () => clients[random.below(count)]!
      await insist(() => any().bank.register({ id: "anna", email: "anna@example.org" }))
      for (const account of names) await insist(() => any().bank.deposit({ account, amount: 100 }, { key: account }))
      const move = (key: string) => {
        const input = { from: names[random.below(3)]!, to: names[random.below(3)]!, amount: 1 + random.below(40) }
        return insist(() => any().bank.safe.transfer(input, { key }))
      }
      for (let i = 0; i < 5; i++) {
        await Promise.all([move(`${i} left`), move(`${i} right`)])
        await pass(random.below(3_600_000))
      }
      await quiet()
      calls = store.calls.length
      store.heal()
      balances = (await any().transact((tx) => tx.getMany(accounts, names))).map((row) => row!)
    },
    options
  )
  return { ...replay, provider, balances, calls }
}

interface Line {
  readonly events: ReadonlyArray<{ readonly type: string; readonly body: string }>
}

/** What must hold of the bank, whatever went wrong on the way: each transfer, its interest, its count and its notice took effect once. */
const expectSound = ({ log, balances, provider }: Awaited<ReturnType<typeof play>>) => {
  const sum = (of: keyof Balance) => balances.reduce((total, row) => total + row[of], 0)
  const lines = log.trim().split("\n")
  const moved = lines
    .flatMap((line) => (JSON.parse(line) as Line).events)
    .filter(({ type }) => type === "bank.Moved")
    .map(({ body }) => (JSON.parse(body) as { readonly data: { readonly amount: number } }).data.amount)
  const amount = moved.reduce((total, one) => total + one, 0)
  expect(moved.length).toBeGreaterThan(0)
  expect(sum("balance")).toBe(300 + moved.length)
  expect(sum("sent")).toBe(amount)
  expect(sum("notified")).toBe(amount)
  expect([...provider.values()].sort()).toEqual(moved.toSorted())
}

const faults: FaultOptions = { rates: { before: 0.05, after: 0.05, late: 0.05, conflict: 0.05 }, slow: 0.1 }

describe("a simulation", () => {
  it("does all there is to do, in simulated time", async () => {
    const { end, ...played } = await play(1)
    expectSound({ end, ...played })
    // The last work is to remove the receipts, which are kept for a week.
    const days = (end - Date.parse("2026-01-01T00:00Z")) / 86_400_000
    expect(Math.floor(days)).toBe(7)
    expect((await play(1, { start: 0, horizon: 3_600_000 })).end).toBeLessThan(86_400_000)
  })

  it("gives the same log for the same seed, byte for byte, and another one for another", async () => {
    for (const options of [{}, { faults }, { faults, clients: 2 }]) {
      const [one, again, other] = await Promise.all([play(42, options), play(42, options), play(43, options)])
      expect(one.log).toBe(again.log)
      expect(one.log).not.toBe(other.log)
    }
  })

  it.each([1, 2])("ends soundly by any seed, with anything going wrong, for %i clients", async (clients) => {
    const property = fc.asyncProperty(fc.nat(), async (seed) => expectSound(await play(seed, { faults, clients })))
    await fc.assert(property, { numRuns: 25 })
  })

  it.each(["before", "after", "late", "conflict"] satisfies ReadonlyArray<Fault>)(
    "ends soundly when any one call fails: %s",
    async (fault) => {
      const { calls } = await play(7)
      for (let call = 0; call < calls; call++) expectSound(await play(7, { faults: { at: { [call]: fault } } }))
    }
  )

  it("rejects with what its script rejects with, and leaves the next one alone", async () => {
    const stuck = { drain: async () => {}, close: async () => {} }
    await expect(
      simulate(
        1,
        () => stuck,
        async () => {
          throw new RangeError("the script's own")
        }
      )
    ).rejects.toThrow(new RangeError("the script's own"))
    expect(
      (
        await simulate(
          1,
          () => stuck,
          async () => {}
        )
      ).log
    ).toBe("")
  })
})
