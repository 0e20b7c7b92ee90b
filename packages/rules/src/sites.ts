/** Reads one place of the data; undefined when it is absent. */
export type Read = (data: unknown) => unknown

/** Plain objects within plain objects, as far as anybody reads them. */
interface Tree {
  readonly [key: string]: Tree | undefined
}

const isTree = (data: unknown): data is Tree => typeof data === "object" && data !== null

/*
 * The same function many times over, because engines keep one inline cache per function in the source: a reader that
 * shares its cache with readers of other paths is several times slower.
 */
const shallow: ReadonlyArray<(a: string) => Read> = [
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined),
  (a) => (data) => (isTree(data) ? data[a] : undefined)
]

const deep: ReadonlyArray<(a: string, b: string) => Read> = [
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined),
  (a, b) => (data) => (isTree(data) ? data[a]?.[b] : undefined)
]

/** Which of its kind a path has; beyond so many paths they share, and nothing more is kept. */
const places = new Map<string, number>()
const mostPlaces = 1_000

const placeOf = (path: string, among: number): number => {
  const known = places.get(path)
  if (known !== undefined) return known
  const place = places.size % among
  if (places.size < mostPlaces) places.set(path, place)
  return place
}

/** Reads the property `a` of a plain object. */
export const readOne = (a: string): Read => {
  const site = shallow[placeOf(a, shallow.length)]
  return site === undefined ? () => undefined : site(a)
}

/** Reads the property `b` of the plain object, if any, that is the property `a` of a plain object. */
export const readTwo = (a: string, b: string): Read => {
  const site = deep[placeOf(`${a}.${b}`, deep.length)]
  return site === undefined ? () => undefined : site(a, b)
}
