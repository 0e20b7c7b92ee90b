import type { Sheet } from "../sheet.ts"
import { taxOn } from "./taxes.ts"

/** What a discount is shared out by: what rows cost by now, as entered or with tax, as the policy says. */
export const shareWeights = (
  { rates, rounding, context }: Sheet,
  rows: ReadonlyArray<number>,
  amounts: ReadonlyArray<number>
): ReadonlyArray<number> => {
  const { entry } = context.tax
  if (entry === "gross" || rounding.sharing !== "gross") return amounts
  return amounts.map((amount, at) => amount + taxOn(amount, rates[rows[at]!]!, entry, rounding))
}
