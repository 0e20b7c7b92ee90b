import type { Commit, Key, StoreDriver } from "@omni/core"

export type Limits = StoreDriver["capabilities"]["limits"]

/** Rows and events, bytes, bytes of one value: what a commit may have. PostgreSQL itself could hold more. */
export const limits: Limits = { keys: 20_000, bytes: 2 ** 26, valueBytes: 2 ** 24 }

const KEY_BYTES = 512

/** Why a commit will never be taken, if so: what it breaks of the port's rules. */
export const refusalOf = (commit: Commit): string | undefined => badKey(commit) ?? badText(commit) ?? tooMany(commit) ?? tooLarge(commit)

const badKey = ({ checks, writes }: Commit): string | undefined => {
  for (const { key } of checks) if (!isKey(key)) return keyProblem(key)
  for (const { key } of writes) if (!isKey(key)) return keyProblem(key)
  return undefined
}

const isKey = ({ collection, id }: Key): boolean => isPart(id) && isPart(collection)

/** A UTF-16 unit is three bytes of UTF-8 at most. */
export const isPart = (part: string): boolean =>
  part.isWellFormed() && !part.includes("\0") && (part.length * 3 <= KEY_BYTES || Buffer.byteLength(part) <= KEY_BYTES)

const keyProblem = ({ collection, id }: Key): string =>
  `Both parts of a key are well-formed text of at most ${KEY_BYTES} UTF-8 bytes without U+0000; (${JSON.stringify(collection)}, ${JSON.stringify(id)}) is not.`

/** A lone surrogate would be sent as U+FFFD, so that two texts became one. */
const badText = ({ writes, events, id }: Commit): string | undefined => {
  if (!id.isWellFormed()) return "The id of the commit is not well-formed text."
  for (const { row, add } of writes) {
    if (row !== undefined && !row.value.isWellFormed()) return "A row's value has half of a surrogate pair."
    for (const { index, value } of add) {
      if (!value.isWellFormed() || value.includes("\0"))
        return `An entry of the index "${index}" is not well-formed text without U+0000: ${JSON.stringify(value)}.`
      if (!index.isWellFormed()) return "The name of an index is not well-formed text."
    }
  }
  for (const { type, body } of events)
    if (!type.isWellFormed() || !body.isWellFormed()) return `An event of type ${JSON.stringify(type)} has half of a surrogate pair.`
  return undefined
}

/** A row that is both checked and written counts once. */
const tooMany = ({ checks, writes, events }: Commit): string | undefined => {
  if (checks.length + writes.length + events.length <= limits.keys) return undefined
  const keys = new Set([...checks, ...writes].map(({ key }) => `${key.collection}\0${key.id}`))
  const count = keys.size + events.length
  return count <= limits.keys ? undefined : `${count} rows and events are more than the ${limits.keys} that a commit may have.`
}

const tooLarge = ({ writes, events }: Commit): string | undefined => {
  let units = 0
  for (const text of textsOf(writes, events)) {
    if (text.length * 3 > limits.valueBytes && Buffer.byteLength(text) > limits.valueBytes)
      return `A value of ${Buffer.byteLength(text)} bytes is larger than the ${limits.valueBytes} allowed.`
    units += text.length
  }
  if (units * 3 <= limits.bytes) return undefined
  let bytes = 0
  for (const text of textsOf(writes, events)) bytes += Buffer.byteLength(text)
  return bytes <= limits.bytes ? undefined : `${bytes} bytes are more than the ${limits.bytes} that a commit may have.`
}

function* textsOf(writes: Commit["writes"], events: Commit["events"]): Generator<string, void> {
  for (const { row } of writes) if (row !== undefined) yield row.value
  for (const { body } of events) yield body
}
