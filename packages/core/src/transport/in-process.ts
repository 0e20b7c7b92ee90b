import { freeze } from "../encoding/ids.ts"
import { Closed, EventTooLarge } from "../errors.ts"
import { systemPlatform, type Clock } from "../ports/platform.ts"
import type { Carried, Subscription, TransportDriver } from "../ports/transport.ts"
import { Group, type Member } from "./group.ts"

export interface InProcessOptions {
  /** For the time between tries: that of `createOmni`, when it is not the system's. */
  readonly clock?: Clock
  /** How many of the newest events are kept for groups that are yet to come, and begin at the start: 10,000 unless told. */
  readonly retain?: number
}

/** A transport inside one process, which other clients may share. */
export interface InProcessTransport extends TransportDriver {
  /** Another client of the same events and groups, as another process would have. It is closed by itself. */
  shared(): InProcessTransport
}

const BYTES = 2 ** 26

/**
 * Carries events between the apps of one process; they are gone with it. For tests, and apps that are several in one process, and
 * the oracle that every other transport is checked against. What a group has not handled is kept until it has.
 */
export const inProcess = ({ clock = systemPlatform().clock, retain = 10_000 }: InProcessOptions = {}): InProcessTransport =>
  clientOf(new Exchange(clock, retain))

/** What the clients of one transport share. */
class Exchange {
  readonly last = new Map<string, Carried>()
  readonly #groups = new Map<string, Group>()
  readonly #kept: Array<Carried> = []

  readonly #clock: Clock
  readonly #retain: number

  constructor(clock: Clock, retain: number) {
    this.#clock = clock
    this.#retain = retain
  }

  append(event: Carried): void {
    if (event.sequence <= (this.last.get(event.tenant)?.sequence ?? "")) return
    const kept = freeze(JSON.parse(sized(event)) as Carried)
    this.last.set(event.tenant, kept)
    this.#kept.push(kept)
    if (this.#kept.length >= 2 * this.#retain) this.#kept.splice(0, this.#kept.length - this.#retain)
    for (const group of this.#groups.values()) group.offer(kept)
  }

  group(name: string, { types, from = "start" }: Pick<Parameters<TransportDriver["subscribe"]>[2], "types" | "from">): Group {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const group = new Group(this.#clock, types)
    this.#groups.set(name, group)
    if (from === "start") for (const event of this.#kept) group.offer(event)
    return group
  }
}

const sized = (event: Carried): string => {
  const text = JSON.stringify(event)
  // No character of UTF-16 takes more than three bytes.
  if (text.length * 3 <= BYTES) return text
  const bytes = new TextEncoder().encode(text).length
  if (bytes <= BYTES) return text
  throw new EventTooLarge({
    id: event.id,
    bytes,
    limit: BYTES,
    message: `The event "${event.id}" (${event.type}) has ${bytes} bytes; this transport carries ${BYTES}.`
  })
}

const clientOf = (exchange: Exchange): InProcessTransport => {
  const joined = new Map<Member, Group>()
  let isClosed = false
  const assertOpen = () => {
    if (isClosed) throw new Closed({ message: "The transport was closed." })
  }
  return {
    specVersion: 1,
    capabilities: { limits: { bytes: BYTES }, durability: "memory" },
    async publish(events) {
      assertOpen()
      for (const event of events) exchange.append(event)
    },
    async last(tenant) {
      assertOpen()
      return exchange.last.get(tenant)
    },
    async subscribe(name, handler, options): Promise<Subscription> {
      assertOpen()
      const group = exchange.group(name, options)
      const member = group.join(handler, options)
      joined.set(member, group)
      return {
        idle: () => group.idle(member),
        async [Symbol.asyncDispose]() {
          joined.delete(member)
          await group.leave(member)
        }
      }
    },
    async close() {
      isClosed = true
      await Promise.all([...joined].map(([member, group]) => group.leave(member)))
    },
    shared: () => clientOf(exchange)
  }
}
