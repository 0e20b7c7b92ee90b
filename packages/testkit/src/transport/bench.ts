import type { Carried, EventDelivery, EventHandler, Position, SubscribeOptions, Subscription, TransportDriver } from "@omni/core"

import { eventually, LawBroken, same, show } from "../assert.ts"
import { fresh } from "../laws/bench.ts"

/** An empty transport under test, and the ways to come back to what it holds. */
export interface TransportUnderTest {
  readonly driver: TransportDriver
  /** Another client of the same transport, as another process would have; closed by the law. */
  readonly second?: () => Promise<TransportDriver>
  /** Lets as much time pass as it takes to forget whatever is remembered for a while only, such as a window of duplicates. */
  readonly forget?: () => Promise<void>
  /** Removes what `make` made; every client is closed by then. */
  readonly dispose?: () => Promise<void>
}

/** What a law is given. */
export interface TransportBench {
  readonly driver: TransportDriver
  /** Another client if there is one, else the same. */
  readonly other: TransportDriver
  /** A further client, with nothing remembered. */
  another(): Promise<TransportDriver>
  readonly forget: () => Promise<void>
  /** The log of a tenant that nobody has used. */
  log(): Log
  /** Joins a group of any name, with what the law does not care about filled in. */
  join(driver: TransportDriver, group: string, handler: EventHandler, options?: Partial<SubscribeOptions>): Promise<Subscription>
  /** Parameters for fast-check: `runs` times the scale, with the seed. */
  runs(runs: number): { readonly numRuns: number; readonly seed?: number }
  /** A size times the scale. */
  scaled(size: number): number
  /** Rejects when what must come soon does not. */
  soon(check: () => void): Promise<void>
  /** What holds handlers up until it is opened, at the latest when the law has ended. */
  door(): Door
  /** How long what must come soon may take, ms. */
  readonly patience: number
}

export interface Door {
  readonly opened: Promise<void>
  open(): void
}

export interface TransportLaw {
  readonly name: string
  readonly run: (bench: TransportBench) => Promise<void>
}

export const law = (name: string, run: TransportLaw["run"]): TransportLaw => ({ name, run })

/** Makes the events of one tenant, in the order of its log. */
export interface Log {
  readonly tenant: string
  readonly made: ReadonlyArray<Carried>
  next(subject: string, data?: unknown, type?: string): Carried
  /** So many events, by turns of so many subjects. */
  some(count: number, subjects?: number): ReadonlyArray<Carried>
}

export const logOf = (tenant: string): Log => {
  const made: Array<Carried> = []
  const next = (subject: string, data: unknown = made.length, type = "law.Happened"): Carried => {
    const event = {
      specversion: "1.0" as const,
      id: fresh("evt"),
      source: "omni/laws",
      type,
      subject,
      time: new Date(1_767_225_600_000 + made.length).toISOString(),
      actorkind: "system",
      tenant,
      // An order-preserving text, as stores give.
      sequence: String(made.length + 1).padStart(16, "0") as Position,
      data
    }
    made.push(event)
    return event
  }
  return {
    tenant,
    made,
    next,
    some: (count, subjects = 1) => Array.from({ length: count }, (_, i) => next(`subject ${i % subjects}`))
  }
}

/** Takes what comes, and knows what it took: an event that came again counts once. */
export interface Taken {
  readonly handler: EventHandler
  readonly deliveries: ReadonlyArray<EventDelivery>
  /** Each event once, in the order in which it came first. */
  events(): ReadonlyArray<Carried>
}

export const taking = (work: EventHandler = async () => undefined): Taken => {
  const deliveries: Array<EventDelivery> = []
  return {
    deliveries,
    handler: async (delivery) => {
      deliveries.push(delivery)
      await work(delivery)
    },
    events: () => [...new Map(deliveries.map(({ event }) => [event.id, event])).values()]
  }
}

/** The events of each subject are those of the log, in its order. */
export const sameOrder = (taken: ReadonlyArray<Carried>, log: ReadonlyArray<Carried>, what: string): void => {
  same(taken.length, log.length, `how many of ${what}`)
  const bySubject = Map.groupBy(taken, ({ subject }) => subject)
  for (const [subject, events] of Map.groupBy(log, (event) => event.subject))
    same(
      (bySubject.get(subject) ?? []).map(({ id }) => id),
      events.map(({ id }) => id),
      `${what}: subject ${show(subject)}`
    )
}

export const benchFor = (
  transport: TransportUnderTest,
  other: TransportDriver,
  open: Set<TransportDriver>,
  doors: Set<Door>,
  { scale, seed, patience }: { readonly scale: number; readonly seed: number | undefined; readonly patience: number }
): TransportBench => ({
  driver: transport.driver,
  other,
  patience,
  async another() {
    const client = await transport.second?.()
    if (client === undefined) return transport.driver
    open.add(client)
    return client
  },
  forget: async () => transport.forget?.(),
  door() {
    let unlock: () => void = () => undefined
    const opened = new Promise<void>((resolve) => (unlock = resolve))
    const door = { opened, open: () => unlock() }
    doors.add(door)
    return door
  },
  log: () => logOf(fresh("tenant")),
  join: (driver, group, handler, options = {}) => driver.subscribe(group, handler, { dead: neverDead, backoff: () => 20, ...options }),
  runs: (runs) => ({ numRuns: Math.max(1, Math.round(runs * scale)), ...(seed === undefined ? {} : { seed }) }),
  scaled: (size) => Math.max(2, Math.round(size * scale)),
  soon: (check) => eventually(patience, async () => check())
})

const neverDead = async (delivery: EventDelivery, error: unknown): Promise<void> => {
  throw new LawBroken(`an event was given up, after ${delivery.attempt} attempts: ${String(error)}`)
}
