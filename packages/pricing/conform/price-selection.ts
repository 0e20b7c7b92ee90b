import { type Currency, fromIso, parseMoney } from "@omni/core"
import { decimalText } from "@omni/core/values"
import { type Audience, InvalidContext, type PriceCandidate, type PriceListFacts, selectPrice } from "@omni/pricing"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Price {
  readonly id: string
  readonly amount: number | string
  readonly currency: string
  readonly minQuantity?: number | null
  readonly maxQuantity?: number | null
  readonly rules?: Readonly<Record<string, string>>
}

interface PriceList {
  readonly id: string
  readonly type: "sale" | "override"
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly rules: Readonly<Record<string, ReadonlyArray<string>>>
  readonly prices: ReadonlyArray<Price & { readonly priceSet: string }>
}

interface Preference {
  readonly attribute: string
  readonly value: string
  readonly taxInclusive: boolean
}

interface Input {
  readonly now: string
  readonly priceSets: ReadonlyArray<{ readonly id: string; readonly prices: ReadonlyArray<Price> }>
  readonly priceLists: ReadonlyArray<PriceList>
  readonly context: Readonly<Record<string, string | number>>
  readonly taxPreferences?: ReadonlyArray<Preference>
}

interface Content {
  readonly cases: ReadonlyArray<Input & { readonly name: string; readonly expected: unknown }>
}

/** A candidate with the price that it was made of. */
interface Candidate extends PriceCandidate {
  readonly source: Price
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { name, expected, ...input } of contentOf(file).cases) yield { name, input, want: expected }
}

/** A price as entered, in minor units and as many decimals of them as it has. */
const exactly = (price: Price): Pick<PriceCandidate, "amount" | "decimals"> => {
  const text = String(price.amount)
  const currency = price.currency as Currency
  const decimals = text.split(".")[1]?.length ?? 0
  const minor = parseMoney("1", currency).amount
  const finer = Math.max(0, decimals + 1 - String(minor).length)
  return {
    amount: parseMoney(finer === 0 ? text : decimalText(Number(text.replace(".", "")), decimals - finer), currency).amount,
    decimals: finer
  }
}

/** The preference for an attribute that the price itself asks for goes before that of its currency; without any, prices are without tax. */
const entryOf = ({ rules = {}, currency }: Price, preferences: ReadonlyArray<Preference>): "net" | "gross" => {
  const own = preferences.find(({ attribute, value }) => attribute !== "currency" && rules[attribute] === value)
  const preferred = own ?? preferences.find(({ attribute, value }) => attribute === "currency" && value === currency)
  return preferred?.taxInclusive === true ? "gross" : "net"
}

const candidateOf = (source: Price, preferences: ReadonlyArray<Preference>, list?: PriceListFacts): Candidate => ({
  source,
  id: source.id,
  ...exactly(source),
  currency: source.currency as Currency,
  for: source.rules ?? {},
  entry: entryOf(source, preferences),
  ...(typeof source.minQuantity === "number" ? { minQuantity: source.minQuantity } : {}),
  ...(typeof source.maxQuantity === "number" ? { maxQuantity: source.maxQuantity } : {}),
  ...(list === undefined ? {} : { list })
})

/** Both ends of a list's time are part of it. */
const listOf = ({ id, type, startsAt, endsAt, rules }: PriceList): PriceListFacts => ({
  id,
  type,
  for: rules,
  ...(startsAt === null ? {} : { from: fromIso(startsAt) }),
  ...(endsAt === null ? {} : { until: fromIso(endsAt) + 1 })
})

const shown = (chosen: Candidate, original: Candidate | undefined) => ({
  amount: chosen.source.amount,
  originalAmount: original?.source.amount ?? null,
  currency: chosen.currency,
  fromList: chosen.list !== undefined,
  originalFromList: original?.list !== undefined,
  listType: chosen.list?.type ?? null,
  priceId: chosen.id,
  originalPriceId: original?.id ?? null,
  minQuantity: chosen.minQuantity ?? null,
  maxQuantity: chosen.maxQuantity ?? null,
  originalMinQuantity: original?.minQuantity ?? null,
  originalMaxQuantity: original?.maxQuantity ?? null,
  taxInclusive: chosen.entry === "gross",
  originalTaxInclusive: original?.entry === "gross"
})

/** The policy of the source: a list's price goes first, then more conditions, then less. */
const select = ({ now, priceSets, priceLists, context, taxPreferences = [] }: Input): unknown => {
  const { currency, quantity, ...rest } = context
  const audience: Audience = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]))
  return priceSets.flatMap(({ id, prices }) => {
    const candidates = [
      ...prices.map((price) => candidateOf(price, taxPreferences)),
      ...priceLists.flatMap((list) =>
        list.prices.filter(({ priceSet }) => priceSet === id).map((price) => candidateOf(price, taxPreferences, listOf(list)))
      )
    ]
    const facts = {
      now: fromIso(now),
      currency: currency as string,
      audience,
      ...(quantity === undefined ? {} : { quantity: Number(quantity) })
    }
    const { chosen, original } = selectPrice(candidates, facts, ["list", "specific", "lowest"])
    return chosen === undefined ? [] : [{ priceSet: id, ...shown(chosen, original) }]
  })
}

const run = (input: Input): unknown => {
  try {
    return select(input)
  } catch (error) {
    if (error instanceof InvalidContext && error.field === "currency") return { error: "currency-required" }
    throw error
  }
}

/** Every field that is asserted is as wanted; the order of price sets does not matter. */
const agrees = (want: unknown, got: unknown): boolean => {
  if (!Array.isArray(want) || !Array.isArray(got)) return JSON.stringify(want) === JSON.stringify(got)
  return want.length === got.length && want.every((one: object) => got.some((other: object) => isIn(one, other)))
}

const isIn = (want: object, got: object): boolean => Object.entries(want).every(([key, value]) => Reflect.get(got, key) === value)

/** Price selection: files of `{ cases: [{ name, now, priceSets, priceLists, context, expected }] }`. */
export const suite = defineSuite<Input>({
  name: "price-selection",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.priceSets !== undefined,
  cases,
  run,
  agrees
})
