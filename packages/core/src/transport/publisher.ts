import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import { openEvents } from "../encoding/log.ts"
import { FeedDiverged, PositionExpired } from "../errors.ts"
import type { EventType } from "../kernel/event.ts"
import { START, type EventPage, type Position } from "../ports/store.ts"
import type { Carried, TransportDriver } from "../ports/transport.ts"
import { Loop, type Pass, type Worker } from "../work/loop.ts"
import { type Look, News } from "../work/news.ts"
import { Feeds } from "../work/system.ts"
import { carried } from "./carried.ts"

/** Which events leave the store, and to where. */
export interface Feed {
  /** A durable name: how far each tenant's log has been published is kept by it. */
  readonly name: string
  /** Carries one feed of a log: what stands before its last event is left out, so a second feed would lose what the first has passed. */
  readonly to: TransportDriver
  readonly events: ReadonlyArray<EventType>
  /** Those of them whose personal data leaves in clear, for a transport that only trusted services read. Sealed, else. */
  readonly open?: ReadonlyArray<EventType>
  /** Where a new feed begins: with all there is, unless told, or with what comes. */
  readonly from?: "start" | "now"
  /**
   * How long a process that does not answer keeps the feed to itself (ms); 15,000 unless told. It saves others the work; what keeps
   * events from being doubled is the transport.
   */
  readonly lease?: number
}

/** Events that are published between two moves of the cursor. */
const PAGE = 512
const LEASE = 15_000

interface Hold {
  readonly feed: string
  readonly holder: string
  readonly now: number
  readonly until: number
  /** Where a feed that is new begins. */
  readonly begin: Position
}

/** Where a feed stands: at an event that was published, the first of its own after `before`. */
interface Stand {
  readonly position: Position
  readonly before?: Position
}

/** Takes a feed unless somebody else has it: where it stands then. */
const take = kernelOperation<Hold, Stand | undefined>("omni.take-feed", function* (tx, { feed, holder, now, until, begin }) {
  const row = tx.get(Feeds, feed)
  if (row !== undefined && row.holder !== holder && row.until > now) return undefined
  tx.put(Feeds, feed, { ...(row ?? { position: begin }), holder, until })
  return standOf(row, begin)
})

/** Moves a feed past what was published, and keeps it. One that somebody else has meanwhile is that one's to move. */
const move = kernelOperation<Omit<Hold, "begin" | "now"> & Required<Stand>>("omni.move-feed", function* (tx, { feed, ...row }) {
  if (tx.get(Feeds, feed)?.holder === row.holder) tx.put(Feeds, feed, row)
})

/** Leaves a feed to whoever comes next. */
const release = kernelOperation<Pick<Hold, "feed" | "holder">>("omni.release-feed", function* (tx, { feed, holder }) {
  const row = tx.get(Feeds, feed)
  if (row?.holder === holder) tx.put(Feeds, feed, { ...row, until: 0 })
})

/** Follows the log of every scope, and publishes it to the app's feeds in its order. */
export class Publisher implements Worker {
  readonly #self: string
  /** Up to where a log has been looked through without finding anything to publish, when its feed stood there. */
  readonly #seen = new Map<string, { readonly upto: Position; readonly stood: Position }>()
  /** The last events that this process has published: one that is not in the log is that of a store that has lost its last commits. */
  readonly #published = new Map<string, Published>()
  /** What is to be released when this process stops. */
  readonly #held = new Map<string, { readonly scope: Scope; readonly feed: string }>()
  readonly #news: News
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #feeds: ReadonlyArray<Feed>

  constructor(engine: Engine, feeds: ReadonlyArray<Feed>, report: (error: unknown) => void) {
    const { clock, entropy } = engine.options.platform
    assertApart(feeds)
    this.#engine = engine
    this.#feeds = feeds
    for (const { name, events, from = "start" } of feeds) engine.feeds.set(name, { on: events.map((type) => type.name), from })
    this.#self = Array.from(entropy(12), (byte) => byte.toString(16).padStart(2, "0")).join("")
    this.#news = new News(engine, report)
    this.#loop = new Loop(clock, () => this.#news.pass((scope) => this.#publish(scope)), report)
  }

  start(): void {
    this.#news.ask()
    if (this.#feeds.length > 0) this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
    await this.#release()
  }

  wake(scope: string): void {
    this.#news.tell(scope)
    this.#loop.wake()
  }

  async drain(): Promise<Omit<Pass, "next">> {
    if (this.#feeds.length === 0) return { progress: false, failures: [] }
    const pass = await this.#news.drain((scope) => this.#publish(scope))
    if (!pass.progress && !this.#loop.isRunning) await this.#release()
    return pass
  }

  /** What can not be released, because the store is away, is free when its time is over. */
  async #release(): Promise<void> {
    const held = [...this.#held.values()]
    this.#held.clear()
    await Promise.allSettled(held.map(({ scope, feed }) => this.#engine.internal(scope, release, { feed, holder: this.#self })))
  }

  /** What keeps one feed from being published holds up no other. */
  async #publish(scope: Scope): Promise<Look> {
    const { position } = await scope.store.read([])
    const steps = await Promise.allSettled(this.#feeds.map((feed) => this.#step(feed, scope)))
    const done = steps.flatMap((step) => (step.status === "fulfilled" ? [step.value] : []))
    return {
      position,
      progress: done.some(({ progress }) => progress),
      next: Math.min(Infinity, ...done.map(({ next }) => next)),
      failures: steps.flatMap((step) => (step.status === "rejected" ? [step.reason as unknown] : []))
    }
  }

  /** Publishes the next events of a scope. When others have the feed, `next` is when they are late. */
  async #step(feed: Feed, scope: Scope): Promise<Omit<Pass, "failures">> {
    const place = `${scope.id}\n${feed.name}`
    const { rows, position: end } = await scope.store.read([{ collection: Feeds.name, id: feed.name }])
    const row = rows[0] === undefined ? undefined : (JSON.parse(rows[0].value) as Stand & { holder: string; until: number })
    const { now } = this.#engine
    const isHeld = row !== undefined && row.until > now
    if (isHeld && row.holder !== this.#self) return { progress: false, next: row.until }
    const begin = feed.from === "now" ? end : START
    const { position: stood } = standOf(row, begin)
    const seen = this.#seen.get(place)
    const from = seen === undefined || stood < seen.stood ? stood : later(stood, seen.upto)
    const { events, upto } = eventsOf(feed, await this.#read(feed, scope, from))
    if (events.length === 0) {
      this.#seen.set(place, { upto, stood })
      if (row === undefined) await this.#engine.internal(scope, take, { ...this.#hold(feed), now, begin })
      return { progress: false, next: Infinity }
    }
    this.#held.set(place, { scope, feed: feed.name })
    const last = this.#published.get(place)
    const isOurs = isHeld && (last === undefined || (last.position === stood && (await isThere(scope.store, last, typesOf(feed)))))
    if (!isOurs) {
      const stands = await this.#engine.internal(scope, take, { ...this.#hold(feed), now, begin })
      if (stands === undefined) return { progress: true, next: Infinity }
      await assertOurs(feed, scope, stands)
    }
    await feed.to.publish(await this.#carry(feed, scope, events))
    const { position, body } = events.at(-1)!
    const stand = { position, before: events.at(-2)?.position ?? from }
    await this.#engine.internal(scope, move, { ...this.#hold(feed), ...stand })
    this.#published.set(place, { ...stand, id: idOf(body) })
    return { progress: true, next: Infinity }
  }

  #hold({ name, lease = LEASE }: Feed): Pick<Hold, "feed" | "holder" | "until"> {
    return { feed: name, holder: this.#self, until: this.#engine.now + lease }
  }

  #read(feed: Feed, { store }: Scope, from: Position): Promise<EventPage> {
    return store.events(from, PAGE, typesOf(feed))
  }

  async #carry({ open = [] }: Feed, scope: Scope, events: Events): Promise<ReadonlyArray<Carried>> {
    const leaving = events.map((event) => carried(event, scope.id))
    if (!leaving.some(({ type }) => open.some(({ name }) => name === type))) return leaving
    const opened = await openEvents(events, scope.vault)
    return leaving.map((event, i) => (open.some(({ name }) => name === event.type) ? { ...event, data: opened[i]!.data } : event))
  }
}

/** Two feeds that share a cursor, or a transport, would lose events without a word. */
const assertApart = (feeds: ReadonlyArray<Feed>): void => {
  for (const [i, { name, to }] of feeds.entries())
    for (const other of feeds.slice(0, i)) {
      if (other.name === name) throw new TypeError(`Two feeds are named "${name}": give each a name of its own.`)
      if (other.to === to)
        throw new TypeError(
          `The feeds "${other.name}" and "${name}" go to one transport, which carries one: make one feed of their events.`
        )
    }
}

type Events = (EventPage & { readonly _tag: "Events" })["events"]

const eventsOf = ({ name }: Feed, page: EventPage) => {
  if (page._tag === "Events") return page
  throw new PositionExpired({
    oldest: page.oldest,
    message: `The feed "${name}" stands before the oldest event that is kept: what was trimmed can not be published any more.`
  })
}

const standOf = (row: { readonly position: string; readonly before?: string | undefined } | undefined, begin: Position): Stand => ({
  position: (row?.position ?? begin) as Position,
  ...(row?.before !== undefined && { before: row.before as Position })
})

const typesOf = ({ events }: Feed): ReadonlyArray<string> => events.map(({ name }) => name)

const idOf = (body: string): string => (JSON.parse(body) as { readonly id: string }).id

/**
 * Whoever takes a feed does not know what the one before has published since it moved the cursor. The transport does, and leaves it
 * out; but it can only tell by positions, so the last event there has to be the one that stands there in this log. That is asked of
 * the event at the cursor too: who moves it may reach another server than the one whose event was published.
 */
const assertOurs = async (feed: Feed, { id: tenant, store }: Pick<Scope, "id" | "store">, { position, before }: Stand): Promise<void> => {
  const last = await feed.to.last(tenant)
  if (last === undefined || last.sequence < position) return
  const after = last.sequence === position ? before : position
  if (after === undefined || (await isThere(store, { before: after, position: last.sequence, id: last.id }))) return
  throw new FeedDiverged({
    feed: feed.name,
    message: `The feed "${feed.name}" goes to a transport that holds events of "${tenant}" which are not in this log, up to ${last.sequence}. Publish to another stream, or empty that one, and bring its readers back in step.`
  })
}

interface Published extends Required<Stand> {
  readonly id: string
}

/** Whether an event that was published is in the log, as far as that is kept: quickly, when it is the first of these types. */
const isThere = async (store: Scope["store"], { before, position, id }: Published, types?: ReadonlyArray<string>): Promise<boolean> => {
  for (let from = before; from < position;) {
    const page = await store.events(from, types === undefined ? PAGE : 1, types)
    if (page._tag === "PositionExpired") return true
    const found = page.events.find((event) => event.position === position)
    if (found !== undefined) return idOf(found.body) === id
    if (page.upto <= from) return false
    from = page.upto
  }
  return false
}

const later = (a: Position, b: Position): Position => (a > b ? a : b)
