import { diff } from "../encoding/index-key.ts"
import { envelope } from "../encoding/log.ts"
import { keepUnknown, keyOf, locate, place, storedEntries } from "../encoding/rows.ts"
import { hasPersonal, type Vault } from "../personal/vault.ts"
import type { Pace } from "../ports/pace.ts"
import type { Check, Entry, EventWrite, Position, Write } from "../ports/store.ts"
import type { Batch, PendingEvent, RowState } from "./batch.ts"
import { isIndexed, type Personal } from "./collection.ts"

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

/** Turns what a batch did into a commit's content; personal fields are sealed on the way. What cannot be written down is thrown. */
export const contentOf = async (batch: Batch, vault: Vault, pace: Pace): Promise<Content> => {
  // Only what is checked may be taken for unchanged: memory alone does not know what others have written.
  const rows = batch.dirty.filter((row) => row.written && !(row.stamp === batch.stamp && row.current === row.base))
  const hidden = rows.filter((row) => row.storedId === undefined)
  if (hidden.length > 0) await locate(hidden, vault)
  const keys = await vault.keysOf(subjectsOf(rows, batch.events), pace)
  const failures: Array<unknown> = []
  const waiting: Array<Promise<void>> = []
  const entries: Array<ReadonlyArray<Entry>> = new Array(rows.length)
  const writes: Array<Write> = new Array(rows.length)
  // Handled at once: what waits for its turn while others are prepared may fail before anybody looks.
  const sealing = (work: Promise<void>) => waiting.push(work.catch((error: unknown) => void failures.push(error)))

  const write = (i: number, row: RowState, text: string | undefined, from: ReadonlyArray<Entry>, to: ReadonlyArray<Entry>) => {
    const { collection, current: value } = row
    const moved = from.length + to.length === 0 ? unmoved : diff(from, to)
    entries[i] = to
    writes[i] = {
      key: keyOf(row),
      add: moved.add,
      drop: moved.drop,
      due: value === undefined ? undefined : collection.due(value),
      isNew: row.drawn && !row.known,
      row: text === undefined ? undefined : { schema: Math.max(row.schema, collection.version), value: text }
    }
  }
  const prepare = (row: RowState, i: number): void => {
    keepUnknown(row)
    const { collection, current: value } = row
    const indexed = isIndexed(collection)
    const before = indexed ? (row.entries ?? storedEntries(collection, row.base, vault)) : noEntries
    const after = indexed ? storedEntries(collection, value, vault) : noEntries
    const secret = value !== undefined && hasPersonal(collection.personal, value)
    if (!secret && isPlain(before) && isPlain(after))
      return write(i, row, value === undefined ? undefined : JSON.stringify(value), before, after)
    row.secret ||= secret
    const id = collection.personalId ? row.id : undefined
    const sealed = secret ? vault.seal(collection.personal!, value, place(collection, row.storedId!), keys, id) : value
    sealing(
      Promise.all([sealed, before, after]).then(([stored, from, to]) =>
        write(i, row, stored === undefined ? undefined : JSON.stringify(stored), from, to)
      )
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
    if (personal !== undefined && hasPersonal(personal, event.data)) sealing(vault.seal(personal, event.data, event.id, keys).then(record))
    else record(event.data)
  }
  if (waiting.length > 0) await Promise.all(waiting)
  if (failures.length > 0) throw failures[0]
  return { checks: batch.reads.map((row) => ({ key: keyOf(row), version: row.version })), writes, events, rows, entries }
}

/** Whose personal data is about to be sealed. */
const subjectsOf = (rows: ReadonlyArray<RowState>, events: ReadonlyArray<PendingEvent>): ReadonlyArray<string> => {
  const subjects = new Set<string>()
  const add = (personal: Personal<unknown> | undefined, value: unknown) => {
    if (value !== undefined && hasPersonal(personal, value)) subjects.add(personal!.subject(value)!)
  }
  for (const { collection, current } of rows) add(collection.personal, current)
  for (const { type, data } of events) add(type.personal, data)
  return [...subjects]
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
