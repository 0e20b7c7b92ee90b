import { type Actor, type Channel, ChannelKind, currencies, type Currency, type Money, money } from "@omni/core"
import fc from "fast-check"

import { texts } from "./laws/texts.ts"

/** Currencies with two, none and three decimals, so that nobody counts on cents; then all the others. */
const currency: fc.Arbitrary<Currency> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Currency>("EUR", "JPY", "KWD") },
  { weight: 1, arbitrary: fc.constantFrom(...currencies) }
)

/** Amounts around zero, of ordinary prices, and as large as an integer can be. */
const amount = ({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }: Range = {}): fc.Arbitrary<number> => {
  const within = (low: number, high: number) => fc.integer({ min: Math.max(min, low), max: Math.min(max, high) })
  const parts: ReadonlyArray<readonly [weight: number, low: number, high: number]> = [
    [3, -3, 3],
    [5, 0, 100_000],
    [1, -100_000, 0],
    [1, min, max]
  ]
  const possible = parts.filter(([, low, high]) => Math.max(min, low) <= Math.min(max, high))
  return fc.oneof(...possible.map(([weight, low, high]) => ({ weight, arbitrary: within(low, high) })))
}

interface Range {
  readonly min?: number
  readonly max?: number
}

const inCurrency = (of: Currency, range?: Range): fc.Arbitrary<Money> => amount(range).map((minor) => money(minor, of))

const word = fc.constantFrom("shirt", "Shirt", "mug", "MUG", "Ärmel", "靴", "0815")

/** Stock keeping units as merchants write them: with dots, slashes, spaces, letters of all alphabets; some differ in case alone. */
const sku = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("-", "/", ".", " ", "_"),
    fc.option(fc.nat(9_999), { nil: undefined })
  )
  .map(([words, separator, number]) => [...words, ...(number === undefined ? [] : [String(number)])].join(separator))

/** Ids of a small pool, so that they meet, and odd ones: any text that `Id` accepts. */
const id = (prefix: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.nat(7).map((n) => `${prefix}_${n}`) },
    {
      weight: 1,
      arbitrary: texts.map((text) => text.replaceAll(/\p{Cc}/gu, "").slice(0, 100)).filter((text) => text !== "" && !/\p{Cs}/u.test(text))
    }
  )

const instant: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) }) },
  // Around the changes of the clock in Europe and America, a leap day and the turn of a year.
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom("2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-03-08T07:00Z", "2028-02-29T00:00Z", "2026-12-31T23:00Z"),
        fc.integer({ min: -7_200_000, max: 7_200_000 })
      )
      .map(([at, by]) => Date.parse(at) + by)
  },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, -1, 2 ** 31 * 1000, 253_402_300_799_999, 8.64e15, -8.64e15) }
)

const actor: fc.Arbitrary<Actor> = fc.record(
  { kind: fc.constantFrom("customer", "staff", "device", "system"), id: id("act"), channel: id("chn") },
  { requiredKeys: ["kind"] }
)

const channel: fc.Arbitrary<Channel> = fc.record(
  {
    id: id("chn"),
    name: fc.constantFrom("Web shop", "Till 3, Lyon", "ニュースレター"),
    kind: fc.constantFrom(...ChannelKind.options),
    currency,
    locale: fc.constantFrom("de-DE", "fr-FR", "en-US", "ja-JP", "ar-EG"),
    timeZone: fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"),
    stockPool: id("pool")
  },
  { requiredKeys: ["id", "name", "kind", "currency", "locale", "timeZone"] }
)

/** Values of index fields, near one another in order: numbers of both signs and zeros, texts with the bytes that an encoding must escape. */
const indexValue: fc.Arbitrary<boolean | number | string> = fc.oneof(
  fc.boolean(),
  fc.constantFrom(0, -0, 1, -1, 0.1, -0.1, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom("", "\u0001", "\u0002", "a\u0001b", "\u0002a", "a\u0002b"),
  texts
)

/** fast-check arbitraries for what every package of a shop is given: ordinary values, and the edges that break code. */
export const arbitraries = {
  currency,
  /** Any amount of any currency; `money({ min: 0 })` for prices. */
  money: (range?: Range): fc.Arbitrary<Money> => currency.chain((of) => inCurrency(of, range)),
  /** Amounts of one currency, which can be added up. */
  moneyIn: inCurrency,
  sku,
  id,
  instant,
  actor,
  channel,
  indexValue,
  /** Well-formed texts without U+0000, at most 512 UTF-8 bytes: neighbours in order, prefixes, astral code points. */
  text: texts
} as const
