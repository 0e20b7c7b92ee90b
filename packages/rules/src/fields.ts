import { type Read, readOne, readTwo } from "./sites.ts"

/** Own or not, these are never read: they lead from data to code. */
const isForbidden = (key: string): boolean => key === "__proto__" || key === "constructor" || key === "prototype"

const isRecord = (data: unknown): data is Record<string, unknown> => typeof data === "object" && data !== null

/** The own property of an object or list, or the length of a text; never anything inherited. */
export const own = (data: unknown, key: string): unknown => {
  if (isRecord(data)) return !isForbidden(key) && Object.hasOwn(data, key) ? data[key] : undefined
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

const isBare = (data: object): boolean => Object.getPrototypeOf(data) === Object.prototype

/**
 * Whether reading the properties of this data finds its own and nothing else: it is a plain object, what the given readers
 * find in it is plain too or holds nothing, and nobody has put anything into the prototype of all objects.
 */
export const isPlain = (data: unknown, inside: ReadonlyArray<Read>): boolean => {
  if (!isRecord(data) || !isBare(data)) return false
  for (const _ in Object.prototype) return false
  for (const read of inside) {
    const value = read(data)
    if (value !== undefined && value !== null && !(isRecord(value) && isBare(value))) return false
  }
  return true
}

/** Reads a path in data that is plain all along (see `isPlain`), which is several times faster. */
export const plainReader = (keys: ReadonlyArray<string>): Read => {
  const [a, b, ...rest] = keys
  if (a === undefined || keys.some((key) => key in Object.prototype || isForbidden(key))) return ownReader(keys)
  if (b === undefined) return readOne(a)
  const read = readTwo(a, b)
  return rest.length === 0 ? read : (data) => ownAt(read(data), rest)
}
