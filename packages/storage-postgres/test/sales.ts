import { collection, event, fail, module, operation } from "@omni/core"
import * as z from "zod"

/** A small shop for tests. */
export const Counts = collection("sales.counts", { schema: z.object({ sold: z.number() }) })
const Sold = event("sales.Sold", z.object({ sold: z.number() }))

const Sale = z.object({ article: z.string(), most: z.number().default(1e9) })

/** Sells one more; refuses beyond `most`. */
const sell = operation("sales.sell", Sale, function* (tx, { article, most }) {
  const sold = (tx.get(Counts, article)?.sold ?? 0) + 1
  if (sold > most) return yield* fail({ _tag: "SoldOut" as const, message: `no more ${article}` })
  tx.put(Counts, article, { sold })
  tx.emit(Sold, article, { sold })
  return sold
})

export const sales = module("sales", { collections: [Counts], events: [Sold], operations: { sell } })
