import { fail, Id, operation } from "@omni/core"
import * as z from "zod"

import { Articles } from "./articles-model.ts"
import { invalidInput } from "./errors.ts"
import { moveGoods } from "./goods.ts"
import { GoodsLines, stockId } from "./lines.ts"
import { Placements, Stock } from "./model.ts"
import { namedIn, resolve } from "./resolve.ts"
import { insufficient, notThere } from "./shortage.ts"

/**
 * Puts kits together that are kept in stock as such: their components leave the shelf, and the kits come onto it; with `apart` the other
 * way round. Components are taken only where they are available; `parts` of a line names their lots and serial numbers. Answers the stock of the kits.
 *
 * Errors: `InsufficientStock`, and `InvalidInput` for an article that is no assembled kit.
 */
export const assembleKits = operation(
  "inventory.assembleKits",
  z.object({ lines: GoodsLines, apart: z.boolean().exactOptional(), reference: Id.exactOptional() }),
  function* (tx, { lines, apart = false, reference }) {
    const articles = tx.getMany(
      Articles,
      lines.map(({ sku }) => sku)
    )
    const wrong = articles.flatMap((article, i) =>
      article?.assembled === true ? [] : [{ path: `lines.${i}.sku`, message: `${lines[i]!.sku} is no kit that is assembled beforehand` }]
    )
    if (wrong.length > 0) return yield* fail(invalidInput("inventory.assembleKits", wrong))
    const parts = articles.flatMap((article, i) => (article?.components ?? []).map(({ sku }) => ({ sku, location: lines[i]!.location })))
    const skus = [...lines, ...parts].map(({ sku }) => sku)
    tx.prefetch(Stock, [...lines, ...parts].map(stockId))
    tx.prefetch(Articles, skus)
    tx.prefetch(Placements, skus)
    const kits = yield* resolve(tx, "inventory.assembleKits", lines)
    const needed = yield* resolve(
      tx,
      "inventory.assembleKits",
      lines.flatMap(({ location, quantity }, i) =>
        (articles[i]!.components ?? []).map((component) => ({ sku: component.sku, location, quantity: component.quantity * quantity }))
      )
    )
    const components = { needs: namedIn(needed.needs, lines), stocks: needed.stocks }
    const [gone, come] = apart ? [kits, components] : [components, kits]
    const short = insufficient(tx, gone.needs, gone.stocks) ?? notThere(gone.needs, gone.stocks)
    if (short !== undefined) return yield* fail(short)
    const cause = { reason: apart ? "taken apart" : "assembled", ...(reference === undefined ? {} : { reference }) }
    const before = yield* moveGoods(tx, "inventory.assembleKits", gone, "on-hand", "assembly", cause)
    const after = yield* moveGoods(tx, "inventory.assembleKits", come, "assembly", "on-hand", cause)
    return apart ? before : after
  }
)
