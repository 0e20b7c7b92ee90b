import type { Article } from "./articles-model.ts"
import type { Policy, StockRules } from "./rules.ts"

/** What a stock row keeps of what its article declares, and of what the stock declares by itself. */
export const rulesOf = (article: Article | undefined, own: Policy = {}): StockRules | undefined => {
  const { unit, tracking = "none", components, assembled, policy } = article ?? { policy: {} }
  const rules: StockRules = {
    ...policy,
    ...own,
    ...(unit === undefined ? {} : { unit }),
    ...(tracking === "none" ? {} : { tracking }),
    ...(components === undefined || assembled === true ? {} : { kit: true as const })
  }
  return Object.keys(rules).length === 0 ? undefined : rules
}
