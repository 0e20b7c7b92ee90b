import { InvalidRow } from "../errors.ts"
import type { RowState } from "../kernel/batch.ts"
import type { Collection } from "../kernel/collection.ts"
import { asIs, type Opened, type Vault } from "../personal/vault.ts"
import type { Pace } from "../ports/pace.ts"
import type { Entry, Key, Row } from "../ports/store.ts"
import { freeze } from "./ids.ts"
import { encodePart, plainEntries, rawEntries, type RawEntry } from "./index-key.ts"

export const place = (collection: Collection, storedId: string): string => `${collection.name}\n${storedId}`

/** Gives every row the id that it is stored by. */
export const locate = async (rows: Iterable<RowState>, vault: Vault): Promise<void> => {
  for (const row of rows) row.storedId ??= await vault.storedId(row.collection, row.id)
}

export const keyOf = (row: RowState): Key => ({ collection: row.collection.name, id: row.storedId! })

/** What `JSON.parse` makes of a stored row, or of one that was damaged. */
const TORN = Symbol("torn")

export const parsed = (row: Row | undefined): unknown => {
  try {
    return row === undefined ? undefined : JSON.parse(row.value)
  } catch {
    return TORN
  }
}

/** Takes over what the store holds: opened, brought to this release's schema, checked and frozen. A bad row fails only its readers. */
export const accept = async (
  states: ReadonlyArray<RowState>,
  stored: ReadonlyArray<Row | undefined>,
  vault: Vault,
  pace: Pace
): Promise<void> => {
  const values = stored.map(parsed)
  const opened = states.some((s) => s.collection.personal !== undefined)
    ? await vault.open(
        states.map((s, i) => ({ value: values[i], place: place(s.collection, s.storedId!) })),
        pace
      )
    : undefined
  for (const [i, state] of states.entries()) {
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
    const row = stored[i]
    const read = row === undefined ? undefined : current(state.collection, state.id, row.schema, opened?.[i] ?? asIs(values[i]))
    state.known = true
    state.version = row?.version
    state.time = row?.time ?? 0
    state.schema = row?.schema ?? 0
    state.secret = opened?.[i]?.sealed ?? false
    state.entries = undefined
    state.problem = read instanceof InvalidRow ? read : undefined
    state.base = read instanceof InvalidRow ? undefined : freeze(read)
    if (!state.written) state.current = state.base
  }
}

/** What is written over a row keeps the fields that this release does not know, though whoever wrote it made the row anew. */
export const keepUnknown = (row: RowState): void => {
  const { collection, base, current: value } = row
  if (!isObject(base) || !isObject(value) || row.schema < collection.version) return
  const { shape, def } = collection.schema as { readonly shape?: object; readonly def?: { readonly catchall?: unknown } }
  // Where a schema takes any field, those that are not there have been taken away.
  if (shape === undefined || (def?.catchall !== undefined && row.schema === collection.version)) return
  const unknown: Record<string, unknown> = {}
  let found = false
  for (const field in base) {
    if (Object.hasOwn(shape, field) || Object.hasOwn(value, field)) continue
    unknown[field] = base[field as keyof typeof base]
    found = true
  }
  if (found) row.current = freeze({ ...value, ...unknown })
}

/** Brings a stored value to the collection's version, or says why it can not be read. Fields that the schema does not know are kept. */
export const current = (collection: Collection, id: string, schema: number, opened: Opened): unknown => {
  // An id that is personal data does not go where messages go.
  const named = collection.personalId ? `A row of ${collection.name}` : `The row "${id}" of ${collection.name}`
  const problem = (message: string, issues: InvalidRow["issues"] = []) =>
    new InvalidRow({ collection: collection.name, id, issues, message: `${named} ${message}` })
  if (opened.erased && collection.personalId) return undefined
  if (opened.value === TORN) return problem("is no JSON. It was left as it is.")
  if (opened.problem !== undefined) return problem(opened.problem)
  if (schema > collection.version + 1)
    return problem(
      `was written with version ${schema} of its schema; this release knows version ${collection.version} and can keep rows of ${collection.version + 1}. Update before you open it.`
    )
  let { value } = opened
  for (let version = schema; version < collection.version; version++) {
    const upcast = collection.upcasts[version]
    if (upcast === undefined)
      return problem(`is of version ${version}, and the collection declares no upcast from it (upcasts: { ${version}: (row) => … }).`)
    try {
      value = upcast(freeze(value) as never)
    } catch (cause) {
      return problem(`could not be brought from version ${version} to ${version + 1}: ${String(cause)}`)
    }
  }
  const checked = attempt(() => collection.schema.safeParse(value))
  if (checked instanceof Error) return problem(`could not be checked: ${checked.message}`)
  if (checked.success) return value
  const issues = checked.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }))
  return problem(
    `fits no version of its schema: ${issues.map((issue) => `${issue.path || "(whole)"}: ${issue.message}`).join("; ")}. It was left as it is.`,
    issues
  )
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const attempt = <A>(check: () => A): A | Error => {
  try {
    return check()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The text of an entry; its personal parts are keyed hashes, which keep equality and nothing else. */
const entryText = (collection: Collection, raw: RawEntry, vault: Vault): string | Promise<string> => {
  const secret = collection.personal?.fields as ReadonlyArray<string> | undefined
  if (secret === undefined || !raw.parts.some((part) => secret.includes(part.field)))
    return raw.parts.map((part) => encodePart(part.value)).join("")
  return Promise.all(
    raw.parts.map(async ({ field, value }) =>
      encodePart(secret.includes(field) ? await vault.hash(`${collection.name}.${field}\n${encodePart(value)}`) : value)
    )
  ).then((texts) => texts.join(""))
}

/** The index entries of a value as they are stored. */
export const storedEntries = (
  collection: Collection,
  value: unknown,
  vault: Vault
): ReadonlyArray<Entry> | Promise<ReadonlyArray<Entry>> => {
  const plain = plainEntries(collection, value)
  if (plain !== undefined) return plain
  const entries = rawEntries(collection, value).map((raw) => ({ index: raw.index, value: entryText(collection, raw, vault) }))
  if (entries.every((entry): entry is Entry => typeof entry.value === "string")) return entries
  return Promise.all(entries.map(async (entry) => ({ index: entry.index, value: await entry.value })))
}
