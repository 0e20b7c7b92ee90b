import type { Scope } from "../client/engine.ts"
import { freeze } from "../encoding/ids.ts"
import { encodePart, LAST, type IndexValue } from "../encoding/index-key.ts"
import { current, parsed, place, storedEntries } from "../encoding/rows.ts"
import { InvalidOperation, InvalidRow } from "../errors.ts"
import type { Collection } from "../kernel/collection.ts"
import type { Result } from "../kernel/operation.ts"
import type { Found, IndexQuery, Position, Row, Snapshot } from "../ports/store.ts"
import { type Answer, type Find, type Item, type Page, type Place, readCursor, type View, writeCursor } from "./query.ts"

const LIMIT = 50
const MOST = 1000
/** More dependent loads than this mean that a query reads in a loop. */
const ROUNDS = 24

interface Wanted<T, V> {
  readonly ask: T
  value: V | undefined
}
/** A row that was opened, and the version that it was opened of. */
interface OpenedRow {
  readonly row: unknown | InvalidRow
  readonly version: Position | undefined
}
type WantedRow = Wanted<{ readonly collection: Collection; readonly id: string }, OpenedRow>
type WantedPage = Wanted<{ readonly collection: Collection; readonly index: string; readonly find: Find }, Page<Item<unknown>>>

/** What asking needs of a query. */
interface Asked<I, A, E> {
  readonly name: string
  readonly body: (view: View, input: I) => Generator<E, A, unknown>
}

/** Thrown by a read that is not loaded yet, as in a transaction. */
const LOADING: Error = new Error("Rows are being loaded. This error is the kernel's: let it pass.")

class Reading implements View {
  readonly rows = new Map<string, WantedRow>()
  readonly pages = new Map<string, WantedPage>()
  waiting = false
  /** The log has gone on between two loads. */
  moved = false

  readonly now: number
  readonly tenant: string

  constructor(now: number, tenant: string) {
    this.now = now
    this.tenant = tenant
  }

  get<R>(collection: Collection<R>, id: string): R | undefined {
    return this.getMany(collection, [id])[0]
  }

  getMany<R>(collection: Collection<R>, ids: ReadonlyArray<string>): ReadonlyArray<R | undefined> {
    const wanted = ids.map((id) => {
      const key = `${collection.name}\n${id}`
      const known = this.rows.get(key)
      if (known !== undefined) return known
      const fresh: WantedRow = { ask: { collection: collection as Collection, id }, value: undefined }
      this.rows.set(key, fresh)
      return fresh
    })
    if (wanted.some((w) => w.value === undefined)) this.#wait()
    return wanted.map((w) => {
      const { row } = w.value!
      if (row instanceof InvalidRow) throw row
      return row as R | undefined
    })
  }

  find<R, I extends string>(collection: Collection<R, I>, index: I | "id", find: Find = {}): Page<Item<R>> {
    return this.findMany(collection, index, [find])[0]!
  }

  findMany<R, I extends string>(collection: Collection<R, I>, index: I | "id", finds: ReadonlyArray<Find>): ReadonlyArray<Page<Item<R>>> {
    const wanted = finds.map((find) => {
      const key = JSON.stringify([collection.name, index, find])
      const known = this.pages.get(key)
      if (known !== undefined) return known
      const fresh: WantedPage = { ask: { collection: collection as Collection, index, find }, value: undefined }
      this.pages.set(key, fresh)
      return fresh
    })
    if (wanted.some((page) => page.value === undefined)) this.#wait()
    return wanted.map((page) => page.value as Page<Item<R>>)
  }

  #wait(): never {
    this.waiting = true
    throw LOADING
  }
}

/** Answers a query at one log position: what it reads late is of the same moment as all the rest, or all is read again. */
export const ask = async <I, A, E>(
  scope: Scope,
  now: number,
  query: Asked<I, A, E>,
  input: I
): Promise<{ readonly answer: Result<Answer<A>, E | InvalidRow>; readonly collections: ReadonlySet<string> }> => {
  const view = new Reading(now, scope.id)
  let position: Position | undefined
  for (let round = 0; round < ROUNDS; round++) {
    view.waiting = false
    const ended = tell(view, query, input)
    if (!view.waiting && ended !== undefined) {
      position ??= (await scope.store.read([])).position
      const collections = new Set([...view.rows.values(), ...view.pages.values()].map((w) => w.ask.collection.name))
      return { answer: ended.ok ? { ok: true, value: { position, value: ended.value } } : ended, collections }
    }
    position = await load(scope, view, position)
  }
  throw new InvalidOperation({
    operation: query.name,
    message: `"${query.name}" needed more than ${ROUNDS} dependent loads. Load what a loop reads with view.getMany before it.`
  })
}

const tell = <I, A, E>(view: Reading, query: Asked<I, A, E>, input: I): Result<A, E | InvalidRow> | undefined => {
  try {
    const body = query.body(view, input)
    const step = body.next()
    if (step.done === true) return { ok: true, value: freeze(step.value) }
    body.return(undefined as A)
    return { ok: false, error: step.value }
  } catch (error) {
    if (view.waiting) return undefined
    if (error instanceof InvalidRow) return { ok: false, error }
    throw error
  }
}

/**
 * Loads what is missing. As long as the position stays where it was, what was read before is of the same moment: every commit takes one, whether it writes rows or
 * events. Once it has gone on, all is read again, and from then on in one go with what is missing: a store that others write to would be asked twice each time.
 */
const load = async (scope: Scope, view: Reading, before: Position | undefined): Promise<Position> => {
  const all = before === undefined || view.moved
  const position = await read(scope, view, all)
  if (all || position === before) return position
  view.moved = true
  return read(scope, view, true)
}

/** Reads what is missing, or all, in one snapshot. */
const read = async (scope: Scope, view: Reading, all: boolean): Promise<Position> => {
  const rows = [...view.rows.values()].filter(({ value }) => all || value === undefined)
  const pages = [...view.pages.values()].filter(({ value }) => all || value === undefined)
  const ids = await Promise.all(
    rows.map(({ ask: { collection, id } }) => (collection.personalId ? scope.vault.storedId(collection, id) : id))
  )
  const queries = await Promise.all(pages.map(({ ask: { collection, index, find } }) => indexQuery(scope, collection, index, find)))
  const keys = rows.map(({ ask }, i) => ({ collection: ask.collection.name, id: ids[i]! }))
  const snapshot: Snapshot = await scope.store.read(keys, queries)
  // What was opened before and has not changed since is what this moment has, too; but for personal data, whose key may be destroyed by now.
  const isOpened = ({ ask: { collection }, value }: WantedRow, row: Row | undefined): boolean =>
    value !== undefined && value.version === row?.version && collection.personal === undefined && !collection.personalId
  const fresh = [...rows.keys()].filter((i) => !isOpened(rows[i]!, snapshot.rows[i]))
  const opened = await open(
    scope,
    fresh.map((i) => ({ collection: rows[i]!.ask.collection, id: rows[i]!.ask.id, storedId: ids[i]!, row: snapshot.rows[i] }))
  )
  fresh.forEach((i, at) => {
    rows[i]!.value = { row: opened[at]!.row, version: snapshot.rows[i]?.version }
  })
  await Promise.all(
    pages.map(async (wanted, i) => {
      wanted.value = await page(scope, wanted.ask.collection, wanted.ask.index, snapshot.pages[i]!)
    })
  )
  return snapshot.position
}

/** Rows as the schema has them; one that fits no version is its own error. */
const open = async (
  scope: Scope,
  found: ReadonlyArray<{ readonly collection: Collection; readonly id: string; readonly storedId: string; readonly row: Row | undefined }>
): Promise<ReadonlyArray<{ readonly id: string; readonly row: unknown | InvalidRow }>> => {
  const opened = await scope.vault.open(
    found.map(({ collection, storedId, row }) => ({
      value: parsed(row),
      place: place(collection, storedId)
    }))
  )
  return found.map(({ collection, id, row }, i) => {
    if (row === undefined) return { id, row: undefined }
    return { id: opened[i]!.id ?? id, row: freeze(current(collection, id, row.schema, opened[i]!)) }
  })
}

const page = async (
  scope: Scope,
  collection: Collection,
  index: string,
  { items, more }: { readonly items: ReadonlyArray<Found>; readonly more: boolean }
): Promise<Page<Item<unknown>>> => {
  const opened = await open(
    scope,
    items.map(({ id, row }) => ({ collection, id, storedId: id, row }))
  )
  const kept: Array<Item<unknown>> = []
  const invalid: Array<InvalidRow> = []
  for (const [i, { id, row }] of opened.entries()) {
    if (row instanceof InvalidRow) invalid.push(row)
    else if (row !== undefined && (index === "id" || (await stands(scope, collection, index, items[i]!.value, row)))) kept.push({ id, row })
  }
  const last = items.at(-1)
  return {
    items: kept,
    ...(more && last !== undefined ? { cursor: writeCursor(last) } : {}),
    ...(invalid.length > 0 ? { invalid } : {})
  }
}

/** The keyed hash of an erased person still stands in the index: the row, opened, no longer says so. */
const stands = async (scope: Scope, collection: Collection, index: string, value: string, row: unknown): Promise<boolean> => {
  if (collection.personal === undefined) return true
  return (await storedEntries(collection, row, scope.vault)).some((entry) => entry.index === index && entry.value === value)
}

const indexQuery = async (scope: Scope, collection: Collection, index: string, find: Find): Promise<IndexQuery> => {
  const fields = index === "id" ? ["id"] : collection.indexes[index]
  if (fields === undefined)
    throw new InvalidOperation({
      operation: collection.name,
      message: `${collection.name} declares no index "${index}". It has: ${["id", ...Object.keys(collection.indexes)].join(", ")}.`
    })
  const { equals = [], from, to, order = "asc", limit = LIMIT, after } = find
  const secret = (collection.personal?.fields ?? []) as ReadonlyArray<string>
  const part = async (value: IndexValue, at: number): Promise<string> => {
    const field = fields[at]!
    if (index === "id") return String(value)
    return encodePart(secret.includes(field) ? await scope.vault.hash(`${collection.name}.${field}\n${encodePart(value)}`) : value)
  }
  const prefix = (await Promise.all(equals.map(part))).join("")
  const low = from === undefined ? prefix : prefix + (await part(from, equals.length))
  const high = to === undefined ? prefix : prefix + (await part(to, equals.length))
  return {
    collection: collection.name,
    index: index === "id" ? "" : index,
    from: low,
    order,
    limit: Math.max(1, Math.min(limit, MOST)),
    to: index === "id" && (to !== undefined || equals.length > 0) ? high : high + LAST,
    after: after === undefined ? undefined : cursor(collection, after)
  }
}

const cursor = (collection: Collection, text: string): Place => {
  const place = readCursor(text)
  if (place !== undefined) return place
  throw new InvalidOperation({
    operation: collection.name,
    message: `"${text.slice(0, 40)}" is no cursor. Hand back the \`cursor\` of the page before, unchanged.`
  })
}
