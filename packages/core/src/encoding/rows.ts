import { InvalidRow } from "../errors.ts"
import type { RowState } from "../kernel/batch.ts"
import type { Collection } from "../kernel/collection.ts"
import type { Vault } from "../personal/vault.ts"
import type { Entry, Key, Row } from "../ports/store.ts"
import { freeze } from "./ids.ts"
import { encodePart, rawEntries, type RawEntry } from "./index-key.ts"

export const place = (collection: Collection, storedId: string): string => `${collection.name}\n${storedId}`

/** Gives every row the id that it is stored by. */
export const locate = async (rows: Iterable<RowState>, vault: Vault): Promise<void> => {
  for (const row of rows) row.storedId ??= await vault.storedId(row.collection, row.id)
}

export const keyOf = (row: RowState): Key => ({ collection: row.collection.name, id: row.storedId! })

/** Takes over what the store holds: opened, brought to this release's schema, checked and frozen. A bad row fails only its readers. */
export const accept = async (states: ReadonlyArray<RowState>, stored: ReadonlyArray<Row | undefined>, vault: Vault): Promise<void> => {
  const parsed = stored.map((row): unknown => (row === undefined ? undefined : JSON.parse(row.value)))
  const opened = states.some((s) => s.collection.personal !== undefined)
    ? await vault.open(states.map((s, i) => ({ value: parsed[i], place: place(s.collection, s.storedId!) })))
    : undefined
  states.forEach((state, i) => {
    const row = stored[i]
    const { value, erased, sealed } = opened?.[i] ?? { value: parsed[i], erased: false, sealed: false }
    state.known = true
    state.version = row?.version
    state.time = row?.time ?? 0
    state.schema = row?.schema ?? 0
    state.secret = sealed
    state.entries = undefined
    const read =
      row === undefined || (erased && state.collection.personalId) ? undefined : current(state.collection, state.id, row.schema, value)
    state.problem = read instanceof InvalidRow ? read : undefined
    state.base = read instanceof InvalidRow ? undefined : freeze(read)
    if (!state.written) state.current = state.base
  })
}

/** Brings a stored value to the collection's version, or says why it can not be read. Fields that the schema does not know are kept. */
export const current = (collection: Collection, id: string, schema: number, stored: unknown): unknown => {
  const problem = (message: string, issues: InvalidRow["issues"] = []) =>
    new InvalidRow({ collection: collection.name, id, issues, message: `The row "${id}" of ${collection.name} ${message}` })
  if (schema > collection.version + 1)
    return problem(
      `was written with version ${schema} of its schema; this release knows version ${collection.version} and can keep rows of ${collection.version + 1}. Update before you open it.`
    )
  let value = stored
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
  const checked = collection.schema.safeParse(value)
  if (checked.success) return value
  const issues = checked.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }))
  return problem(
    `fits no version of its schema: ${issues.map((issue) => `${issue.path || "(whole)"}: ${issue.message}`).join("; ")}. It was left as it is.`,
    issues
  )
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
  const entries = rawEntries(collection, value).map((raw) => ({ index: raw.index, value: entryText(collection, raw, vault) }))
  if (entries.every((entry): entry is Entry => typeof entry.value === "string")) return entries
  return Promise.all(entries.map(async (entry) => ({ index: entry.index, value: await entry.value })))
}
