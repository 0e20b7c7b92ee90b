import { cursorId, kernelOperation, partitionOf, type Engine, type Scope } from "../client/engine.ts"
import { openEvents } from "../encoding/log.ts"
import { PositionExpired } from "../errors.ts"
import type { CallOptions } from "../kernel/call.ts"
import type { Recorded } from "../kernel/event.ts"
import { survive } from "../kernel/tx.ts"
import { START, type Position } from "../ports/store.ts"
import { backoff, bury, describe, type Given, refusal, unlessRefused } from "./dead.ts"
import { type Met, tell, workFailed } from "./failed.ts"
import type { Reactor } from "./reactor.ts"
import { Cursors } from "./system.ts"

const PAGE = 512

interface Step extends Given {
  readonly reactor: Reactor
  readonly partition: number
  /** Where the partition must stand, so that no event is passed over and none is taken twice. */
  readonly after: string
  readonly event: Recorded
  /** Told, for `tx.now` is the event's own time when it was imported, and waiting is done by the clock. */
  readonly now: number
  readonly jitter: number
  readonly met: Met
}

/** Takes one event: its effects and the cursor's move are one commit. `false` when the partition stands elsewhere, or waits. */
const react = kernelOperation<Step, boolean>("omni.react", function* (tx, told) {
  const { reactor, partition, after, event, now, jitter, met } = told
  met.failures = []
  const id = cursorId(reactor.name, partition)
  const cursor = tx.get(Cursors, id) ?? { position: after, tries: 0 }
  if (cursor.position !== after || (cursor.due !== undefined && cursor.due > now)) return false
  const skipped = told.erased || (event.imported && reactor.imports === "skip")
  const ended = skipped ? { ok: true as const } : (refusal(told) ?? survive(tx, () => reactor.body(tx, event as never)))
  const tries = cursor.tries + 1
  if (!ended.ok) {
    const next = tries < reactor.tries ? "retry" : "dead-letter"
    met.failures = [workFailed({ kind: "event", of: reactor.name, tries, most: reactor.tries, next, cause: ended.error })]
  }
  if (!ended.ok && tries < reactor.tries) {
    tx.put(Cursors, id, { position: after, tries, due: now + backoff(tries, jitter) })
    return false
  }
  if (!ended.ok) {
    const { position } = event
    bury(tx, { kind: "event", name: reactor.name, tries, position, after, owner: reactor.owner(event) }, describe(ended.error))
  }
  tx.put(Cursors, id, { position: event.position, tries: 0 })
  return true
})

/** Moves a partition that has nothing to do past what was looked through, so that it is not looked through again. */
export const advance = kernelOperation<{ readonly id: string; readonly from: string; readonly to: string }>(
  "omni.advance",
  function* (tx, { id, from, to }) {
    const cursor = tx.get(Cursors, id)
    if (cursor?.position === from) tx.put(Cursors, id, { position: to, tries: 0 })
  }
)

/**
 * Up to where a log was looked through when the partitions stood so. Partitions that stand further back since are those of a store that
 * has lost its last commits: what was seen was another log.
 */
export interface Seen {
  readonly upto: Position
  readonly stands: ReadonlyArray<Position>
}

const seenBy = (stands: ReadonlyArray<Position>, seen: Seen | undefined): Position =>
  seen === undefined || stands.some((position, i) => position < seen.stands[i]!) ? START : seen.upto

/** A reactor that asks for imports takes them as of their own time, with ids that come out the same. */
export const asOfImport = (reactor: Reactor, event: Recorded): CallOptions =>
  event.imported && reactor.imports === "run" ? { asOf: { time: event.time, seed: `${reactor.name}/${event.id}` } } : {}

/**
 * Lets a reactor take the next events of a scope. `progress`: something was done; `wait`: until when a failed event waits. Where the
 * log has been looked through without finding anything is remembered in `seen`; `report` is told of each try that failed.
 */
export const step = async (
  engine: Engine,
  scope: Scope,
  reactor: Reactor,
  seen: Map<string, Seen>,
  report: (error: unknown) => void
): Promise<{ readonly progress: boolean; readonly wait: number }> => {
  const ids = Array.from({ length: reactor.partitions }, (_, i) => cursorId(reactor.name, i))
  const { rows } = await scope.store.read(ids.map((id) => ({ collection: Cursors.name, id })))
  // Its module came after the scope was opened.
  if (rows.includes(undefined)) {
    await engine.beginReactors(scope)
    return { progress: true, wait: Infinity }
  }
  const cursors = rows.map((row) => JSON.parse(row!.value) as { readonly position: Position; readonly due?: number })
  const now = engine.now
  const isWaiting = ({ due }: { readonly due?: number | undefined }): boolean => due !== undefined && due > now
  // A partition that waits holds up nobody else: the others are not looked for behind it.
  const ready = cursors.filter((cursor) => !isWaiting(cursor))
  const wait = Math.min(Infinity, ...cursors.filter(isWaiting).map(({ due }) => due!))
  if (ready.length === 0) return { progress: false, wait }
  const first = ready.reduce((a, b) => (b.position < a ? b.position : a), ready[0]!.position)
  const place = `${scope.id}\n${reactor.name}`
  const stands = cursors.map((cursor) => cursor.position)
  const from = later(first, seenBy(stands, seen.get(place)))
  const page = await scope.store.events(from, PAGE, reactor.on)
  if (page._tag === "PositionExpired")
    throw new PositionExpired({
      oldest: page.oldest,
      message: `The reactor "${reactor.name}" stands before the oldest event that is kept. Rebuild what it makes, then move it to ${page.oldest}.`
    })
  const events = await openEvents(page.events, scope.vault)
  const calls: Array<Promise<boolean>> = []
  for (const event of events) {
    const partition = partitionOf(event.subject, reactor.partitions)
    const cursor = cursors[partition]!
    if (event.position <= stands[partition]! || isWaiting(cursor)) continue
    const met: Met = { failures: [] }
    const told = { reactor, partition, after: stands[partition]!, event, now, jitter: scope.transactor.seeds.random(), met }
    const how = { lane: `${reactor.name}/${partition}`, ...asOfImport(reactor, event) }
    const taking = unlessRefused((given) => engine.internal(scope, react, { ...told, ...given }, how))
    calls.push(
      taking.then((taken) => {
        tell(met, report)
        return taken
      })
    )
    stands[partition] = event.position
  }
  const taken = await Promise.all(calls)
  const last = events.at(-1)?.position
  const blocked = wait < Infinity || taken.includes(false)
  if (last !== undefined && events.length === PAGE) {
    const idle = cursors.flatMap((cursor, i) =>
      cursor.position < last && stands[i] === cursor.position && !(cursor.due !== undefined)
        ? [{ id: ids[i]!, from: cursor.position, to: last }]
        : []
    )
    await Promise.all(idle.map((move) => engine.internal(scope, advance, move)))
    return { progress: taken.includes(true) || idle.length > 0, wait }
  }
  if (!blocked) seen.set(place, { upto: page.upto, stands })
  return { progress: taken.includes(true), wait }
}

const later = (a: Position, b: Position): Position => (a > b ? a : b)
