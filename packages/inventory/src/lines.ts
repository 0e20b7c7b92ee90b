import type { StockKey } from "./model.ts"

/** The id of a stock row: `sku@location`, read back at the last `@`, so that no two keys share one. */
export const stockId = ({ sku, location }: StockKey): string =>
  `${sku}@${location.replaceAll(/[%@]/g, (char) => (char === "@" ? "%40" : "%25"))}`

/** One line for each article and location, in order of their first mention: what is named twice counts together. */
export const totalPerStock = <L extends StockKey & { readonly quantity: number }>(lines: ReadonlyArray<L>): ReadonlyArray<L> => {
  const totals = new Map<string, L>()
  for (const line of lines) {
    const id = stockId(line)
    const sum = totals.get(id)
    totals.set(id, sum === undefined ? line : { ...sum, quantity: sum.quantity + line.quantity })
  }
  return [...totals.values()]
}
