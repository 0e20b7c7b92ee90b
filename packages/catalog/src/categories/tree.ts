import { collection, Id } from "@omni/core"
import * as z from "zod"

/** The most categories that there may be: the tree is one row, so that no two moves can make a circle of it. */
export const MOST_CATEGORIES = 20_000

/** The parent of those that have none. */
export const ROOT = ""

/** The children of each category that has any, in order; under `ROOT` those that have no parent. */
export const Tree = z.object({ children: z.record(z.union([Id, z.literal(ROOT)]), z.array(Id).readonly()).readonly() }).readonly()
export type Tree = z.infer<typeof Tree>

/** The tree, a single row. */
export const Trees = collection("catalog.tree", { schema: Tree })

/** The key of the tree. */
export const TREE = "categories"

/** A tree without categories. */
export const emptyTree: Tree = { children: {} }

/** The children of a category, in order. */
export const childrenOf = ({ children }: Tree, category: string): ReadonlyArray<string> =>
  Object.hasOwn(children, category) ? children[category]! : []

// A tree is asked for its parents several times by each operation, and a large one takes milliseconds to turn round.
const known = new WeakMap<Tree, ReadonlyMap<string, string>>()

/** Each category's parent, `ROOT` for those at the top. */
export const parentsOf = (tree: Tree): ReadonlyMap<string, string> => {
  const found = known.get(tree)
  if (found !== undefined) return found
  const parents = new Map<string, string>()
  for (const [parent, ids] of Object.entries(tree.children)) for (const id of ids) parents.set(id, parent)
  known.set(tree, parents)
  return parents
}

/** How many categories there are. */
export const sizeOf = ({ children }: Tree): number => Object.values(children).reduce((sum, ids) => sum + ids.length, 0)

/** The way from the top down to a category, itself included; empty for one that is not in the tree. */
export const pathOf = (tree: Tree, category: string): ReadonlyArray<string> => {
  const parents = parentsOf(tree)
  const path: Array<string> = []
  for (let at = parents.has(category) ? category : ROOT; at !== ROOT; at = parents.get(at) ?? ROOT) path.push(at)
  return path.reverse()
}

/** All that lies below a category, so many levels deep (all unless told): level by level, each in order. */
export const descendantsOf = (tree: Tree, category: string, depth = Infinity): ReadonlyArray<string> => {
  const found: Array<string> = []
  let level = childrenOf(tree, category)
  for (let left = depth; left > 0 && level.length > 0; left--) {
    for (const id of level) found.push(id)
    level = level.flatMap((id) => childrenOf(tree, id))
  }
  return found
}

/** The tree with a category under a parent that was not in it, at a place among its children: the last unless told. */
export const placed = ({ children }: Tree, category: string, parent: string, at?: number): Tree => {
  const siblings = Object.hasOwn(children, parent) ? children[parent]! : []
  return { children: { ...children, [parent]: siblings.toSpliced(at ?? siblings.length, 0, category) } }
}

/** The tree without a category; what lies below it goes with it. */
export const taken = (tree: Tree, category: string): Tree => {
  const parent = parentsOf(tree).get(category)
  if (parent === undefined) return tree
  const left = childrenOf(tree, parent).filter((id) => id !== category)
  const { [parent]: _, ...children } = tree.children
  return { children: left.length === 0 ? children : { ...children, [parent]: left } }
}
