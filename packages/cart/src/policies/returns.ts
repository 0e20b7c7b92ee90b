import type { Instant } from "@omni/core"
import { type Fulfilment, type Order, RETURN_WINDOW, type ReturnPolicy } from "@omni/orders"

import type { ShopPolicies } from "./model.ts"

/** Until when, that moment included, what was handed over at a moment may come back; `always`, without end; `never`, what may not. */
export const returnableUntil = (
  { returns: { window = RETURN_WINDOW, excluded = [] } }: Pick<ShopPolicies, "returns">,
  handedOverAt: Instant,
  sku?: string
): Instant | "always" | "never" => {
  if (sku !== undefined && excluded.includes(sku)) return "never"
  return window === "none" ? "always" : handedOverAt + window
}

/** What of a line of an order can come back, and until when. */
export interface ReturnableUnits {
  readonly line: string
  readonly sku: string
  readonly quantity: number
  /** `on-its-way`: the time begins when the customer has it. */
  readonly until: Instant | "always" | "never" | "on-its-way"
}

/**
 * What of an order the customer has or will have, and until when it can come back: by the terms that it was placed with, else by the shop's. One row
 * for all units of a line that share a moment; what is not sent, has come back or is on its way back is left out.
 */
export const returnableUnits = (
  policies: Pick<ShopPolicies, "returns">,
  order: Pick<Order, "lines" | "placedAt" | "terms">,
  fulfilments: ReadonlyArray<Pick<Fulfilment, "id" | "handedOverAt">>
): ReadonlyArray<ReturnableUnits> => {
  const terms: ReturnPolicy = order.terms ?? policies.returns
  const byId = new Map(fulfilments.map((one) => [one.id, one]))
  return order.lines.flatMap(({ id: line, sku, parts }) => {
    const units = parts.flatMap((part) => {
      if (!["shipped", "delivered", "collected"].includes(part.status) || part.return !== undefined) return []
      const at = part.fulfilment === undefined ? order.placedAt : byId.get(part.fulfilment)?.handedOverAt
      const until = part.status === "shipped" || at === undefined ? ("on-its-way" as const) : returnableUntil({ returns: terms }, at, sku)
      return [{ line, sku, quantity: part.count, until: terms.excluded?.includes(sku) === true ? ("never" as const) : until }]
    })
    return [...Map.groupBy(units, ({ until }) => until).values()].map((same) => ({
      ...same[0]!,
      quantity: same.reduce((sum, { quantity }) => sum + quantity, 0)
    }))
  })
}
