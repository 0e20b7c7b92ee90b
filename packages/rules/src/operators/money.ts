import { otherCurrency } from "../failure.ts"
import { own } from "../fields.ts"
import type { Operator } from "../operator.ts"
import { isObject } from "../rule.ts"
import { outermostData } from "../scope.ts"

const mostCurrencies = 200

/**
 * `money`: an amount in minor units by currency, `{ "money": { "EUR": 5000, "GBP": 4500 } }`: the one in the currency that the fact
 * `currency`, outermost, names. Fails with `Other Currency` when there is none, so that no sum is ever compared with one of another
 * currency.
 */
export const amount: Operator = (args, site) => {
  const entries = isObject(args) ? Object.entries(args) : []
  if (entries.length === 0 || entries.length > mostCurrencies) throw site.invalid("amounts by currency", args)
  for (const [currency, value] of entries) {
    if (!/^[A-Z]{3}$/.test(currency)) throw site.invalid("a currency of three capitals", currency)
    if (!Number.isSafeInteger(value)) throw site.invalid("a whole number of minor units", value, currency)
  }
  const amounts = new Map<unknown, unknown>(entries)
  return (data, scope) => {
    const found = amounts.get(own(outermostData(data, scope), "currency"))
    if (found === undefined) throw otherCurrency
    return found
  }
}
