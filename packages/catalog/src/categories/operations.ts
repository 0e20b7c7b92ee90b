import { fail, Id, InvalidInput, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { changedFields } from "../changed.ts"
import { claimSlugs } from "../content/slugs.ts"
import { CategoryCycle, CategoryNotEmpty, CategoryNotFound, TooManyCategories } from "../errors.ts"
import { isSame } from "../same.ts"
import { fitsRow, tooLarge } from "../size.ts"
import { assertUnchanged, expecting } from "../versions.ts"
import { Categories, Category, CategoryChanged, CategoryMoved, CategoryRemoved } from "./model.ts"
import { childrenOf, emptyTree, MOST_CATEGORIES, parentsOf, pathOf, placed, ROOT, sizeOf, taken, type Tree, TREE, Trees } from "./tree.ts"

const Position = z.int().min(0).max(MOST_CATEGORIES)

/**
 * Creates or replaces what a category says. A new one comes to stand under `parent`, or at the top, as the last; one that is there stays where it
 * is, see `moveCategory`. `expected` is the version that the edit began with. Refuses `VersionConflict`, `CategoryNotFound` (the parent), `SlugTaken`, `TooManyCategories`.
 */
export const putCategory = operation(
  "catalog.putCategory",
  Category.unwrap()
    .extend({ parent: Id.exactOptional(), ...expecting })
    .refine(fitsRow, tooLarge)
    .readonly(),
  function* (tx, { parent = ROOT, expected, ...category }) {
    const known = tx.get(Categories, category.id)
    if (isSame(known, category)) return category
    yield* assertUnchanged("category", category.id, known, expected)
    yield* claimSlugs(tx, { kind: "category", id: category.id }, known, category)
    if (known === undefined) {
      // Each category of the tree has its row: both are written in one commit.
      if (parent !== ROOT && tx.get(Categories, parent) === undefined) return yield* fail(notFound(parent))
      const tree = tx.get(Trees, TREE) ?? emptyTree
      if (sizeOf(tree) >= MOST_CATEGORIES) {
        const message = `There are ${MOST_CATEGORIES} categories, which is the most.`
        return yield* fail(new TooManyCategories({ limit: MOST_CATEGORIES, message }))
      }
      tx.put(Trees, TREE, placed(tree, category.id, parent))
    }
    tx.emit(CategoryChanged, category.id, {
      category: category.id,
      change: known === undefined ? "created" : "updated",
      fields: changedFields(known, category)
    })
    return tx.put(Categories, category.id, category)
  }
)

/**
 * Puts a category, with all below it, under another one, or at the top with `parent: null`, at a place among the children there (from 0, the last
 * unless told). Refuses `CategoryNotFound`, `CategoryCycle`.
 */
export const moveCategory = operation(
  "catalog.moveCategory",
  z.object({ category: Id, parent: Id.nullable(), position: Position.exactOptional() }),
  function* (tx, { category, parent: wanted, position }) {
    const parent = wanted ?? ROOT
    const tree = yield* treeWith(tx, parent)
    const from = parentsOf(tree).get(category)
    if (from === undefined) return yield* fail(notFound(category))
    if (pathOf(tree, parent).includes(category)) {
      const message = `The category "${category}" cannot stand under "${parent}", which is itself or lies below it.`
      return yield* fail(new CategoryCycle({ category, parent, message }))
    }
    const moved = placed(taken(tree, category), category, parent, position)
    if (isSame(moved, tree)) return
    tx.put(Trees, TREE, moved)
    tx.emit(CategoryMoved, category, {
      category,
      ...(from === ROOT ? {} : { from }),
      ...(parent === ROOT ? {} : { to: parent }),
      path: pathOf(moved, category)
    })
  }
)

/** Puts the children of a category, or of the top with `parent: null`, in an order. Refuses `CategoryNotFound`, `InvalidInput`. */
export const orderCategories = operation(
  "catalog.orderCategories",
  z.object({ parent: Id.nullable(), order: z.array(Id).max(MOST_CATEGORIES).readonly() }),
  function* (tx, { parent: wanted, order }) {
    const parent = wanted ?? ROOT
    const tree = yield* treeWith(tx, parent)
    const before = childrenOf(tree, parent)
    if (!isSame([...before].sort(), [...order].sort())) {
      const message = `Name each of the children once: ${before.slice(0, 20).join(", ")}`
      return yield* fail(new InvalidInput({ operation: "catalog.orderCategories", message, issues: [{ path: "order", message }] }))
    }
    if (isSame(before, order)) return
    tx.put(Trees, TREE, { children: { ...tree.children, [parent]: order } })
    for (const [at, category] of order.entries())
      if (before[at] !== category) {
        const where = parent === ROOT ? {} : { from: parent, to: parent }
        tx.emit(CategoryMoved, category, { category, ...where, path: pathOf(tree, category) })
      }
  }
)

/** Removes a category that has none below it; its products stay, and so does what they say. Refuses `CategoryNotFound`, `CategoryNotEmpty`. */
export const removeCategory = operation("catalog.removeCategory", z.object({ category: Id }), function* (tx, { category }) {
  const known = tx.get(Categories, category)
  if (known === undefined) return yield* fail(notFound(category))
  const tree = tx.get(Trees, TREE) ?? emptyTree
  const children = childrenOf(tree, category)
  if (children.length > 0) {
    const message = `The category "${category}" has ${children.length} below it. Move or remove them first.`
    return yield* fail(new CategoryNotEmpty({ category, children, message }))
  }
  yield* claimSlugs(tx, { kind: "category", id: category }, known, {})
  tx.put(Trees, TREE, taken(tree, category))
  tx.remove(Categories, category)
  tx.emit(CategoryRemoved, category, { category })
})

/** The tree, in which a parent has to be. */
function* treeWith(tx: Tx, parent: string): Generator<CategoryNotFound, Tree, unknown> {
  const tree = tx.get(Trees, TREE) ?? emptyTree
  if (parent !== ROOT && !parentsOf(tree).has(parent)) return yield* fail(notFound(parent))
  return tree
}

const notFound = (category: string) => new CategoryNotFound({ category, message: `There is no category "${category}".` })
