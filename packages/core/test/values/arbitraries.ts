import { currencies, type Currency, type Money, money, type Ratio, Rounding } from "@omni/core"
import fc from "fast-check"

export const anyCurrency: fc.Arbitrary<Currency> = fc.constantFrom(...currencies)

export const anyRounding: fc.Arbitrary<Rounding> = fc.constantFrom(...Rounding.options)

/** Amounts of every size, with the small and the extreme ones often. */
export const anyAmount: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER)
)

export const anyMoney: fc.Arbitrary<Money> = fc.tuple(anyAmount, anyCurrency).map(([amount, currency]) => money(amount, currency))

/** A decimal text, with its exact value as a fraction worked out apart from the library. */
export const anyDecimal: fc.Arbitrary<{ readonly text: string; readonly over: bigint; readonly under: bigint }> = fc
  .tuple(fc.boolean(), fc.nat(5000), fc.array(fc.nat(9), { maxLength: 8 }))
  .map(([negative, whole, decimals]) => {
    const digits = decimals.join("")
    const value = BigInt(whole) * 10n ** BigInt(digits.length) + BigInt(digits === "" ? "0" : digits)
    return {
      text: `${negative ? "-" : ""}${whole}${digits === "" ? "" : `.${digits}`}`,
      over: negative ? -value : value,
      under: 10n ** BigInt(digits.length)
    }
  })

export const anyRatio: fc.Arbitrary<{ readonly ratio: Ratio; readonly over: bigint; readonly under: bigint }> = fc.oneof(
  anyDecimal.map(({ text, over, under }) => ({ ratio: text, over, under })),
  fc.integer().map((whole) => ({ ratio: whole, over: BigInt(whole), under: 1n })),
  fc
    .tuple(
      fc.integer(),
      fc.integer().filter((denominator) => denominator !== 0)
    )
    .map(([numerator, denominator]) => ({
      ratio: { numerator, denominator },
      over: BigInt(numerator),
      under: BigInt(denominator)
    })),
  fc
    .tuple(
      anyDecimal,
      anyDecimal.filter(({ over }) => over !== 0n)
    )
    .map(([top, bottom]) => ({
      ratio: { numerator: top.text, denominator: bottom.text },
      over: top.over * bottom.under,
      under: top.under * bottom.over
    }))
)
