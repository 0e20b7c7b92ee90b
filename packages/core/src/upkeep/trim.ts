import { cursorId, kernelOperation, partitionOf, type Engine, type Scope } from "../client/engine.ts"
import { InvalidOperation } from "../errors.ts"
import { START, type Position, type ScopedStore } from "../ports/store.ts"
import { advance } from "../work/reacting.ts"
import type { Reactor } from "../work/reactor.ts"
import { Feeds } from "../work/system.ts"
import { ahead, cursorsIn, earliest, type LogReader, readersOf, unbegun } from "./readers.ts"
import { partsOf, type Target } from "./target.ts"

/** What came of trimming. */
export interface Trimmed {
  /** The log can be read from here on. */
  readonly from: Position
  /** Who still needs what was to go; it stays for them. */
  readonly heldBy: ReadonlyArray<LogReader>
}

/**
 * Forgets the events of a tenant up to `upto`, but none that a reactor, a feed or the dead letter of an event still needs, unless
 * `force` says so: a reactor or feed that is left behind can not go on, and a dead letter not be redriven. With an app, its reactors
 * and feeds are first moved past what holds nothing for them. Whoever else keeps a position of this log is not known here.
 */
export const trimLog = async (
  target: Target,
  { tenant, upto, force = false }: { readonly tenant: string; readonly upto: Position; readonly force?: boolean }
): Promise<Trimmed> => {
  const { store: driver, engine } = partsOf(target)
  const store = await driver.open(tenant)
  const end = (await store.read([])).position
  if (upto > end)
    throw new InvalidOperation({ operation: "omni.trimLog", message: `The log of "${tenant}" ends at ${end}, which is before ${upto}.` })
  if (engine !== undefined) await moveOn(engine, await engine.scope(tenant))
  const readers = await readersOf(store)
  const heldBy = [...readers, ...unbegun(engine, readers)].filter(({ position }) => position < upto)
  const to = force ? upto : earliest([upto, ...heldBy.map(({ position }) => position)])
  if (to !== START) await store.trim(to)
  return { from: await beginOf(store), heldBy }
}

/** Where the log of a scope begins. */
export const beginOf = async (store: ScopedStore): Promise<Position> => {
  const page = await store.events(START, 0)
  return page._tag === "PositionExpired" ? page.oldest : START
}

/** Moves an app's reactors and feeds past what there is nothing in for them, so that the log need not be kept for that. */
const moveOn = async (engine: Engine, scope: Scope): Promise<void> => {
  await engine.beginReactors(scope)
  const cursors = await cursorsIn(scope.store)
  for (const reactor of engine.reactors.values()) await moveReactor(engine, scope, reactor, cursors.get(reactor.name))
  for (const [name, { on, from }] of engine.feeds) await moveFeed(engine, scope, name, on, from)
}

const moveReactor = async (engine: Engine, scope: Scope, reactor: Reactor, cursors: ReadonlyMap<string, Position> | undefined) => {
  if (cursors === undefined) return
  const idle = new Map(cursors)
  let to: Position | undefined
  for await (const page of ahead(scope.store, earliest(cursors.values()), reactor.on)) {
    if (page === undefined) return
    for (const { position, subject } of page.events) {
      const id = cursorId(reactor.name, partitionOf(subject, reactor.partitions))
      if (position > (cursors.get(id) ?? START)) idle.delete(id)
    }
    if (idle.size === 0) return
    to = page.upto
  }
  if (to === undefined) return
  const moving = [...idle].filter(([, from]) => from < to)
  await Promise.all(moving.map(([id, from]) => engine.internal(scope, advance, { id, from, to })))
}

const advanceFeed = kernelOperation<{ readonly name: string; readonly from: Position; readonly to: Position }>(
  "omni.advance-feed",
  function* (tx, { name, from, to }) {
    const feed = tx.get(Feeds, name) ?? { position: START, holder: "", until: 0 }
    if (feed.position === from) tx.put(Feeds, name, { ...feed, position: to })
  }
)

const moveFeed = async (engine: Engine, scope: Scope, name: string, types: ReadonlyArray<string>, begins: "start" | "now") => {
  const [row] = (await scope.store.read([{ collection: Feeds.name, id: name }])).rows
  if (row === undefined && begins === "now") return
  const from = row === undefined ? START : (JSON.parse(row.value) as { readonly position: Position }).position
  let to = from
  for await (const page of ahead(scope.store, from, types)) {
    if (page === undefined || page.events.length > 0) break
    to = page.upto
  }
  if (to > from) await engine.internal(scope, advanceFeed, { name, from, to })
}
