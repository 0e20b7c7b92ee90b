import type {
  Check,
  Commit,
  CommitResult,
  Due,
  Entry,
  EventPage,
  EventWrite,
  Found,
  IndexQuery,
  Key,
  Position,
  Row,
  Snapshot,
  Write
} from "../ports/store.ts"
import { START } from "../ports/store.ts"
import { Lock } from "../store/lock.ts"
import { compareText } from "../values/plain/text.ts"
import type { DueWork } from "./due.ts"
import { Remembered } from "./remembered.ts"
import { first, Sorted } from "./sorted.ts"

interface Stored {
  readonly row: Row
  readonly due: Due | undefined
}

interface Place {
  readonly value: string
  readonly id: string
}

interface Table {
  readonly rows: Map<string, Stored>
  readonly indexes: Map<string, Sorted<Place>>
}

interface Logged {
  readonly position: Position
  readonly type: string
  readonly body: string
}

/** Sixteen digits, so that positions compare as text. */
const position = (count: number): Position => String(count).padStart(16, "0") as Position

const byPlace = (a: Place, b: Place): number => compareText(a.value, b.value) || compareText(a.id, b.id)

/** After every id and every entry. */
const LAST = "\u{10ffff}".repeat(200)

/**
 * The rows, log and due work of one scope. Every method is synchronous and so atomic; whoever commits holds `lock`.
 * A commit takes the next position, its events the ones after it.
 */
export class ScopeData {
  readonly name: string
  readonly lock = new Lock()
  readonly watchers = new Set<() => void>()
  readonly #tables = new Map<string, Table>()
  readonly #answers = new Remembered<CommitResult>()
  readonly #due: DueWork
  #log: Array<Logged> = []
  #count = 0
  #trimmed = "" as Position

  constructor(name: string, due: DueWork) {
    this.name = name
    this.#due = due
  }

  /** The newest position. */
  get head(): Position {
    return this.#count === 0 ? START : position(this.#count)
  }

  row(key: Key): Row | undefined {
    return this.#tables.get(key.collection)?.rows.get(key.id)?.row
  }

  snapshot(keys: ReadonlyArray<Key>, queries: ReadonlyArray<IndexQuery>): Snapshot {
    return { position: this.head, rows: keys.map((key) => this.row(key)), pages: queries.map((query) => this.#find(query)) }
  }

  commit(commit: Commit, refusal: string | undefined): CommitResult {
    const known = this.#answers.get(commit.id)
    if (known !== undefined) return known._tag === "Conflict" ? this.#conflict(commit.checks) : known
    const answer = this.#answer(commit, refusal)
    const changes = commit.writes.length + commit.events.length > 0
    if (changes && (answer._tag === "Committed" || commit.retry)) this.#answers.set(commit.id, answer)
    return answer
  }

  events(after: Position, limit: number, types: ReadonlyArray<string> | undefined): EventPage {
    if (after < this.#trimmed) return { _tag: "PositionExpired", oldest: this.#trimmed }
    const log = this.#log
    const events: Array<Logged> = []
    for (let i = first(log.length, (at) => log[at]!.position > after); i < log.length; i++) {
      const event = log[i]!
      if (types !== undefined && !types.includes(event.type)) continue
      if (events.length >= limit) return { _tag: "Events", events, upto: events.at(-1)?.position ?? after }
      events.push(event)
    }
    const head = this.head
    return { _tag: "Events", events, upto: head > after ? head : after }
  }

  trim(upto: Position): void {
    const end = upto < this.head ? upto : this.head
    if (end <= this.#trimmed) return
    this.#trimmed = end
    this.#log = this.#log.slice(first(this.#log.length, (at) => this.#log[at]!.position > end))
  }

  #answer(commit: Commit, refusal: string | undefined): CommitResult {
    if (commit.checks.some((check) => this.#isStale(check))) return this.#conflict(commit.checks)
    if (refusal !== undefined) return { _tag: "NotWritten", reason: refusal }
    if (commit.writes.length + commit.events.length === 0) return { _tag: "Committed", position: this.head }
    const at = position(++this.#count)
    for (const write of commit.writes) this.#write(write, at, commit.time)
    for (const event of commit.events) this.#record(event)
    for (const wake of this.watchers) void Promise.resolve().then(wake)
    return { _tag: "Committed", position: at }
  }

  #isStale({ key, version }: Check): boolean {
    return this.row(key)?.version !== version
  }

  #conflict(checks: ReadonlyArray<Check>): CommitResult {
    const stale = checks.filter((check) => this.#isStale(check))
    return { _tag: "Conflict", stale: stale.map(({ key }) => ({ key, row: this.row(key) })) }
  }

  #write({ key, row, add, drop, due }: Write, version: Position, time: number): void {
    const { id } = key
    const table = this.#table(key.collection)
    const before = table.rows.get(id)?.due
    if (before !== undefined) this.#due.delete(before)
    if (row === undefined) {
      table.rows.delete(id)
      index(table, "").delete({ value: id, id })
    } else {
      const next = due === undefined ? undefined : { scope: this.name, key: { ...key }, due }
      if (next !== undefined) this.#due.add(next)
      table.rows.set(id, { row: Object.freeze({ version, time, schema: row.schema, value: row.value }), due: next })
      index(table, "").add({ value: id, id })
    }
    for (const entry of drop) index(table, entry.index).delete({ value: entry.value, id })
    for (const entry of add) index(table, entry.index).add({ value: entry.value, id })
  }

  #record({ type, body }: EventWrite): void {
    this.#log.push(Object.freeze({ position: position(++this.#count), type, body }))
  }

  #find({ collection, index: name, from, to, order, limit, after }: IndexQuery): {
    readonly items: ReadonlyArray<Found>
    readonly more: boolean
  } {
    const table = this.#table(collection)
    const upward = order === "asc"
    const edge = upward ? { value: from, id: "" } : { value: to, id: LAST }
    const ahead = (a: Place, b: Place): boolean => (upward ? byPlace(a, b) > 0 : byPlace(a, b) < 0)
    const begin = after !== undefined && ahead(after, edge) ? after : edge
    const items: Array<Found> = []
    for (const { value, id } of upward ? index(table, name).up(begin) : index(table, name).down(begin)) {
      if (upward ? compareText(value, to) > 0 : compareText(value, from) < 0) break
      const stored = table.rows.get(id)
      if (stored === undefined || (after !== undefined && !ahead({ value, id }, after))) continue
      if (items.length >= limit) return { items, more: true }
      items.push({ id, value, row: stored.row })
    }
    return { items, more: false }
  }

  #table(collection: string): Table {
    let table = this.#tables.get(collection)
    if (table === undefined) this.#tables.set(collection, (table = { rows: new Map(), indexes: new Map() }))
    return table
  }
}

const index = (table: Table, name: Entry["index"]): Sorted<Place> => {
  let places = table.indexes.get(name)
  if (places === undefined) table.indexes.set(name, (places = new Sorted(byPlace)))
  return places
}
