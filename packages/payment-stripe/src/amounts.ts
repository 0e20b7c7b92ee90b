import { DeliveryFailed, type PaymentCommand } from "@omni/orders"

/**
 * Where the decimals of Stripe's API are not those of ISO 4217: what our minor units are multiplied by
 * (https://docs.stripe.com/currencies: special cases, zero-decimal currencies).
 */
const factors: { readonly [currency: string]: number } = { ISK: 100, UGX: 100, MGA: 0.01 }

/** Stripe takes amounts of these in thousandths whose last digit is zero. */
const TENS = new Set(["BHD", "JOD", "KWD", "OMR", "TND"])

/** An amount as Stripe's API has it. Throws `DeliveryFailed` for one that it takes in no form. */
export const toStripe = ({ amount, currency }: Pick<PaymentCommand, "amount" | "currency">): number => {
  const told = amount * (factors[currency] ?? 1)
  if (Number.isSafeInteger(told) && (!TENS.has(currency) || told % 10 === 0)) return told
  const step = currency === "MGA" ? 100 : 10
  throw new DeliveryFailed(`Stripe takes ${currency} in steps of ${step} minor units; ${amount} is none. Round totals to that.`, {
    retry: false
  })
}

/** An amount of Stripe's API in our minor units. */
export const fromStripe = (amount: number, currency: string): number => Math.round(amount / (factors[currency] ?? 1))
