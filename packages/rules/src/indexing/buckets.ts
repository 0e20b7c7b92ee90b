import { type Bounds, bounds } from "./bounds.ts"
import type { Key, Predicate } from "./predicates.ts"

/** Something filed under what has to be so for it to match. */
export interface Filed<Item> {
  readonly item: Item
  /** What its bucket does not yet say. */
  readonly rest: ReadonlyArray<Predicate>
}

/** A place in the index: what is filed here, and what is filed further down, by the field that tells it apart. */
interface Bucket<Item> {
  readonly here: Array<Filed<Item>>
  readonly branches: Map<string, Branch<Item>>
  isSplit: boolean
}

interface Branch<Item> {
  readonly path: string
  readonly byKey: Map<Key, Bucket<Item>>
  readonly byRange: Bounds<Item>
}

/** How rare a predicate is thought to be: the share of facts, from 0 to 1, of which it is true. */
export type Rarity = (predicate: Predicate) => number

/** A bucket is split when a look-up into branches costs less than trying all that is here. */
const mostHere = 12

/** A predicate that most facts fulfil tells nothing apart. */
const uselessShare = 0.8

const bucket = <Item>(): Bucket<Item> => ({ here: [], branches: new Map(), isSplit: false })

/** A tree of buckets in which every item is filed by its rarest predicates, as deep as there are many alike. */
export interface Tree<Item> {
  readonly add: (item: Item, predicates: ReadonlyArray<Predicate>) => void
  /** Calls with every item that may match, once each; `read` gives the key of a field. */
  readonly each: (read: (path: string) => Key | undefined, use: (item: Item) => void) => void
}

/** See `Tree`. */
export const tree = <Item>(rarity: Rarity): Tree<Item> => {
  const root = bucket<Item>()
  return {
    add: (item, predicates) => file(root, { item, rest: predicates }, rarity),
    each: (read, use) => visit(root, read, use)
  }
}

const file = <Item>(into: Bucket<Item>, filed: Filed<Item>, rarity: Rarity): void => {
  if (into.isSplit) return fileDown(into, filed, rarity)
  into.here.push(filed)
  if (into.here.length <= mostHere) return
  into.isSplit = true
  for (const one of into.here.splice(0)) fileDown(into, one, rarity)
}

const fileDown = <Item>(into: Bucket<Item>, filed: Filed<Item>, rarity: Rarity): void => {
  const predicate = rarest(filed.rest, rarity)
  if (predicate === undefined) {
    into.here.push(filed)
    return
  }
  const branch = branchOf(into, predicate.path)
  if (predicate.kind === "range") return branch.byRange.add(predicate, filed.item)
  const rest = filed.rest.filter((other) => other !== predicate)
  for (const key of predicate.keys) {
    const down = branch.byKey.get(key) ?? bucket<Item>()
    branch.byKey.set(key, down)
    file(down, { item: filed.item, rest }, rarity)
  }
}

const rarest = (predicates: ReadonlyArray<Predicate>, rarity: Rarity): Predicate | undefined => {
  let best: Predicate | undefined
  let least = uselessShare
  for (const predicate of predicates) {
    const share = rarity(predicate)
    if (share < least) [best, least] = [predicate, share]
  }
  return best
}

const branchOf = <Item>(into: Bucket<Item>, path: string): Branch<Item> => {
  const known = into.branches.get(path)
  if (known !== undefined) return known
  const branch: Branch<Item> = { path, byKey: new Map(), byRange: bounds() }
  into.branches.set(path, branch)
  return branch
}

const visit = <Item>(from: Bucket<Item>, read: (path: string) => Key | undefined, use: (item: Item) => void): void => {
  for (const { item } of from.here) use(item)
  for (const { byKey, byRange, path } of from.branches.values()) {
    const key = read(path)
    if (key === undefined) continue
    const down = byKey.get(key)
    if (down !== undefined) visit(down, read, use)
    if (typeof key === "number") byRange.each(key, use)
  }
}
