/** Reads one place of the data; undefined when it is absent. */
export type Read = (data: unknown) => unknown

/** Own or not, these are never read: they lead from data to code. */
const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"])

const isRecord = (data: unknown): data is Record<string, unknown> => typeof data === "object" && data !== null

/** The own property of an object or list, or the length of a text; never anything inherited. */
export const own = (data: unknown, key: string): unknown => {
  if (isRecord(data)) return Object.hasOwn(data, key) && !forbidden.has(key) ? data[key] : undefined
  return key === "length" && typeof data === "string" ? data.length : undefined
}

/** The value at a path of keys, own properties alone. */
export const ownAt = (data: unknown, keys: ReadonlyArray<string>): unknown => {
  let value = data
  for (const key of keys) value = own(value, key)
  return value
}

/** Reads a path in data of any kind. */
export const ownReader =
  (keys: ReadonlyArray<string>): Read =>
  (data) =>
    ownAt(data, keys)

/**
 * Whether reading a property of this data finds its own properties and nothing else: it is a plain object, and nobody
 * has put anything into the prototype of all objects.
 */
export const isPlain = (data: unknown): data is Record<string, unknown> => {
  if (!isRecord(data) || Object.getPrototypeOf(data) !== Object.prototype) return false
  for (const _ in Object.prototype) return false
  return true
}

/**
 * The same function many times over, because engines keep one inline cache per function in the source: a reader that
 * shares its cache with readers of other keys is several times slower.
 */
const sites: ReadonlyArray<(key: string) => Read> = [
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined),
  (key) => (data) => (isRecord(data) ? data[key] : undefined)
]

const siteOf = new Map<string, (key: string) => Read>()

const siteFor = (key: string): ((key: string) => Read) => {
  const known = siteOf.get(key)
  if (known !== undefined) return known
  const site = sites[siteOf.size % sites.length] ?? ownKeyReader
  if (siteOf.size < 1_000) siteOf.set(key, site)
  return site
}

const ownKeyReader =
  (key: string): Read =>
  (data) =>
    own(data, key)

/** Reads a path in data that is plain (see `isPlain`), which is several times faster. */
export const plainReader = (keys: ReadonlyArray<string>): Read => {
  const [first, ...rest] = keys
  if (first === undefined || first in Object.prototype) return ownReader(keys)
  const read = siteFor(first)(first)
  return rest.length === 0 ? read : (data) => ownAt(read(data), rest)
}
