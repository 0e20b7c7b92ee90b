import type { Commit, Key, StoreDriver } from "../ports/store.ts"
import { utf8Length } from "../values/plain/text.ts"

/** Rows and events, bytes, bytes of one value: what a commit may have in a store. */
export type Limits = StoreDriver["capabilities"]["limits"]

const KEY_BYTES = 512

/** Why a store with these limits will never take a commit, if so: what it breaks of the port's rules. `NotWritten` answers with it. */
export const problemOf = (commit: Commit, limits: Limits): string | undefined =>
  badKey(commit) ?? badText(commit) ?? tooMany(commit, limits) ?? tooLarge(commit, limits)

const badKey = ({ checks, writes }: Commit): string | undefined => {
  for (const { key } of checks) if (!isKey(key)) return keyProblem(key)
  for (const { key } of writes) if (!isKey(key)) return keyProblem(key)
  return undefined
}

const isKey = ({ collection, id }: Key): boolean => isKeyPart(id) && isKeyPart(collection)

/** Whether a text can be the collection or the id of a key. A row whose key is none can not be there. */
export const isKeyPart = (part: string): boolean => isText(part) && (part.length * 3 <= KEY_BYTES || utf8Length(part) <= KEY_BYTES)

const isText = (text: string): boolean => text.isWellFormed() && !text.includes("\0")

const keyProblem = ({ collection, id }: Key): string =>
  `Both parts of a key are well-formed text of at most ${KEY_BYTES} UTF-8 bytes without U+0000; (${JSON.stringify(collection)}, ${JSON.stringify(id)}) is not.`

/** A database would keep a lone surrogate as U+FFFD, so that two texts became one. */
const badText = ({ writes, events, id }: Commit): string | undefined => {
  if (!id.isWellFormed()) return "The id of the commit is not well-formed text."
  for (const { row, add } of writes) {
    if (row !== undefined && !row.value.isWellFormed()) return "A row's value has half of a surrogate pair."
    for (const { index, value } of add) {
      if (!isText(value)) return `An entry of the index "${index}" is not well-formed text without U+0000: ${JSON.stringify(value)}.`
      if (!index.isWellFormed()) return "The name of an index is not well-formed text."
    }
  }
  for (const { type, body } of events)
    if (!type.isWellFormed() || !body.isWellFormed()) return `An event of type ${JSON.stringify(type)} has half of a surrogate pair.`
  return undefined
}

/** A row that is both checked and written counts once. */
const tooMany = ({ checks, writes, events }: Commit, limits: Limits): string | undefined => {
  if (checks.length + writes.length + events.length <= limits.keys) return undefined
  const keys = new Set([...checks, ...writes].map(({ key }) => `${key.collection}\0${key.id}`))
  const count = keys.size + events.length
  return count <= limits.keys ? undefined : `${count} rows and events are more than the ${limits.keys} that a commit may have.`
}

/** A UTF-16 unit is three bytes of UTF-8 at most, so that nearly no text has to be counted. */
const tooLarge = ({ writes, events }: Commit, limits: Limits): string | undefined => {
  let units = 0
  for (const text of textsOf(writes, events)) {
    const bytes = text.length * 3 <= limits.valueBytes ? 0 : utf8Length(text)
    if (bytes > limits.valueBytes) return `A value of ${bytes} bytes is larger than the ${limits.valueBytes} allowed.`
    units += text.length
  }
  if (units * 3 <= limits.bytes) return undefined
  let bytes = 0
  for (const text of textsOf(writes, events)) bytes += utf8Length(text)
  return bytes <= limits.bytes ? undefined : `${bytes} bytes are more than the ${limits.bytes} that a commit may have.`
}

function* textsOf(writes: Commit["writes"], events: Commit["events"]): Generator<string, void> {
  for (const { row } of writes) if (row !== undefined) yield row.value
  for (const { body } of events) yield body
}
