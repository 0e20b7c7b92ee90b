import { Rounding } from "@omni/core"
import { type ItemTax, price } from "@omni/pricing"
import * as fc from "fast-check"
import { assert, it } from "vitest"

/** The tax on every cart, worked out with fractions of big integers: none of it is code of ours. */

interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

const percentOf = (text: string): Fraction => {
  const [whole = "0", decimals = ""] = text.split(".")
  return { over: BigInt(whole + decimals), under: 100n * 10n ** BigInt(decimals.length) }
}

const plus = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.under + b.over * a.under, under: a.under * b.under })

const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under })

const one: Fraction = { over: 1n, under: 1n }

/** All rates together, as a part of the net amount: a compound one is on the taxes before it too. */
const together = (rates: ReadonlyArray<{ readonly percent: string; readonly compound?: boolean }>): Fraction =>
  rates.reduce<Fraction>((sum, { percent, compound }) => plus(sum, times(percentOf(percent), compound === true ? plus(one, sum) : one)), {
    over: 0n,
    under: 1n
  })

/** Rounds an amount of zero or more, by the names of the modes. */
const rounded = ({ over, under }: Fraction, mode: string): number => {
  const whole = over / under
  const rest = over % under
  const up =
    mode === "up" || mode === "ceiling"
      ? rest > 0n
      : mode === "down" || mode === "floor"
        ? false
        : 2n * rest > under ||
          (2n * rest === under && (mode === "half-up" || mode === "half-ceiling" || (mode === "half-even" && whole % 2n === 1n)))
  return Number(whole) + (up ? 1 : 0)
}

const percent = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map(String),
  fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9999 }))
    .map(([whole, rest]) => `${whole}.${String(rest).padStart(4, "0")}`)
)

const rates = fc.array(fc.record({ percent, compound: fc.boolean() }), { minLength: 1, maxLength: 3 })

const cases = fc.record({
  categories: fc.tuple(rates, rates),
  lines: fc.array(fc.record({ amount: fc.integer({ min: 0, max: 1_000_000 }), second: fc.boolean() }), { minLength: 1, maxLength: 6 }),
  entry: fc.constantFrom("net" as const, "gross" as const),
  mode: fc.constantFrom(...Rounding.options)
})

it("is exactly what the amounts owe, rounded once for each line, each rate, or all together", () => {
  fc.assert(
    fc.property(
      cases,
      fc.constantFrom("line" as const, "rate" as const, "document" as const),
      ({ categories, lines, entry, mode }, level) => {
        const taxes: Readonly<Record<string, ItemTax>> = { first: categories[0], second: categories[1] }
        const cart = lines.map(({ amount, second }, at) => ({
          id: `l${at}`,
          quantity: 1,
          taxCategory: second ? "second" : "first",
          prices: [{ amount, currency: "EUR" as const }]
        }))
        const priced = price({ lines: cart }, { now: 0, currency: "EUR", tax: { entry, rates: taxes }, rounding: { level, mode } })
        const owed = lines.map(({ amount, second }) => {
          const rate = together(categories[second ? 1 : 0])
          const base = { over: BigInt(amount), under: 1n }
          return entry === "net" ? times(base, rate) : times(base, { over: rate.over, under: rate.over + rate.under })
        })
        const sum = (list: ReadonlyArray<Fraction>): Fraction => list.reduce(plus, { over: 0n, under: 1n })
        if (level === "line")
          assert.deepEqual(
            priced.lines.map(({ tax }) => tax.amount),
            owed.map((tax) => rounded(tax, mode))
          )
        if (level === "document") assert.equal(priced.totals.tax.amount, rounded(sum(owed), mode))
        if (level === "rate" && JSON.stringify(categories[0]) !== JSON.stringify(categories[1])) {
          const parts = [false, true].map((which) => rounded(sum(owed.filter((_, at) => lines[at]!.second === which)), mode))
          const isAlike = priced.lines.every(({ taxPercent }) => taxPercent === priced.lines[0]!.taxPercent)
          if (!isAlike) assert.equal(priced.totals.tax.amount, parts[0]! + parts[1]!)
        }
      }
    ),
    { numRuns: 500 }
  )
})
