import { freeze, makeId } from "../encoding/ids.ts"
import { InvalidOperation } from "../errors.ts"
import type { Topic } from "../work/outbox.ts"
import { Messages, Timers } from "../work/system.ts"
import type { Batch, RowState } from "./batch.ts"
import type { Call } from "./call.ts"
import { isIndexed, isKernels, type Collection } from "./collection.ts"
import type { Actor, EventType } from "./event.ts"
import type { Operation, Result } from "./operation.ts"

/** The view that an operation gets: all the data there is as if in memory, and the only clock and randomness. */
export interface Tx {
  /** Epoch milliseconds: the later of the store's clock and the times of the rows read, or the instant the call is *as of*. */
  readonly now: number
  readonly actor: Actor
  readonly tenant: string
  /** This is the replay of something that has happened: see `refuse`. */
  readonly fact: boolean
  get<R>(collection: Collection<R>, id: string): R | undefined
  /** Rows aligned with `ids`, loaded in one round trip. Loops call this first. */
  getMany<R>(collection: Collection<R>, ids: ReadonlyArray<string>): ReadonlyArray<R | undefined>
  /** Says which rows will be read: they are loaded together with the first one that is, in the same round trip. It reads nothing. */
  prefetch(collection: Collection, ids: ReadonlyArray<string>): void
  put<R>(collection: Collection<R>, id: string, row: R): R
  remove<R>(collection: Collection<R>, id: string): void
  emit<D>(type: EventType<D>, subject: string, data: D): void
  /** Runs `operation` once `at` has come, once, in due order for each `subject`. The same `key` replaces what was scheduled by it. */
  schedule<I, In>(
    at: number,
    operation: Operation<I, In, unknown, unknown>,
    input: I,
    options?: { readonly key?: string; readonly subject?: string }
  ): string
  /** Takes back what `schedule` returned, or was given as key; nothing happens when it has run or never was. */
  cancel(key: string): void
  /** Puts a message for the world into this commit; it is delivered afterwards, with the returned id as its idempotency key. */
  send<P>(topic: Topic<P>, payload: P): string
  /** `prefix_…`: sorts by time, unique over processes, the same on every re-run; never a secret. */
  newId(prefix: string): string
  /** Makes a call whose refusal the caller survives: the transaction is then as it was before it. */
  attempt<A, E>(call: Generator<E, A, unknown>): Result<A, E>
}

/** A call of one operation inside another, which begins with `yield*` or `attempt`. */
export interface InnerCall {
  readonly name: string
  begun: boolean
}

/** Thrown by a read of a row that is not loaded; preallocated, and the tx is poisoned, so that no `catch` can swallow it. */
const MISSING: Error = new Error("A row is being loaded. This error is the kernel's: let it pass.")

export class Transaction implements Tx {
  /** Rows have to be loaded, or `now` to move on, before this call can run. */
  poisoned = false
  #fresh: Set<string> | undefined
  #counter = 0
  #closed = false
  #told = false
  readonly #inner: Array<InnerCall> = []

  readonly #batch: Batch
  readonly #call: Call

  constructor(batch: Batch, call: Call) {
    this.#batch = batch
    this.#call = call
  }

  get now(): number {
    this.#told = true
    return this.#call.asOf?.time ?? this.#batch.now
  }
  get actor(): Actor {
    return this.#call.actor
  }
  get tenant(): string {
    return this.#batch.scope
  }
  get fact(): boolean {
    return this.#call.asOf !== undefined && this.#call.operation.fact
  }

  /** Whose personal data the call is about, if its operation says so. */
  get owner(): string | undefined {
    return this.#call.operation.personal?.(this.#call.input as never)
  }

  get<R>(collection: Collection<R>, id: string): R | undefined {
    const row = this.#row(collection, id)
    if (this.#isUnknown(row)) this.#want([row])
    return this.#value<R>(row)
  }

  getMany<R>(collection: Collection<R>, ids: ReadonlyArray<string>): ReadonlyArray<R | undefined> {
    const rows = ids.map((id) => this.#row(collection, id))
    const missing = rows.filter((row) => this.#isUnknown(row))
    if (missing.length > 0) this.#want(missing)
    return rows.map((row) => this.#value<R>(row))
  }

  prefetch(collection: Collection, ids: ReadonlyArray<string>): void {
    for (const id of ids) this.has(collection, id)
  }

  put<R>(collection: Collection<R>, id: string, value: R): R {
    const row = this.#row(collection, id)
    this.#batch.checkRow(collection, id, value)
    this.#write(row, freeze(value))
    return value
  }

  remove<R>(collection: Collection<R>, id: string): void {
    this.#write(this.#row(collection, id), undefined)
  }

  emit<D>(type: EventType<D>, subject: string, data: D): void {
    this.#guard()
    this.#batch.checkEvent(type, data)
    const { asOf, actor } = this.#call
    this.#batch.events.push({
      id: makeId("evt", this.now, this.#call.seed, this.#counter++),
      type,
      subject,
      time: this.now,
      actor,
      imported: asOf !== undefined && asOf.start !== true,
      data: freeze(data)
    })
  }

  schedule<I, In>(
    at: number,
    operation: Operation<I, In, unknown, unknown>,
    input: I,
    options: { readonly key?: string; readonly subject?: string } = {}
  ): string {
    const id = options.key ?? this.newId("tmr")
    const { asOf } = this.#call
    if (asOf !== undefined && asOf.start !== true && at <= this.#batch.now) return id
    this.put(Timers, id, {
      operation: operation.name,
      input,
      at,
      due: at,
      subject: options.subject,
      tries: 0,
      owner: operation.personal?.(input)
    })
    return id
  }

  cancel(key: string): void {
    this.remove(Timers, key)
  }

  send<P>(topic: Topic<P>, payload: P): string {
    const id = this.newId("msg")
    const { asOf } = this.#call
    if (asOf !== undefined && asOf.send !== true) return id
    this.#batch.checkMessage(topic, payload)
    this.put(Messages, id, { topic: topic.name, payload, at: this.now, due: this.now, tries: 0, owner: topic.personal(payload) })
    return id
  }

  newId(prefix: string): string {
    this.#guard()
    const id = makeId(prefix, this.now, this.#call.seed, this.#counter++)
    if (this.#call.asOf === undefined) (this.#fresh ??= new Set()).add(id)
    return id
  }

  attempt<A, E>(call: Generator<E, A, unknown>): Result<A, E> {
    const mark = this.mark()
    const { made } = this
    try {
      const step = call.next()
      if (step.done === true) return { ok: true, value: step.value }
      call.return(undefined as A)
      this.rollback(mark, made)
      return { ok: false, error: step.value }
    } catch (defect) {
      this.rollback(mark, made)
      throw defect
    }
  }

  /** Whether a row is there to be read; if not, it will be, together with the next that is loaded. */
  has(collection: Collection, id: string): boolean {
    const row = this.#row(collection, id)
    if (!this.#isUnknown(row)) return true
    this.#batch.wanted.add(row)
    return false
  }

  /** Whether it is known, or taken on trust, what `expect` answers; if not, the row is loaded together with the next that is. */
  foresee(collection: Collection, id: string): boolean {
    return this.#batch.trusting || this.has(collection, id)
  }

  /** A row that is most likely absent: a batch that trusts does not load it, and the commit's check tells if it is there. */
  expect<R>(collection: Collection<R>, id: string): R | undefined {
    const row = this.#row(collection, id)
    const { trusting, wanted } = this.#batch
    if (trusting && this.#isUnknown(row) && !wanted.has(row)) this.#batch.touch(row)
    return this.get(collection, id)
  }

  called(name: string): InnerCall {
    const inner = { name, begun: false }
    this.#inner.push(inner)
    return inner
  }

  /** The name of an operation that was called, and whose call nobody has begun. */
  get idle(): string | undefined {
    return this.#inner.find(({ begun }) => !begun)?.name
  }

  mark(): number {
    return this.#batch.mark()
  }
  /** How many calls were made inside. */
  get made(): number {
    return this.#inner.length
  }
  /** Undoes what came after: writes, events, and that calls were made which nobody will run any more. */
  rollback(mark: number, made: number): void {
    if (!this.poisoned) this.#batch.rollback(mark)
    this.#inner.length = made
  }

  /** Whatever still holds this tx can do nothing more with it. */
  close(): void {
    this.#closed = true
  }

  #guard(): void {
    if (this.poisoned) throw MISSING
    if (this.#closed)
      throw new InvalidOperation({
        operation: this.#call.operation.name,
        message: `The tx of "${this.#call.operation.name}" was used after the operation had ended. Do not keep it, and do not await in an operation.`
      })
  }

  #row(collection: Collection, id: string): RowState {
    this.#guard()
    const row = this.#batch.row(collection as Collection, id)
    if (row.passing) row.passing = this.#call.operation.passing
    return row
  }

  /** What the batch checks already, unread, was taken for absent: loaded now, it would be checked for what it is. */
  #isUnknown(row: RowState): boolean {
    return !row.written && row.stamp !== this.#batch.stamp && !this.#batch.knows(row)
  }

  #want(rows: ReadonlyArray<RowState>): never {
    for (const row of rows) this.#batch.wanted.add(row)
    this.poisoned = true
    throw MISSING
  }

  #value<R>(row: RowState): R | undefined {
    if (row.known && row.stamp !== this.#batch.stamp) this.#batch.touch(row)
    if (row.time > this.#batch.now) {
      this.#batch.now = row.time
      if (this.#told && this.#call.asOf === undefined) this.#want([])
    }
    if (row.problem !== undefined) throw row.problem
    return row.current as R | undefined
  }

  /** What is overwritten unread is looked at before the commit: it may be of a newer release, and its index entries must go. */
  #write(row: RowState, value: unknown): void {
    if (row.problem !== undefined) throw row.problem
    const { collection } = row
    if (row.stamp !== this.#batch.stamp && (isIndexed(collection) || (value !== undefined && !isKernels(collection)))) {
      if (this.#batch.knows(row)) this.#batch.touch(row)
      else if (this.#fresh?.has(row.id) === true) row.drawn = true
      else this.#batch.late.add(row)
    }
    this.#batch.write(row, value)
  }
}

/** Runs a call whose refusal *and* defect the caller survives; a row that is being loaded still passes. */
export const survive = <A, E>(tx: Tx, call: () => Generator<E, A, unknown>): Result<A, unknown> => {
  try {
    return tx.attempt(call())
  } catch (error) {
    if ((tx as Transaction).poisoned) throw error
    return { ok: false, error }
  }
}
