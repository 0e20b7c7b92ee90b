import { type Bounds, bounds } from "./bounds.ts"
import type { Key, Keys } from "./keys.ts"
import { isTrue, type Predicate } from "./predicates.ts"

/** Something filed under what has to be so for it to match. */
interface Filed<Item> {
  readonly item: Item
  /** What its place does not yet say. */
  readonly rest: ReadonlyArray<Predicate>
}

/** A place in the index: what is filed here, and what is filed further down, by the field that tells it apart. */
interface Bucket<Item> {
  readonly here: Array<Filed<Item>>
  /** Undefined until there is too much here. */
  branches: Array<Branch<Item>> | undefined
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
    add: (item, rest) => file(root, { item, rest }, share),
    each: (keys, use) =>
      visit(root, keys, ({ item, rest }) => {
        for (const predicate of rest) if (!isTrue(predicate, keys)) return
        use(item)
      })
  }
}

const bucket = <Item>(): Bucket<Item> => ({ here: [], branches: undefined })

const file = <Item>(into: Bucket<Item>, filed: Filed<Item>, share: Share): void => {
  if (into.branches !== undefined) return fileDown(into, into.branches, filed, share)
  into.here.push(filed)
  if (into.here.length <= mostHere) return
  into.branches = []
  for (const one of into.here.splice(0)) fileDown(into, into.branches, one, share)
}

const fileDown = <Item>(into: Bucket<Item>, branches: Array<Branch<Item>>, filed: Filed<Item>, share: Share): void => {
  const predicate = rarest(filed.rest, share)
  if (predicate === undefined) {
    into.here.push(filed)
    return
  }
  const branch = branchOf(branches, predicate.field)
  const below = { item: filed.item, rest: filed.rest.filter((other) => other !== predicate) }
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

const rarest = (predicates: ReadonlyArray<Predicate>, share: Share): Predicate | undefined => {
  let best: Predicate | undefined
  let least = uselessShare
  for (const predicate of predicates) {
    const its = share(predicate)
    if (its < least) [best, least] = [predicate, its]
  }
  return best
}

const branchOf = <Item>(branches: Array<Branch<Item>>, field: number): Branch<Item> => {
  const known = branches.find((branch) => branch.field === field)
  if (known !== undefined) return known
  const branch: Branch<Item> = { field, byKey: new Map(), byRange: undefined }
  branches.push(branch)
  return branch
}

const visit = <Item>(from: Bucket<Item>, keys: Keys, use: (filed: Filed<Item>) => void): void => {
  for (const filed of from.here) use(filed)
  if (from.branches === undefined) return
  for (const { byKey, byRange, field } of from.branches) {
    const key = keys(field)
    if (key === undefined) continue
    const down = byKey.get(key)
    if (down !== undefined) visit(down, keys, use)
    if (byRange !== undefined && typeof key === "number") byRange.each(key, use)
  }
}
