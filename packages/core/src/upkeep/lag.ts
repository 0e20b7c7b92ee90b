import { LAST } from "../encoding/index-key.ts"
import type { Due, Position, ScopedStore } from "../ports/store.ts"
import { DeadLetters, Messages, Receipts, Timers } from "../work/system.ts"
import { ahead, begunIn, cursorsIn, declared, isAhead, partitionsOf, rowsIn, unbegun } from "./readers.ts"
import { partsOf, type Parts, type Target, tenantsOf } from "./target.ts"

/** How much waits. What is more than 10,000 is not counted: `more`. */
export interface Backlog {
  readonly count: number
  readonly more: boolean
  /** Since when the first of it waits, epoch ms; absent where nothing does. */
  readonly oldest?: number
}

/** How far a reactor or a feed is behind the log. */
export interface ReaderLag {
  readonly kind: "reactor" | "feed"
  readonly name: string
  /** Where it stands; of a reactor, where the last of its partitions does. */
  readonly position: Position
  /** The events that it has still to take. Absent where only the app can tell, and it was not asked. */
  readonly events?: Backlog
  /** The log was trimmed past it: it can not go on. */
  readonly expired: boolean
}

/** What waits in one tenant. */
export interface TenantLag {
  readonly tenant: string
  /** Timers that are due and did not fire; `oldest` is when the first was due. */
  readonly timers: Backlog
  /** Messages that have not been delivered; `oldest` is when the first was sent, `tries` the most that one was tried. */
  readonly outbox: Backlog & { readonly tries: number }
  /** Messages that wait for somebody to say what became of them. */
  readonly held: Backlog
  readonly deadLetters: Backlog
  /** Receipts that are kept longer than they have to be. */
  readonly receipts: Backlog
  readonly readers: ReadonlyArray<ReaderLag>
}

/** What waits in a store. */
export interface Lag {
  /** When it was looked at, epoch ms. */
  readonly at: number
  readonly total: Omit<TenantLag, "tenant" | "readers">
  readonly tenants: ReadonlyArray<TenantLag>
}

/** What is counted of one kind, in one tenant. */
export const MOST = 10_000

const none: Backlog = { count: 0, more: false }

/**
 * How much waits: timers, messages, dead letters, receipts past their time, and events that reactors and feeds have still to take. It
 * reads and changes nothing. `tenant` names one; all of the store, else.
 */
export const lag = async (target: Target, options: { readonly tenant?: string } = {}): Promise<Lag> => {
  const parts = partsOf(target)
  const { store, now } = parts
  const [timers, receipts] = await Promise.all([Timers, Receipts].map(({ name }) => store.due(name, now, MOST + 1)))
  const due = { timers: dueByTenant(timers!), receipts: dueByTenant(receipts!) }
  const tenants: Array<TenantLag> = []
  for (const tenant of await tenantsOf(store, options.tenant)) tenants.push(await lagOf(parts, tenant, due))
  const sum = (of: (lag: TenantLag) => Backlog) => tenants.map(of).reduce(added, none)
  return {
    at: now,
    tenants,
    total: {
      timers: sum(({ timers }) => timers),
      outbox: { ...sum(({ outbox }) => outbox), tries: Math.max(0, ...tenants.map(({ outbox }) => outbox.tries)) },
      held: sum(({ held }) => held),
      deadLetters: sum(({ deadLetters }) => deadLetters),
      receipts: sum(({ receipts }) => receipts)
    }
  }
}

/** What is due in a tenant, of the `MOST` and one of a collection that are due first in all. */
export const dueByTenant = (due: ReadonlyArray<Due>): ((tenant: string) => Backlog) => {
  const tenants = Map.groupBy(due, ({ scope }) => scope)
  return (tenant) => {
    const rows = tenants.get(tenant) ?? []
    return backlog(rows.length, due.length > MOST, rows[0]?.due)
  }
}

const lagOf = async (
  parts: Parts,
  tenant: string,
  { timers, receipts }: { readonly [K in "timers" | "receipts"]: (tenant: string) => Backlog }
): Promise<TenantLag> => {
  const store = await parts.store.open(tenant)
  return {
    tenant,
    timers: timers(tenant),
    receipts: receipts(tenant),
    outbox: await outboxOf(store),
    held: await indexed(store, Messages.name, "held", "held"),
    deadLetters: await indexed(store, DeadLetters.name, "at", "at"),
    readers: await readerLags(parts, store)
  }
}

const outboxOf = async (store: ScopedStore): Promise<TenantLag["outbox"]> => {
  let [count, oldest, tries] = [0, Infinity, 0]
  for await (const { row } of rowsIn(store, Messages.name)) {
    const message = JSON.parse(row.value) as { readonly at: number; readonly tries: number; readonly held?: number }
    if (message.held !== undefined) continue
    if (count === MOST) return { ...backlog(count, true, oldest), tries }
    count++
    oldest = Math.min(oldest, message.at)
    tries = Math.max(tries, message.tries)
  }
  return { ...backlog(count, false, oldest), tries }
}

/** By an index of times, the first of which is the oldest. */
const indexed = async (store: ScopedStore, collection: string, index: string, field: string): Promise<Backlog> => {
  const query = { collection, index, from: "", to: LAST, order: "asc" as const, limit: MOST, after: undefined }
  const [page] = (await store.read([], [query])).pages
  const first = page!.items[0]
  const oldest = first && (JSON.parse(first.row.value) as { readonly [field: string]: number })[field]
  return backlog(page!.items.length, page!.more, oldest)
}

const readerLags = async ({ engine }: Parts, store: ScopedStore): Promise<ReadonlyArray<ReaderLag>> => {
  const cursors = await cursorsIn(store)
  const begun = await begunIn(store, cursors)
  const lags: Array<ReaderLag> = []
  for (const { kind, name, position } of [...begun, ...unbegun(engine, begun)]) {
    const types = declared(engine, { kind, name })?.on
    const reactor = kind === "reactor" ? engine?.reactors.get(name) : undefined
    const partitions = reactor && partitionsOf(reactor, cursors.get(name))
    const events = types && (await behind(store, position, types, partitions))
    const expired = (await store.events(position, 0))._tag === "PositionExpired"
    lags.push({ kind: kind as ReaderLag["kind"], name, position, expired, ...(events === undefined ? {} : { events }) })
  }
  return lags
}

const behind = async (
  store: ScopedStore,
  from: Position,
  types: ReadonlyArray<string>,
  partitions: ReadonlyArray<Position> | undefined
): Promise<Backlog | undefined> => {
  let [count, oldest] = [0, Infinity]
  for await (const page of ahead(store, from, types)) {
    if (page === undefined) return undefined
    for (const event of page.events) {
      if (partitions !== undefined && !isAhead(partitions, event)) continue
      if (count === MOST) return backlog(count, true, oldest)
      count++
      oldest = Math.min(oldest, event.time)
    }
  }
  return backlog(count, false, oldest)
}

const backlog = (count: number, more: boolean, oldest = Infinity): Backlog => ({
  count,
  more,
  ...(count > 0 && oldest < Infinity ? { oldest } : {})
})

const added = (a: Backlog, b: Backlog): Backlog =>
  backlog(a.count + b.count, a.more || b.more, Math.min(a.oldest ?? Infinity, b.oldest ?? Infinity))
