import type { Commit, Key, StoreDriver } from "../ports/store.ts"
import { utf8Length } from "../values/plain/text.ts"

export type Limits = StoreDriver["capabilities"]["limits"]

const KEY_BYTES = 512

/** Why a commit will never be taken, if so: what it breaks of the port's limits. */
export const refusal = (commit: Commit, limits: Limits): string | undefined =>
  badKey(commit) ?? badEntry(commit) ?? tooMany(commit, limits) ?? tooLarge(commit, limits)

const badKey = ({ checks, writes }: Commit): string | undefined => {
  for (const { key } of checks) if (!isKey(key)) return keyProblem(key)
  for (const { key } of writes) if (!isKey(key)) return keyProblem(key)
  return undefined
}

const isKey = ({ collection, id }: Key): boolean => isPart(collection) && isPart(id)

const isPart = (part: string): boolean => isText(part) && (part.length * 3 <= KEY_BYTES || utf8Length(part) <= KEY_BYTES)

const isText = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)

const keyProblem = ({ collection, id }: Key): string =>
  `A key's parts are well-formed texts of at most ${KEY_BYTES} UTF-8 bytes without U+0000, which (${JSON.stringify(collection)}, ${JSON.stringify(id)}) is not.`

const badEntry = ({ writes }: Commit): string | undefined => {
  for (const { add } of writes) {
    for (const { index, value } of add)
      if (!isText(value)) return `An entry of the index "${index}" is no well-formed text without U+0000: ${JSON.stringify(value)}.`
  }
  return undefined
}

/** A row that is both checked and written counts once. */
const tooMany = ({ checks, writes, events }: Commit, limits: Limits): string | undefined => {
  if (checks.length + writes.length + events.length <= limits.keys) return undefined
  const keys = new Set([...checks, ...writes].map(({ key }) => JSON.stringify([key.collection, key.id])))
  const count = keys.size + events.length
  return count <= limits.keys ? undefined : `${count} rows and events are more than the ${limits.keys} that one commit may touch.`
}

const tooLarge = ({ writes, events }: Commit, limits: Limits): string | undefined => {
  let total = 0
  for (const text of textsOf({ writes, events })) {
    // Three bytes for each unit is the most there can be, so nearly no text has to be counted.
    const bytes = text.length * 3 <= limits.valueBytes ? text.length : utf8Length(text)
    if (bytes > limits.valueBytes) return `A value of ${bytes} bytes is larger than the ${limits.valueBytes} allowed.`
    total += bytes
  }
  if (total * 3 <= limits.bytes) return undefined
  let bytes = 0
  for (const text of textsOf({ writes, events })) bytes += utf8Length(text)
  return bytes <= limits.bytes ? undefined : `${bytes} bytes are more than the ${limits.bytes} that one commit may hold.`
}

function* textsOf({ writes, events }: Pick<Commit, "writes" | "events">): Generator<string, void> {
  for (const { row } of writes) if (row !== undefined) yield row.value
  for (const { body } of events) yield body
}
