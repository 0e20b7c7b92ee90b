import { cursorId, partitionOf, type Engine } from "../client/engine.ts"
import { LAST } from "../encoding/index-key.ts"
import { START, type Found, type Position, type ScopedStore } from "../ports/store.ts"
import type { Reactor } from "../work/reactor.ts"
import { Cursors, DeadLetters, Feeds } from "../work/system.ts"

/** Somebody who still needs the log from `position` on: a reactor, a feed, or the dead letter of an event that may be redriven. */
export interface LogReader {
  readonly kind: "reactor" | "feed" | "dead letter"
  /** The name of the reactor or feed, or the id of the letter. */
  readonly name: string
  readonly position: Position
}

/** An event that a reader has still to take. `subject` says which partition it is in. */
interface Ahead {
  readonly position: Position
  readonly subject: string
  readonly time: number
}

const PAGE = 1000

/** All rows of a collection in order of an index, as they are stored: what is personal is sealed. */
export async function* rowsIn(
  store: Pick<ScopedStore, "read" | "events">,
  collection: string,
  index = "",
  order: "asc" | "desc" = "asc"
): AsyncGenerator<Found, void> {
  for (let after: { readonly value: string; readonly id: string } | undefined; ;) {
    const query = { collection, index, from: "", to: LAST, order, limit: PAGE, after }
    const [page] = (await store.read([], [query])).pages
    yield* page!.items
    if (!page!.more) return
    after = page!.items.at(-1)
  }
}

/** How far each reactor's partitions have come, by the reactor's name. */
export const cursorsIn = async (
  store: Pick<ScopedStore, "read" | "events">
): Promise<ReadonlyMap<string, ReadonlyMap<string, Position>>> => {
  const reactors = new Map<string, Map<string, Position>>()
  for await (const { id, row } of rowsIn(store, Cursors.name)) {
    const name = id.slice(0, id.lastIndexOf("/"))
    const partitions = reactors.get(name) ?? new Map<string, Position>()
    reactors.set(name, partitions.set(id, (JSON.parse(row.value) as { readonly position: Position }).position))
  }
  return reactors
}

/** The reactors and feeds that have begun in a scope. A reactor is named once, where the last of its partitions stands. */
export const begunIn = async (
  store: Pick<ScopedStore, "read" | "events">,
  cursors: Awaited<ReturnType<typeof cursorsIn>>
): Promise<ReadonlyArray<LogReader>> => {
  const readers: Array<LogReader> = []
  for (const [name, partitions] of cursors) readers.push({ kind: "reactor", name, position: earliest(partitions.values()) })
  for await (const { id, row } of rowsIn(store, Feeds.name))
    readers.push({ kind: "feed", name: id, position: (JSON.parse(row.value) as { readonly position: Position }).position })
  return readers
}

/** Everybody who needs the log of a scope. */
export const readersOf = async (store: Pick<ScopedStore, "read" | "events">): Promise<ReadonlyArray<LogReader>> => {
  const readers = [...(await begunIn(store, await cursorsIn(store)))]
  for await (const { id, row } of rowsIn(store, DeadLetters.name)) {
    const { kind, after } = JSON.parse(row.value) as { readonly kind: string; readonly after?: Position }
    if (kind === "event" && after !== undefined) readers.push({ kind: "dead letter", name: id, position: after })
  }
  return readers
}

export const earliest = (positions: Iterable<Position>): Position => [...positions].reduce((a, b) => (a < b ? a : b))

/** What is in the log for a reader of these types, and how far it was looked through. `undefined`: it was trimmed past `after`. */
export async function* ahead(
  store: Pick<ScopedStore, "read" | "events">,
  after: Position,
  types: ReadonlyArray<string>
): AsyncGenerator<{ readonly events: ReadonlyArray<Ahead>; readonly upto: Position } | undefined, void> {
  for (let at = after; ;) {
    const page = await store.events(at, PAGE, types)
    if (page._tag === "PositionExpired") return yield undefined
    const events = page.events.map(({ position, body }) => {
      const { subject, time } = JSON.parse(body) as { readonly subject: string; readonly time: string }
      return { position, subject, time: Date.parse(time) }
    })
    if (page.upto === at && events.length === 0) return
    yield { events, upto: page.upto }
    if (page.upto === at) return
    at = page.upto
  }
}

/** The partitions of a reactor of this app, in order. */
export const partitionsOf = (reactor: Reactor, cursors: ReadonlyMap<string, Position> | undefined): ReadonlyArray<Position> =>
  Array.from({ length: reactor.partitions }, (_, i) => cursors?.get(cursorId(reactor.name, i)) ?? START)

/** Whether an event is still ahead of the partition that takes it. */
export const isAhead = (partitions: ReadonlyArray<Position>, { position, subject }: Ahead): boolean =>
  position > partitions[partitionOf(subject, partitions.length)]!

/** What an app says of a reader: its types, and where it begins. `undefined` for one that the app does not have. */
export const declared = (engine: Engine | undefined, { kind, name }: Pick<LogReader, "kind" | "name">) =>
  kind === "reactor" ? engine?.reactors.get(name) : kind === "feed" ? engine?.feeds.get(name) : undefined

/** The reactors and feeds of an app that have never run, and are to begin with all there is. */
export const unbegun = (engine: Engine | undefined, begun: ReadonlyArray<LogReader>): ReadonlyArray<LogReader> => {
  const names = (kind: LogReader["kind"], of: Iterable<string> = []): ReadonlyArray<LogReader> =>
    [...of].map((name) => ({ kind, name, position: START }))
  return [...names("reactor", engine?.reactors.keys()), ...names("feed", engine?.feeds.keys())].filter(
    (reader) => declared(engine, reader)?.from === "start" && !begun.some(({ kind, name }) => kind === reader.kind && name === reader.name)
  )
}
