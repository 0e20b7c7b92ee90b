import type { StockLevel } from "@omni/inventory"

/** A level of the states named; the others hold nothing. */
export const level = (known: Partial<StockLevel> & Pick<StockLevel, "sku" | "location" | "onHand">): StockLevel => {
  const { onHand, reserved = 0, allocated = 0, safetyStock = 0 } = known
  const available = onHand - reserved - allocated - safetyStock
  return { reserved, allocated, safetyStock, available, damaged: 0, qualityControl: 0, inTransit: 0, incoming: 0, ...known }
}
