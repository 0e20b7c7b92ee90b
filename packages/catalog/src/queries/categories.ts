import { fail, Id, query, type View } from "@omni/core"
import * as z from "zod"

import { Categories, type Category } from "../categories/model.ts"
import { childrenOf, descendantsOf, emptyTree, pathOf, ROOT, type Tree, TREE, Trees } from "../categories/tree.ts"
import { visibilityOn } from "../content/visibility.ts"
import { CategoryNotFound } from "../errors.ts"
import { channelOf, type Settings } from "../settings.ts"
import { listing } from "./listing.ts"

/** A category, the way to it from the top (itself the last), and what lies right below it, in order. */
export interface CategoryInTree {
  readonly category: Category
  readonly path: ReadonlyArray<Category>
  readonly children: ReadonlyArray<Category>
}

/** A category with all that lies below it. */
export interface CategoryNode {
  readonly category: Category
  readonly children: ReadonlyArray<CategoryNode>
}

/** A category with its breadcrumbs and its children; `undefined` when it is not there. */
export const category = query("catalog.category", z.object({ category: Id }), function* (view, { category: id }) {
  const tree = treeOf(view)
  const path = pathOf(tree, id)
  if (path.length === 0) return undefined
  const rows = categoriesOf(view, [...path, ...childrenOf(tree, id)])
  const found: CategoryInTree = { category: rows[path.length - 1]!, path: rows.slice(0, path.length), children: rows.slice(path.length) }
  return found
})

const After = z.string().min(1).max(200).exactOptional()

/** What of the shelves is asked, on a channel too. */
export const shelfQueries = (settings: Settings) => ({
  /**
   * The tree, or the part of it under a category, down to a depth (all of it unless told); on a channel without what is hidden or not published there.
   * Refuses `ChannelNotFound`.
   */
  categoryTree: query(
    "catalog.categoryTree",
    z.object({ root: Id.exactOptional(), depth: z.int().min(1).max(100).default(100), channel: Id.exactOptional() }),
    function* (view, { root = ROOT, depth, channel }) {
      if (channel !== undefined) yield* channelOf(settings, channel)
      const tree = treeOf(view)
      const rows = new Map(categoriesOf(view, descendantsOf(tree, root, depth)).map((row) => [row.id, row]))
      const nodes = (parent: string, left: number): ReadonlyArray<CategoryNode> =>
        left === 0
          ? []
          : childrenOf(tree, parent).flatMap((id) => {
              const row = rows.get(id)
              const isHidden = row === undefined || (channel !== undefined && visibilityOn(row, channel, view.now).visibility === "hidden")
              return isHidden ? [] : [{ category: row, children: nodes(id, left - 1) }]
            })
      return nodes(root, depth)
    }
  ),

  /**
   * Products in pages, by id: all, or those of a category, with `subcategories` also of those below it, each product once. With a `channel` only what is
   * visible there. A page may be short and have a cursor all the same. Refuses `ChannelNotFound`, and `CategoryNotFound` when categories below one that is
   * not there are asked for.
   */
  list: query(
    "catalog.list",
    z.object({
      category: Id.exactOptional(),
      subcategories: z.boolean().default(false),
      channel: Id.exactOptional(),
      limit: z.int().min(1).max(999).exactOptional(),
      after: After
    }),
    function* (view, { category: id, subcategories, channel, ...part }) {
      if (channel !== undefined) yield* channelOf(settings, channel)
      let categories = id === undefined ? undefined : [id]
      if (id !== undefined && subcategories) {
        const tree = treeOf(view)
        if (pathOf(tree, id).length === 0) {
          return yield* fail(new CategoryNotFound({ category: id, message: `There is no category "${id}".` }))
        }
        categories = [id, ...descendantsOf(tree, id)]
      }
      return listing(
        view,
        categories,
        part,
        (row) => channel === undefined || visibilityOn(row, channel, view.now).visibility === "visible"
      )
    }
  )
})

const treeOf = (view: View): Tree => view.get(Trees, TREE) ?? emptyTree

/** Each category of the tree has its row: both are written in one commit. */
const categoriesOf = (view: View, ids: ReadonlyArray<string>): ReadonlyArray<Category> =>
  view.getMany(Categories, ids).flatMap((row) => row ?? [])
