import type { Currency } from "@omni/core"
import type { Usage } from "@omni/pricing"

import { type LimitReached, reached, type Used } from "./limits.ts"

/**
 * Codes of one series share its limits, and pricing knows of each code what is left for it alone. The first code that is one too many, or too much, beside those
 * that were given before it, and why; `undefined` where all fit together.
 */
export const oneTooMany = (
  usage: ReadonlyArray<Usage>,
  used: ReadonlyMap<string, Used>,
  { currency, isKnown }: { readonly currency: Currency; readonly isKnown: boolean }
): readonly [code: string, reason: LimitReached] | undefined => {
  const series = new Map<string, Used>()
  for (const { promotion, amount } of usage) {
    const own = used.get(promotion)
    if (own?.limited.kind !== "series") continue
    const before = series.get(own.limited.id)
    const { uses, mine, spent } = before ?? own
    const reason = before === undefined ? undefined : reached({ ...own, uses, mine, spent }, currency, amount)
    if (reason !== undefined) return [promotion, reason]
    series.set(own.limited.id, {
      ...own,
      uses: uses + 1,
      mine: isKnown ? mine + 1 : mine,
      spent: { ...spent, [currency]: (spent[currency] ?? 0) + amount }
    })
  }
  return undefined
}
