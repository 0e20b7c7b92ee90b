import type { Check, Commit, Entry, EventWrite, Write } from "@omni/core"

import { type Connection, first } from "./connection.ts"
import { toCount } from "./position.ts"
import { logEnds, type Source } from "./reading.ts"

/** Thrown inside a transaction: a check failed, so it is rolled back. */
export class Stale extends Error {}

/** Thrown inside a transaction: the commit's id was used before, by a copy that landed at `position`, or that was refused. */
export class Known extends Error {
  readonly position: number | undefined

  constructor(position: number | undefined) {
    super("known")
    this.position = position
  }
}

/** The writer inside the transaction that a commit becomes. */
export interface Landing extends Source {
  /** Epoch ms, for how long the commit's id is kept. */
  readonly now: number
}

/** What a check says of the version of a row that is also written: a count, `ABSENT`, or nothing. */
type Expected = number | undefined
const ABSENT = 0

/** Writes all that a commit holds, checking on the way; answers its position, or throws and leaves the rest to a rollback. */
export const land = async (landing: Landing, commit: Commit): Promise<number> => {
  const { on, names } = landing
  const scope = names.internScope(landing.scope, on)
  const [head] = logEnds(landing)
  const position = head + 1
  record(landing, scope, commit.id, position)
  const { expected, others } = sortChecks(commit)
  await checkRows(landing, scope, others)
  await writeRows(landing, scope, commit, expected, position)
  await writeEvents(landing, scope, commit.events, position)
  return position
}

/** Keeps a commit's id: with its position when it lands, without when it was refused for good. */
export const record = ({ on, now }: Landing, scope: number, id: string, position: number | null): void => {
  const sql = "insert into landed (scope, id, position, time) values (?, ?, ?, ?) on conflict do nothing"
  if (on.sql(sql).run(scope, id, position, now).changes === 1) return
  const [known] = on.one<[number | null]>("select position from landed where scope = ? and id = ?", scope, id) ?? [null]
  throw new Known(known ?? undefined)
}

/** Checks on rows that are also written are made by the statements that write them. */
const sortChecks = ({ checks, writes }: Commit): { readonly expected: ReadonlyArray<Expected>; readonly others: ReadonlyArray<Check> } => {
  const expected: Array<Expected> = new Array(writes.length).fill(undefined)
  if (checks.length === 0 || writes.length === 0) return { expected, others: checks }
  const written = firstWrites(writes)
  const others: Array<Check> = []
  for (const check of checks) {
    const at = written.get(check.key.collection)?.get(check.key.id)
    if (at === undefined || expected[at] !== undefined) others.push(check)
    else expected[at] = check.version === undefined ? ABSENT : toCount(check.version)
  }
  return { expected, others }
}

const firstWrites = (writes: ReadonlyArray<Write>): Map<string, Map<string, number>> => {
  const places = new Map<string, Map<string, number>>()
  for (let i = writes.length - 1; i >= 0; i--) {
    const { collection, id } = writes[i]!.key
    let ids = places.get(collection)
    if (ids === undefined) places.set(collection, (ids = new Map()))
    ids.set(id, i)
  }
  return places
}

const checkRows = async ({ on, names, pace }: Landing, scope: number, checks: ReadonlyArray<Check>): Promise<void> => {
  const statement = on.sql("select version from row where space = ? and id = ?")
  for (let i = 0; i < checks.length; i++) {
    const { key, version } = checks[i]!
    const space = names.space(scope, key.collection, "", on)
    const found = space === undefined ? undefined : first<[number]>(statement, space, key.id)
    if (found?.[0] !== (version === undefined ? undefined : toCount(version))) throw new Stale()
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
  }
}

const writeRows = async (
  landing: Landing,
  scope: number,
  { writes, time }: Commit,
  expected: ReadonlyArray<Expected>,
  position: number
): Promise<void> => {
  const { on, names, pace } = landing
  const rows = new RowWriter(on, position, time)
  for (let i = 0; i < writes.length; i++) {
    const { key, row, due, add, drop } = writes[i]!
    const space = names.internSpace(scope, key.collection, "", on)
    if (row === undefined) remove(on, space, key.id, expected[i])
    else {
      const kind = due === undefined ? null : names.internKind(key.collection, on)
      rows.write({ space, id: key.id, ...row, due: due ?? null, kind }, expected[i])
    }
    for (const entry of drop) writeEntry(landing, scope, key, entry, "delete from entry where list = ? and value = ? and id = ?")
    for (const entry of add)
      writeEntry(landing, scope, key, entry, "insert into entry (list, value, id) values (?, ?, ?) on conflict do nothing")
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
  }
  rows.finish()
}

/** As many rows as one statement writes: a call of SQLite costs about as much as the row. */
const AT_ONCE = 8

const ONE = "(?, ?, ?, ?, ?, ?, ?, ?)"
const ROW = `insert into row (version, time, schema, due, kind, value, space, id) values ${ONE}`
const MORE = `, ${ONE}`.repeat(AT_ONCE - 1)
const OVERWRITE =
  "on conflict do update set version = excluded.version, time = excluded.time, schema = excluded.schema, due = excluded.due, kind = excluded.kind, value = excluded.value"
const KEEP = "on conflict do nothing"

interface NewRow {
  readonly space: number
  readonly id: string
  readonly schema: number
  readonly value: string
  readonly due: number | null
  /** The number of its collection, where it is due. */
  readonly kind: number | null
}

/** Writes rows by the cheapest statement for what is known of each: it is absent, at a version, or anything. */
class RowWriter {
  readonly #on: Connection
  readonly #position: number
  readonly #time: number
  readonly #absent: Array<NewRow> = []
  readonly #any: Array<NewRow> = []

  constructor(on: Connection, position: number, time: number) {
    this.#on = on
    this.#position = position
    this.#time = time
  }

  write(row: NewRow, expected: Expected): void {
    if (expected === undefined) this.#gather(this.#any, row, OVERWRITE)
    else if (expected === ABSENT) this.#gather(this.#absent, row, KEEP)
    else this.#update(row, expected)
  }

  /** Writes the rows that were too few for a statement of their own. */
  finish(): void {
    for (const row of this.#any) this.#insert([row], `${ROW} ${OVERWRITE}`)
    for (const row of this.#absent) this.#insert([row], `${ROW} ${KEEP}`)
  }

  #gather(rows: Array<NewRow>, row: NewRow, onConflict: string): void {
    if (rows.push(row) < AT_ONCE) return
    this.#insert(rows, `${ROW}${MORE} ${onConflict}`)
    rows.length = 0
  }

  #insert(rows: ReadonlyArray<NewRow>, sql: string): void {
    const values: Array<number | string | null> = []
    for (const { space, id, schema, value, due, kind } of rows) values.push(this.#position, this.#time, schema, due, kind, value, space, id)
    if (this.#on.sql(sql).run(...values).changes !== rows.length) throw new Stale()
  }

  #update({ space, id, schema, value, due, kind }: NewRow, expected: number): void {
    const sql = "update row set version = ?, time = ?, schema = ?, due = ?, kind = ?, value = ? where space = ? and id = ? and version = ?"
    if (this.#on.sql(sql).run(this.#position, this.#time, schema, due, kind, value, space, id, expected).changes !== 1) throw new Stale()
  }
}

const remove = (on: Connection, space: number, id: string, expected: Expected): void => {
  if (expected === undefined) on.sql("delete from row where space = ? and id = ?").run(space, id)
  else if (expected === ABSENT) {
    if (on.one("select 1 from row where space = ? and id = ?", space, id) !== undefined) throw new Stale()
  } else if (on.sql("delete from row where space = ? and id = ? and version = ?").run(space, id, expected).changes !== 1) throw new Stale()
}

const writeEntry = ({ on, names }: Landing, scope: number, key: Write["key"], { index, value }: Entry, sql: string): void => {
  on.sql(sql).run(names.internSpace(scope, key.collection, index, on), value, key.id)
}

/** The type of what stands in the log for a commit without events. Names of types are numbered from 1. */
const MARK = 0

const EVENT = "insert into event (scope, position, type, body) values (?, ?, ?, ?)"
const EVENTS = EVENT + ", (?, ?, ?, ?)".repeat(AT_ONCE - 1)

const writeEvents = async (
  { on, names, pace }: Landing,
  scope: number,
  events: ReadonlyArray<EventWrite>,
  position: number
): Promise<void> => {
  const statement = on.sql(EVENT)
  if (events.length === 0) statement.run(scope, position, MARK, "")
  for (let i = 0; i < events.length; i++) {
    if (i + AT_ONCE <= events.length) {
      const values: Array<number | string> = []
      for (let n = i; n < i + AT_ONCE; n++) values.push(scope, position + n + 1, names.internType(events[n]!.type, on), events[n]!.body)
      on.sql(EVENTS).run(...values)
      i += AT_ONCE - 1
      if (pace.isSpent()) await pace.pause()
      continue
    }
    const { type, body } = events[i]!
    statement.run(scope, position + i + 1, names.internType(type, on), body)
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
  }
}
