import { random, simulatedPlatform } from "@omni/testkit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

describe("random", () => {
  it("is sfc32", () => {
    // Seeded as PractRand does: (seed low, seed high, a constant, counter 1), fifteen rounds thrown away.
    const reference = (seed: number, count: number): ReadonlyArray<number> => {
      let state = { a: BigInt(seed >>> 0), b: 0n, c: 0x9e3779b9n, counter: 1n }
      const m = 0xffffffffn
      return Array.from({ length: 15 + count }, () => {
        const { a, b, c, counter } = state
        const out = (a + b + counter) & m
        state = { a: b ^ (b >> 9n), b: (c + (c << 3n)) & m, c: ((((c << 21n) | (c >> 11n)) & m) + out) & m, counter: counter + 1n }
        return Number(out)
      }).slice(15)
    }
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const stream = random(seed)
        expect(Array.from({ length: 20 }, () => stream.next())).toEqual(reference(seed, 20))
      })
    )
  })
})

describe("simulated time", () => {
  it("moves only when told, and wakes sleepers in due order, one after the other", async () => {
    const { clock, advance } = unbound(simulatedPlatform(1, 1000))
    const log: Array<string> = []
    const sleeper = async (name: string, first: number, then: number) => {
      await clock.sleep(first)
      log.push(`${name} ${clock.now()}`)
      await clock.sleep(then)
      log.push(`${name} ${clock.now()}`)
    }
    const all = Promise.all([sleeper("a", 30, 10), sleeper("b", 10, 20), sleeper("c", 30, 0.5)])
    await advance(0)
    expect([clock.now(), log]).toEqual([1000, []])
    await advance(29)
    expect([clock.now(), log]).toEqual([1029, ["b 1010"]])
    await advance(100)
    expect(log).toEqual(["b 1010", "a 1030", "c 1030", "b 1030", "c 1031", "a 1040"])
    expect(clock.now()).toBe(1129)
    await all
  })

  it("is told in whole milliseconds, as the system's is, and nobody wakes before their time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0.001, max: 50, noNaN: true }), { minLength: 1, maxLength: 20 }), async (naps) => {
        const platform = simulatedPlatform(1, 1000)
        for (const nap of naps) {
          const before = platform.clock.now()
          await platform.run(() => platform.clock.sleep(nap))
          expect(platform.clock.now()).toBe(before + Math.ceil(nap))
        }
      })
    )
  })

  it("ends a sleep that is aborted without moving", async () => {
    const { clock, advance } = unbound(simulatedPlatform(1, 0))
    const stop = new AbortController()
    const asleep = clock.sleep(1e12, stop.signal)
    stop.abort()
    await asleep
    await clock.sleep(1e12, stop.signal)
    await advance(5)
    expect(clock.now()).toBe(5)
  })

  it("passes by itself in `run`, only while everything sleeps", async () => {
    const platform = simulatedPlatform(1, 0)
    const woken: Array<number> = []
    await platform.run(async () => {
      const busy = (async () => {
        for (let i = 0; i < 50; i++) await platform.yield()
        woken.push(platform.clock.now())
      })()
      await platform.clock.sleep(86_400_000)
      woken.push(platform.clock.now())
      await platform.outside(() => new Promise((resolve) => setTimeout(resolve, 20)))
      woken.push(platform.clock.now())
      await busy
    })
    expect(woken).toEqual([0, 86_400_000, 86_400_000])
  })

  it("rejects with what the work rejects with", async () => {
    const platform = simulatedPlatform(1)
    const failing = platform.run(async () => {
      await platform.clock.sleep(10)
      throw new RangeError("on purpose")
    })
    await expect(failing).rejects.toThrow(new RangeError("on purpose"))
  })

  it("gives turns in an order that the seed decides, and each its own", async () => {
    const order = async (seed: number): Promise<string> => {
      const platform = simulatedPlatform(seed)
      const log: Array<string> = []
      const worker = async (name: string) => {
        for (let i = 0; i < 4; i++) {
          await platform.yield()
          log.push(name)
        }
      }
      await platform.run(() => Promise.all(["a", "b", "c"].map(worker)))
      return log.join("")
    }
    const seeds = Array.from({ length: 10 }, (_, seed) => seed)
    const orders = await Promise.all(seeds.map(order))
    expect(await Promise.all(seeds.map(order))).toEqual(orders)
    expect(new Set(orders).size).toBeGreaterThan(5)
    for (const taken of orders) expect([...taken].sort().join("")).toBe("aaaabbbbcccc")
  })

  it("has entropy of its own, by the seed", () => {
    const [one, again, other] = [simulatedPlatform(7), simulatedPlatform(7), simulatedPlatform(8)].map(({ entropy }) => entropy(64))
    expect(one).toEqual(again)
    expect(one).not.toEqual(other)
    expect(new Set(one).size).toBeGreaterThan(30)
  })
})

const unbound = (platform: ReturnType<typeof simulatedPlatform>) => ({
  clock: platform.clock,
  advance: (milliseconds: number) => platform.advance(milliseconds)
})
