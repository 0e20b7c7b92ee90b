import type { Clock } from "../ports/platform.ts"
import type { Carried, EventDelivery, EventHandler, SubscribeOptions } from "../ports/transport.ts"
import { backoff } from "../work/dead.ts"

/** How many events one member handles at once. */
const WIDTH = 16
const TRIES = 8

export interface Member {
  readonly handler: EventHandler
  readonly options: SubscribeOptions
  readonly leaving: AbortController
  readonly handling: Set<Promise<void>>
}

/** The events of one subject that are still to be handled, in order; the first may be being handled, or be waiting for its next try. */
interface Lane {
  readonly name: string
  readonly events: Array<Carried>
  attempts: number
}

/** What a group has not handled yet, and who may. It goes on without members: what they leave is there for the next. */
export class Group {
  readonly #members: Array<Member> = []
  readonly #lanes = new Map<string, Lane>()
  /** Lanes whose first event can be handled now. */
  readonly #ready: Array<Lane> = []
  #wakes: Array<() => void> = []

  readonly #clock: Clock
  readonly #types: ReadonlySet<string> | undefined

  constructor(clock: Clock, types: ReadonlyArray<string> | undefined) {
    this.#clock = clock
    this.#types = types === undefined ? undefined : new Set(types)
  }

  offer(event: Carried): void {
    if (this.#types?.has(event.type) === false) return
    const name = JSON.stringify([event.tenant, event.subject])
    const lane = this.#lanes.get(name)
    if (lane !== undefined) {
      lane.events.push(event)
      return
    }
    const fresh: Lane = { name, events: [event], attempts: 0 }
    this.#lanes.set(name, fresh)
    this.#ready.push(fresh)
    this.#share()
  }

  join(handler: EventHandler, options: SubscribeOptions): Member {
    const member: Member = { handler, options, leaving: new AbortController(), handling: new Set() }
    this.#members.push(member)
    this.#share()
    return member
  }

  async leave(member: Member): Promise<void> {
    const at = this.#members.indexOf(member)
    if (at >= 0) this.#members.splice(at, 1)
    member.leaving.abort()
    await Promise.all(member.handling)
  }

  /** Until the member has nothing left to do now. */
  async idle(member: Member): Promise<void> {
    while (member.handling.size > 0 || (this.#ready.length > 0 && this.#members.includes(member)))
      await new Promise<void>((resolve) => this.#wakes.push(resolve))
  }

  /** Gives what is ready to those who are least busy. */
  #share(): void {
    while (this.#ready.length > 0) {
      const [first] = this.#members.toSorted((a, b) => a.handling.size - b.handling.size)
      if (first === undefined || first.handling.size >= WIDTH) return
      const lane = this.#ready.shift()!
      const done: Promise<void> = this.#handle(lane, first).then(() => {
        first.handling.delete(done)
        this.#share()
        for (const wake of this.#wakes.splice(0)) wake()
      })
      first.handling.add(done)
    }
  }

  async #handle(lane: Lane, { handler, options, leaving }: Member): Promise<void> {
    const delivery: EventDelivery = { event: lane.events[0]!, attempt: ++lane.attempts, signal: leaving.signal }
    try {
      await handler(delivery)
    } catch (error) {
      if (!(await isGivenUp(delivery, options, error))) return this.#wait(lane, (options.backoff ?? evenly)(lane.attempts))
    }
    lane.events.shift()
    lane.attempts = 0
    if (lane.events.length > 0) this.#ready.push(lane)
    else this.#lanes.delete(lane.name)
  }

  #wait(lane: Lane, milliseconds: number): void {
    void this.#clock.sleep(milliseconds).then(() => {
      this.#ready.push(lane)
      this.#share()
    })
  }
}

const evenly = (attempts: number): number => backoff(attempts, 0)

const isGivenUp = async (delivery: EventDelivery, { tries = TRIES, dead }: SubscribeOptions, error: unknown): Promise<boolean> => {
  if (delivery.attempt < tries) return false
  try {
    await dead(delivery, error)
    return true
  } catch {
    return false
  }
}
