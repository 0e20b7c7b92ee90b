import { demand } from "../encoding/demand.ts"
import type { InvalidRow } from "../errors.ts"
import type { Entry, Position } from "../ports/store.ts"
import type { Topic } from "../work/outbox.ts"
import type { Collection } from "./collection.ts"
import type { Actor, EventType } from "./event.ts"

/** A row as the engine holds it: what the store has (`known`), and what the running batch makes of it (`current`). */
export interface RowState {
  readonly collection: Collection
  readonly id: string
  /** The id it is stored by: hashed where ids are personal. */
  storedId: string | undefined
  known: boolean
  version: Position | undefined
  time: number
  schema: number
  base: unknown
  /** The base's index entries as stored, once computed. */
  entries: ReadonlyArray<Entry> | undefined
  /** The stored row fits no version: whoever reads it fails, and it is never written. */
  problem: InvalidRow | undefined
  current: unknown
  written: boolean
  /** The batch that has read it, and so checks it; and the one that has it in its list of written rows. */
  stamp: number
  listed: number
  /** Its id was drawn by the call that wrote it first. */
  drawn: boolean
  /** It held sealed data, so it does not stay in memory after the batch. */
  secret: boolean
  /** Nobody has asked for it who may again. */
  passing: boolean
}

export interface PendingEvent {
  readonly id: string
  readonly type: EventType
  readonly subject: string
  readonly time: number
  readonly actor: Actor
  readonly imported: boolean
  readonly data: unknown
}

/** The rows in memory, by collection and id, in two generations, so that the least used go when there are too many. */
export class Rows {
  #young = new Map<string, Map<string, RowState>>()
  #old = new Map<string, Map<string, RowState>>()
  #size = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  row(collection: Collection, id: string): RowState {
    let table = this.#young.get(collection.name)
    if (table === undefined) this.#young.set(collection.name, (table = new Map()))
    const known = table.get(id)
    if (known !== undefined) return known
    const row = this.#old.get(collection.name)?.get(id) ?? {
      collection,
      id,
      storedId: collection.personalId ? undefined : id,
      known: false,
      version: undefined,
      time: 0,
      schema: 0,
      base: undefined,
      entries: undefined,
      problem: undefined,
      current: undefined,
      written: false,
      stamp: 0,
      listed: 0,
      drawn: false,
      secret: false,
      passing: true
    }
    table.set(id, row)
    this.#size++
    return row
  }

  forget(row: RowState): void {
    this.#young.get(row.collection.name)?.delete(row.id)
    this.#old.get(row.collection.name)?.delete(row.id)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#size = 0
  }

  /** Between batches only: a running one holds on to its rows. */
  age(): void {
    if (this.#size <= this.#limit) return
    this.#old = this.#young
    this.#young = new Map()
    this.#size = 0
  }
}

/** More events than one batch can hold. */
const EVENTS = 2 ** 24

/** What the calls of one batch have done together. Writes go straight into the rows, with an undo log for those who fail. */
export class Batch {
  readonly reads: Array<RowState> = []
  readonly events: Array<PendingEvent> = []
  readonly dirty: Array<RowState> = []
  /** Rows that calls stopped for. */
  readonly wanted = new Set<RowState>()
  /** Rows written unread, of which the commit must know what stands there now. */
  readonly late = new Set<RowState>()
  /** Rows loaded that may not outlive the batch. */
  readonly leaving: Array<RowState> = []
  readonly #undo: Array<{ readonly row: RowState; readonly current: unknown; readonly written: boolean }> = []
  readonly scope: string
  readonly stamp: number
  /** Keys of calls are taken for new, until the commit's check tells otherwise: it saves loading what is seldom there. */
  readonly trusting: boolean
  /** A call was told what had been answered to its key. */
  recalled = false
  /** Rows that were read under the lock: while it is held, any other is read again first, whatever memory says of it. */
  sure: Set<RowState> | undefined = undefined
  /** The time of the batch; rows that are younger move it on. */
  now: number
  readonly #rows: Rows
  readonly #verify: boolean

  constructor(scope: string, stamp: number, now: number, rows: Rows, options: { readonly verify: boolean; readonly trusting: boolean }) {
    this.scope = scope
    this.stamp = stamp
    this.now = now
    this.trusting = options.trusting
    this.#rows = rows
    this.#verify = options.verify
  }

  row(collection: Collection, id: string): RowState {
    return this.#rows.row(collection, id)
  }

  forget(row: RowState): void {
    this.#rows.forget(row)
  }

  knows(row: RowState): boolean {
    return row.known && this.sure?.has(row) !== false
  }

  touch(row: RowState): void {
    row.stamp = this.stamp
    this.reads.push(row)
  }

  write(row: RowState, value: unknown): void {
    this.#undo.push({ row, current: row.current, written: row.written })
    if (row.listed !== this.stamp) {
      row.listed = this.stamp
      this.dirty.push(row)
    }
    row.current = value
    row.written = true
  }

  /** A place to roll back to: how long the undo log and the events are, as one number. */
  mark(): number {
    return this.#undo.length * EVENTS + this.events.length
  }

  rollback(mark: number): void {
    const length = Math.floor(mark / EVENTS)
    for (let i = this.#undo.length - 1; i >= length; i--) {
      const { row, current, written } = this.#undo[i]!
      row.current = current
      row.written = written
    }
    this.#undo.length = length
    this.events.length = mark % EVENTS
  }

  /** What has changed since a mark, as text to compare two runs by. */
  trace(mark: number): string {
    const writes = this.#undo.slice(Math.floor(mark / EVENTS)).map(({ row }) => [row.collection.name, row.id, row.current])
    const events = this.events.slice(mark % EVENTS).map(({ id, type, subject, time, data }) => [id, type.name, subject, time, data])
    return JSON.stringify([writes, events])
  }

  checkRow(collection: Collection, id: string, value: unknown): void {
    if (this.#verify) demand(collection.schema, value, `The row "${id}" of ${collection.name}`)
  }
  checkEvent(type: EventType, data: unknown): void {
    if (this.#verify) demand(type.schema, data, `The data of the event ${type.name}`)
  }
  checkMessage(topic: Topic, payload: unknown): void {
    if (this.#verify) demand(topic.schema, payload, `The payload of a message to ${topic.name}`)
  }
}
