import { divideRounded, fail, Id, InvalidInput, operation, toFraction, Decimal, type Tx } from "@omni/core"
import * as z from "zod"

import { Amount } from "../products/model.ts"
import { isSame } from "../same.ts"
import { priceListOf } from "./lists.ts"
import { type ListPrice, priceId, Prices, PricesChanged, Tiers } from "./model.ts"
import { recorded } from "./retention.ts"

/** A variant's price in a list: what one unit costs, and what each costs from so many on. Without an amount it is taken away. */
export const PriceInput = z
  .strictObject({ variant: Id, amount: Amount.exactOptional(), tiers: Tiers.default([]) })
  .refine(({ amount, tiers }) => amount !== undefined || tiers.length === 0, {
    path: ["amount"],
    error: "What one unit costs, where there are tiers"
  })
  .readonly()
export type PriceInput = z.input<typeof PriceInput>

/** How many prices one commit takes. */
export const MOST_PRICES = 1_000

const unique = (all: ReadonlyArray<string>): boolean => new Set(all).size === all.length

/**
 * Sets prices in a list, up to 1,000 in one commit; the others stay. Setting the same again changes and records nothing. Its variants may come later.
 * For a whole list there is `importPrices`. Answers how many have changed. Refuses `PriceListNotFound`.
 */
export const setPrices = operation(
  "catalog.setPrices",
  z.object({
    list: Id,
    prices: z
      .array(PriceInput)
      .min(1)
      .max(MOST_PRICES)
      .refine((prices) => unique(prices.map(({ variant }) => variant)), { error: "Name each variant once" })
      .readonly()
  }),
  function* (tx, { list, prices }) {
    yield* priceListOf(tx, list)
    return { changed: write(tx, list, prices) }
  }
)

/** Prices that end in the same way: of each `step` minor units one, `ending` above its multiple. `{ step: 100, ending: 99 }` is .99. */
export const PriceEnding = z
  .object({ step: z.int().min(1).max(1_000_000), ending: z.int().min(0), to: z.enum(["nearest", "up", "down"]).default("nearest") })
  .refine(({ step, ending }) => ending < step, { path: ["ending"], error: "Less than `step`" })
  .readonly()
export type PriceEnding = z.infer<typeof PriceEnding>

/** Per cent that are added, or taken off with a minus: more than -100, at most 1,000. */
const Change = Decimal.refine((text) => Number(text) > -100 && Number(text) <= 1_000, { error: "More than -100, at most 1000" })

/**
 * Copies prices of variants from one list to another, or changes them within one, by so many per cent and to a price ending. Variants without a price
 * in `from` are passed over. Both lists are in one currency. For whole lists there is `copyPrices`. Within one list it is not idempotent: give the
 * call a key. Refuses `PriceListNotFound`, `InvalidInput`.
 */
export const adjustPrices = operation(
  "catalog.adjustPrices",
  z.object({
    from: Id,
    to: Id,
    variants: z.array(Id).min(1).max(MOST_PRICES).refine(unique, { error: "Name each variant once" }).readonly(),
    percent: Change.default("0"),
    ending: PriceEnding.exactOptional()
  }),
  function* (tx, { from, to, variants, percent, ending }) {
    const source = yield* priceListOf(tx, from)
    const target = yield* priceListOf(tx, to)
    if (source.currency !== target.currency || source.tax !== target.tax) {
      return yield* invalid("to", `A list in ${source.currency} and ${source.tax}, as "${from}" is`)
    }
    tx.prefetch(
      Prices,
      variants.map((variant) => priceId(to, variant))
    )
    const rows = tx.getMany(
      Prices,
      variants.map((variant) => priceId(from, variant))
    )
    const change = (amount: number) => adjusted(amount, percent, ending)
    const wanted = rows.flatMap((row) =>
      row?.amount === undefined
        ? []
        : [{ variant: row.variant, amount: change(row.amount), tiers: row.tiers.map((tier) => ({ ...tier, amount: change(tier.amount) })) }]
    )
    const over = wanted.find(({ amount, tiers }) => [{ amount }, ...tiers].some((one) => !Amount.safeParse(one.amount).success))
    if (over !== undefined) return yield* invalid("percent", `A change that leaves the price of "${over.variant}" within bounds`)
    return { changed: write(tx, to, wanted) }
  }
)

/** An amount changed by so many per cent, exactly, and then brought to a price ending, or to a whole minor unit (half up). */
export const adjusted = (amount: number, percent: string, ending?: PriceEnding): number => {
  const { numerator, denominator } = toFraction(percent)
  const n = BigInt(amount) * (100n * denominator + numerator)
  const d = 100n * denominator
  if (ending === undefined) return Number(divideRounded(n, d, "half-up"))
  const mode = { nearest: "half-up", up: "ceiling", down: "floor" } as const
  const step = BigInt(ending.step)
  const shift = BigInt(ending.ending)
  const steps = divideRounded(n - shift * d, d * step, mode[ending.to])
  return Number((steps < 0n ? 0n : steps) * step + shift)
}

const write = (tx: Tx, list: string, wanted: ReadonlyArray<Pick<ListPrice, "variant" | "amount" | "tiers">>): number => {
  const rows = tx.getMany(
    Prices,
    wanted.map(({ variant }) => priceId(list, variant))
  )
  const changes: Array<{ variant: string; before?: number; amount?: number }> = []
  for (const [at, { variant, amount, tiers }] of wanted.entries()) {
    const known = rows[at]
    const before = known?.amount
    if (known !== undefined && (known.history.at(-1)?.at ?? 0) > tx.now) {
      // Told late, as of an earlier moment: it was so then, and is no news of what holds now.
      const change = { at: tx.now, ...(amount === undefined ? {} : { amount }) }
      tx.put(Prices, priceId(list, variant), { ...known, history: recorded(known.history, change) })
      continue
    }
    if (before === amount && isSame(known?.tiers ?? [], tiers)) continue
    const now = amount === undefined ? {} : { amount }
    const history = before === amount ? (known?.history ?? []) : recorded(known?.history ?? [], { at: tx.now, ...now })
    tx.put(Prices, priceId(list, variant), { list, variant, ...now, tiers, history })
    changes.push({ variant, ...(before === undefined ? {} : { before }), ...now })
  }
  if (changes.length > 0) tx.emit(PricesChanged, list, { list, prices: changes })
  return changes.length
}

function* invalid(path: string, message: string): Generator<InvalidInput, never, unknown> {
  const operation = "catalog.adjustPrices"
  return yield* fail(
    new InvalidInput({ operation, message: `The input of ${operation} does not fit. ${path}: ${message}.`, issues: [{ path, message }] })
  )
}
