import { diff } from "../encoding/index-key.ts"
import { envelope } from "../encoding/log.ts"
import { keyOf, locate, place, storedEntries } from "../encoding/rows.ts"
import { SubjectErased } from "../errors.ts"
import { hasPersonal, type Vault } from "../personal/vault.ts"
import type { Pace } from "../ports/pace.ts"
import type { Check, Entry, EventWrite, Position, Write } from "../ports/store.ts"
import type { Batch, RowState } from "./batch.ts"
import type { Call } from "./call.ts"

/** Calls that wrote personal data of somebody who has been erased. */
export class ErasedWriters extends Error {
  readonly calls: ReadonlyMap<Call, SubjectErased>

  constructor(calls: ReadonlyMap<Call, SubjectErased>) {
    super("erased")
    this.calls = calls
  }
}

export interface Content {
  readonly checks: ReadonlyArray<Check>
  readonly writes: ReadonlyArray<Write>
  readonly events: ReadonlyArray<EventWrite>
  /** The rows behind `writes`, aligned, and the entries that they have afterwards. */
  readonly rows: ReadonlyArray<RowState>
  readonly entries: ReadonlyArray<ReadonlyArray<Entry>>
}

const noEntries: ReadonlyArray<Entry> = []
const unmoved = { add: noEntries, drop: noEntries }

/** Turns what a batch did into a commit's content; personal fields are sealed on the way. */
export const contentOf = async (batch: Batch, vault: Vault, pace: Pace): Promise<Content> => {
  // Only what is checked may be taken for unchanged: memory alone does not know what others have written.
  const rows = batch.dirty.filter((row) => row.written && !(row.stamp === batch.stamp && row.current === row.base))
  const hidden = rows.filter((row) => row.storedId === undefined)
  if (hidden.length > 0) await locate(hidden, vault)
  const erased = new Map<Call, SubjectErased>()
  const waiting: Array<Promise<void>> = []
  const entries: Array<ReadonlyArray<Entry>> = new Array(rows.length)
  const writes: Array<Write> = new Array(rows.length)
  const sealing = (work: Promise<void>, writer: Call) =>
    waiting.push(
      work.catch((error: unknown) => {
        if (!(error instanceof SubjectErased)) throw error
        erased.set(writer, error)
      })
    )

  const write = (i: number, row: RowState, text: string | undefined, from: ReadonlyArray<Entry>, to: ReadonlyArray<Entry>) => {
    const { collection, current: value } = row
    const moved = from.length + to.length === 0 ? unmoved : diff(from, to)
    entries[i] = to
    writes[i] = {
      key: keyOf(row),
      add: moved.add,
      drop: moved.drop,
      due: value === undefined ? undefined : collection.due(value),
      row: text === undefined ? undefined : { schema: Math.max(row.schema, collection.version), value: text }
    }
  }
  const prepare = (row: RowState, i: number): void => {
    const { collection, current: value } = row
    const indexed = batch.needsOld(row)
    const before = indexed ? (row.entries ?? storedEntries(collection, row.base, vault)) : noEntries
    const after = indexed ? storedEntries(collection, value, vault) : noEntries
    const secret = value !== undefined && hasPersonal(collection.personal, value)
    if (!secret && isPlain(before) && isPlain(after))
      return write(i, row, value === undefined ? undefined : JSON.stringify(value), before, after)
    row.secret ||= secret
    const id = collection.personalId ? row.id : undefined
    const sealed = secret ? vault.seal(collection.personal!, value, place(collection, row.storedId!), id) : value
    sealing(
      Promise.all([sealed, before, after]).then(([stored, from, to]) =>
        write(i, row, stored === undefined ? undefined : JSON.stringify(stored), from, to)
      ),
      row.writer!
    )
  }
  for (let i = 0; i < rows.length; i++) {
    prepare(rows[i]!, i)
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
  }

  const events: Array<EventWrite> = new Array(batch.events.length)
  for (let i = 0; i < events.length; i++) {
    const event = batch.events[i]!
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
    const record = (data: unknown) => {
      events[i] = { type: event.type.name, subject: event.subject, time: event.time, body: envelope(event, batch.scope, data) }
    }
    const personal = event.type.personal
    if (personal !== undefined && hasPersonal(personal, event.data))
      sealing(vault.seal(personal, event.data, event.id).then(record), event.writer)
    else record(event.data)
  }
  if (waiting.length > 0) await Promise.all(waiting)
  if (erased.size > 0) throw new ErasedWriters(erased)
  return { checks: batch.reads.map((row) => ({ key: keyOf(row), version: row.version })), writes, events, rows, entries }
}

const isPlain = (entries: ReadonlyArray<Entry> | Promise<ReadonlyArray<Entry>>): entries is ReadonlyArray<Entry> =>
  !(entries instanceof Promise)

/** After the commit the rows are what was written. Those that nobody has read are let go: most are new and not asked for soon. */
export const settleRows = (batch: Batch, content: Content, position: Position): void => {
  content.rows.forEach((row, i) => {
    if (!row.known) return batch.forget(row)
    row.base = row.current
    row.version = row.current === undefined ? undefined : position
    row.time = row.current === undefined ? 0 : batch.now
    row.schema = row.current === undefined ? 0 : content.writes[i]!.row!.schema
    row.entries = content.entries[i]
  })
  for (const row of batch.dirty) row.written = false
}
