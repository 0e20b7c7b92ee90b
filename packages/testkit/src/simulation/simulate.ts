import type { Platform, StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"

import { faulty, type FaultyDriver } from "../faults/faulty.ts"
import type { FaultOptions } from "../faults/plan.ts"
import { random, type Random } from "../random.ts"
import { withOrderedCrypto } from "./crypto.ts"
import { nextWork, recording } from "./journal.ts"
import { type SimulatedPlatform, simulatedPlatform } from "./platform.ts"

/** What an app is built from: `createOmni({ ...world, modules })`. */
export interface World extends Platform {
  readonly store: StoreDriver
}

/** What a simulation needs of a client. */
export interface Drained {
  drain(): Promise<void>
  close(): Promise<void>
}

export interface Simulated {
  readonly platform: SimulatedPlatform
  /** For the script's own choices. */
  readonly random: Random
  /** The store as the app sees it: what was called, and what failed. */
  readonly store: FaultyDriver
  /** Lets so much time pass, and does the work that falls due on the way at its instant. */
  pass(milliseconds: number): Promise<void>
  /** Lets time pass until nothing is left to do, or for `horizon` at most. */
  quiet(horizon?: number): Promise<void>
}

export interface SimulationOptions {
  /** Epoch milliseconds; 2026-01-01T00:00:00Z unless told. */
  readonly start?: number
  /** What goes wrong on the way to the store, by the simulation's seed. */
  readonly faults?: Omit<FaultOptions, "seed" | "clock">
  /** How long, in simulated milliseconds, the work that is left after the script may take; 30 days unless told. */
  readonly horizon?: number
}

export interface Replay {
  /** Every commit that landed, in order: a line of JSON each, with its scope, position, rows and events. */
  readonly log: string
  /** When the last work was done, epoch milliseconds. */
  readonly end: number
}

const MONTH = 30 * 24 * 3_600_000

/**
 * Plays a whole composition on a memory store in simulated time: the script, then timers, reactors and outbox until nothing is left.
 * The same seed gives the same log, byte for byte; what an app draws from elsewhere (its own clock, randomness, network) breaks that.
 * Simulations that are begun together run one after the other.
 */
export const simulate = <O extends Drained>(
  seed: number,
  app: (world: World) => O,
  script: (omni: O, simulated: Simulated) => Promise<void>,
  options: SimulationOptions = {}
): Promise<Replay> => {
  const replay = playing.then(() => play(seed, app, script, options))
  playing = replay.catch(() => undefined)
  return replay
}

let playing: Promise<unknown> = Promise.resolve()

const play = async <O extends Drained>(
  seed: number,
  app: (world: World) => O,
  script: (omni: O, simulated: Simulated) => Promise<void>,
  { start, faults = {}, horizon = MONTH }: SimulationOptions
): Promise<Replay> => {
  const platform = simulatedPlatform(seed, start)
  const kept = memory()
  const { driver, lines } = recording(kept.shared())
  const store = faulty(driver, { ...faults, seed, clock: platform.clock })
  const omni = app({ store, clock: platform.clock, entropy: platform.entropy, yield: platform.yield })

  /** Does what falls due until `end`; answers whether anything is left after it. */
  const work = async (end: number): Promise<boolean> => {
    for (;;) {
      await retried(() => omni.drain())
      const next = await nextWork(kept, platform.clock.now())
      if (next > end) return next < Infinity
      await platform.clock.sleep(next - platform.clock.now())
    }
  }
  /** The store may fail a drain, as it may fail any call; what is due stays due. */
  const retried = async (drain: () => Promise<void>): Promise<void> => {
    for (let tries = 0; ; tries++) {
      try {
        return await drain()
      } catch (error) {
        if (store.injected.length === 0 || tries === 100) throw error
        await platform.clock.sleep(100)
      }
    }
  }
  const simulated: Simulated = {
    platform,
    random: random(seed + 2),
    store,
    async pass(milliseconds) {
      const end = platform.clock.now() + milliseconds
      await work(end)
      await platform.clock.sleep(end - platform.clock.now())
    },
    async quiet(longest = horizon) {
      await work(platform.clock.now() + longest)
    }
  }
  await withOrderedCrypto(platform, () =>
    platform.run(async () => {
      await script(omni, simulated)
      await simulated.quiet()
      await store.settled()
      await simulated.quiet()
      await omni.close()
    })
  )
  return { log: lines.join(""), end: platform.clock.now() }
}
