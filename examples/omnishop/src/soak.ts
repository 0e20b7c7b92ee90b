import { setTimeout as wait } from "node:timers/promises"

import { type FaultOptions, faulty, random } from "@omni/testkit"

import { openShop } from "./app.ts"
import { type StoryClock, storyClock } from "./clock.ts"
import { report, runStory } from "./demo.ts"
import { driversTo } from "./drivers.ts"
import type { Home } from "./home.ts"
import { startMailServer } from "./mail-server.ts"
import { noPaint } from "./report/paint.ts"
import { EVE } from "./story/moments.ts"
import { tell, type Told } from "./story/tell.ts"

/** Of a hundred calls to the store, about fourteen fail, each in one of the four ways in which a network can fail. */
const RATES: NonNullable<FaultOptions["rates"]> = { before: 0.04, after: 0.04, late: 0.02, conflict: 0.04 }

/** A story that broke off is told again, as a user who gets an error would try again. */
const TELLINGS = 20

/** What went wrong around one story, by seed. */
export interface Soaked {
  readonly lines: ReadonlyArray<string>
  /** Calls to the store that met a fault. */
  readonly faults: number
  /** How often the story was begun. */
  readonly tellings: number
  /** How often the server was killed. */
  readonly kills: number
}

/** A server that may be killed at any moment, and comes back. */
export interface Mortal {
  kill(): Promise<void>
  start(): Promise<void>
}

/**
 * Tells the story over a store that fails by seed, and over a server that is killed meanwhile if one is given. Who gets an error closes
 * the shop, opens it anew and tells again. What is in the store in the end is then read without faults. `doing` hears what is waited for.
 */
export const soak = async (home: Home, seed: number, server?: Mortal, doing: (what: string) => void = () => {}): Promise<Soaked> => {
  doing("forgetting")
  await home.forget()
  const clock = onwards(storyClock(EVE))
  const dice = random(seed)
  let faults = 0
  let kills = 0
  let told: Told | undefined
  let tellings = 0
  const errors: Array<unknown> = []
  await using mail = await startMailServer()
  while (told === undefined) {
    if (++tellings > TELLINGS) throw new AggregateError(errors, `Seed ${seed}: the story was not told in ${TELLINGS} tries.`)
    const store = faulty(home.open(), { seed: seed * TELLINGS + tellings, rates: RATES, slow: 0.05, slowness: 20 })
    const omni = openShop({ store, clock, drivers: driversTo(mail.port) })
    const over = new AbortController()
    const killer = server === undefined ? Promise.resolve(0) : killing(server, dice.below, over.signal)
    doing("telling")
    told = await tell(omni, clock).catch((error: unknown) => void errors.push(error))
    over.abort()
    doing("starting the server")
    kills += await killer
    doing("waiting for late commits")
    await store.settled()
    doing("closing")
    await omni.close()
    faults += store.injected.length
  }
  doing("reporting")
  return { lines: withoutChance(await report(home, told, noPaint)), faults, tellings, kills }
}

/** The story without any fault: what every soak has to come to. */
export const calm = async (home: Home): Promise<ReadonlyArray<string>> => {
  await home.forget()
  return withoutChance(await report(home, await runStory(home), noPaint))
}

/** A story that is told again begins where the first telling has come to: time does not go back. */
const onwards = (clock: StoryClock): StoryClock => ({ ...clock, set: (instant) => clock.set(Math.max(instant, clock.now())) })

/** Kills the server at some moment of each second or so, until it is over. */
const killing = async (server: Mortal, below: (most: number) => number, over: AbortSignal): Promise<number> => {
  let kills = 0
  while (!over.aborted) {
    await wait(100 + below(1500), undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) return kills
    await server.kill()
    kills++
    await wait(below(200))
    await server.start()
  }
  return kills
}

/** What is drawn anew in each telling: codes, ends of ids, widths that follow from them. */
export const withoutChance = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) =>
    line
      .replace(/\b([0-9A-Z]{10}|[0-9A-Z]{6})\b/g, "CODE")
      .replace(/nps_\w+/g, "nps")
      .replace(/…\w{5}\b/g, "…id")
      .replace(/ +/g, " ")
  )
