import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory, type StockLine } from "@omni/inventory"

import { clockAt } from "./clock.ts"

export const NOW = 1_800_000_000_000

/** An app of nothing but the inventory, at a time that stands still. */
export const shop = (now = NOW) => {
  const clock = clockAt(now)
  const omni = createOmni({ store: memory(), modules: { inventory: inventory() }, clock })
  return { clock, omni, stock: omni.inventory }
}

export const line = (sku: string, quantity: number, location = "lyon"): StockLine => ({ sku, location, quantity })

/** Where something is wrong with an input, and what; the error's tag when it is another. */
export const issuesOf = (answer: { readonly ok: boolean; readonly error?: unknown }): ReadonlyArray<readonly [string, string]> | string => {
  if (answer.ok) return "it was done"
  const error = answer.error as {
    readonly _tag: string
    readonly issues?: ReadonlyArray<{ readonly path: string; readonly message: string }>
  }
  return error._tag === "InvalidInput" ? error.issues!.map(({ path, message }) => [path, message] as const) : error._tag
}
