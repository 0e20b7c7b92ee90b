import { type Bounds, bounds } from "./bounds.ts"
import type { Key, Keys } from "./keys.ts"
import { isTrue, type Predicate } from "./predicates.ts"

/** Something filed under what has to be so for it to match. */
interface Filed<Item> {
  readonly item: Item
  /** What its place does not yet say. */
  readonly rest: ReadonlyArray<Predicate>
  /** At how many places below this one it may be filed. */
  readonly room: number
}

/** A place in the index: what is filed here, and what is filed further down, by the field that tells it apart. */
interface Bucket<Item> {
  readonly here: Array<Filed<Item>>
  /** Undefined until there is too much here. */
  branches: Branches<Item> | undefined
}

interface Branches<Item> {
  readonly all: Array<Branch<Item>>
  readonly byField: Map<number, Branch<Item>>
}

interface Branch<Item> {
  readonly field: number
  readonly byKey: Map<Key, Bucket<Item>>
  /** Undefined until there is a range. */
  byRange: Bounds<Filed<Item>> | undefined
}

/** How rare a predicate is thought to be: the share of events, from 0 to 1, of which it is true. */
export type Share = (predicate: Predicate) => number

/** A bucket is split when looking into its branches costs less than trying all that is here. */
const mostHere = 12

/** A predicate that most events fulfil tells nothing apart. */
const uselessShare = 0.8

/**
 * A rule that asks for one of many values in several fields would be filed at as many places as there are ways to choose one of each: it
 * is filed at no more than it has values, or this many, and what that leaves unsaid is tried.
 */
const fewPlaces = 64

/** A tree of buckets in which every item is filed by its rarest predicates, as deep as there are many alike. */
export interface Tree<Item> {
  readonly add: (item: Item, predicates: ReadonlyArray<Predicate>) => void
  /** Calls with every item of which all predicates are true, once each. */
  readonly each: (keys: Keys, use: (item: Item) => void) => void
}

/** See `Tree`. */
export const tree = <Item>(share: Share): Tree<Item> => {
  const root = bucket<Item>()
  return {
    add: (item, rest) => file(root, { item, rest, room: Math.max(fewPlaces, valuesIn(rest)) }, share),
    each: (keys, use) =>
      visit(root, keys, ({ item, rest }) => {
        for (const predicate of rest) if (!isTrue(predicate, keys)) return
        use(item)
      })
  }
}

const valuesIn = (predicates: ReadonlyArray<Predicate>): number => predicates.reduce((sum, predicate) => sum + placesOf(predicate), 0)

/** At how many places a predicate files what it is a part of. */
const placesOf = (predicate: Predicate): number => (predicate.kind === "range" ? 1 : predicate.keys.length)

const bucket = <Item>(): Bucket<Item> => ({ here: [], branches: undefined })

const file = <Item>(into: Bucket<Item>, filed: Filed<Item>, share: Share): void => {
  if (into.branches !== undefined) return fileDown(into, into.branches, filed, share)
  into.here.push(filed)
  if (into.here.length <= mostHere) return
  into.branches = { all: [], byField: new Map() }
  for (const one of into.here.splice(0)) fileDown(into, into.branches, one, share)
}

const fileDown = <Item>(into: Bucket<Item>, branches: Branches<Item>, filed: Filed<Item>, share: Share): void => {
  const predicate = rarest(filed, share)
  if (predicate === undefined) {
    into.here.push(filed)
    return
  }
  const branch = branchOf(branches, predicate.field)
  const rest = filed.rest.filter((other) => other !== predicate)
  const below = { item: filed.item, rest, room: filed.room / placesOf(predicate) }
  if (predicate.kind === "range") {
    branch.byRange ??= bounds()
    branch.byRange.add(predicate, below)
    return
  }
  for (const key of predicate.keys) {
    const down = branch.byKey.get(key) ?? bucket<Item>()
    branch.byKey.set(key, down)
    file(down, below, share)
  }
}

/** The rarest predicate that there is room for. */
const rarest = ({ rest, room }: Filed<unknown>, share: Share): Predicate | undefined => {
  let best: Predicate | undefined
  let least = uselessShare
  for (const predicate of rest) {
    if (placesOf(predicate) > room) continue
    const its = share(predicate)
    if (its < least) [best, least] = [predicate, its]
  }
  return best
}

const branchOf = <Item>(branches: Branches<Item>, field: number): Branch<Item> => {
  const known = branches.byField.get(field)
  if (known !== undefined) return known
  const branch: Branch<Item> = { field, byKey: new Map(), byRange: undefined }
  branches.all.push(branch)
  branches.byField.set(field, branch)
  return branch
}

const visit = <Item>(from: Bucket<Item>, keys: Keys, use: (filed: Filed<Item>) => void): void => {
  for (const filed of from.here) use(filed)
  if (from.branches === undefined) return
  for (const { byKey, byRange, field } of from.branches.all) {
    const key = keys(field)
    if (key === undefined) continue
    const down = byKey.get(key)
    if (down !== undefined) visit(down, keys, use)
    if (byRange !== undefined && typeof key === "number") byRange.each(key, use)
  }
}
