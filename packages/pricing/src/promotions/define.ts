import type { Gifted, SkippedPromotion } from "../priced.ts"
import { give, kindOf, type Sheet, takeOff } from "../sheet.ts"
import { shareWeights } from "../tax/share-weights.ts"
import type { Item } from "./basket.ts"
import { choosePromotions, type Given, type Missed } from "./choose.ts"
import { type Prepared, prepareAll } from "./prepare.ts"
import type { Promotion } from "./promotion.ts"
import { type Promoted, type PromotionSet, promotionSet } from "./set.ts"
import type { Usage } from "./usage.ts"

/**
 * Checks promotions and makes them ready for `price`, once for any number of carts: in any order, each with an id of its own. Throws
 * `InvalidPromotion`, which names promotion and field. See `checkConditions`, which holds their rules against declared facts.
 */
export const definePromotions = (promotions: ReadonlyArray<Promotion>): PromotionSet => {
  const prepared = prepareAll(promotions)
  return promotionSet(promotions, (sheet) => promote(prepared, sheet))
}

const promote = (promotions: ReadonlyArray<Prepared>, sheet: Sheet): Promoted => {
  const { cart, context, rounding } = sheet
  const { combination, searchSteps, remaining } = context
  const rows = Array.from({ length: sheet.rows }, (_, row) => row)
  const chosen = choosePromotions(
    promotions,
    {
      currency: context.currency,
      now: context.now,
      channel: context.channel,
      customer: context.customer,
      coupons: cart.coupons ?? [],
      lines: rows.slice(0, sheet.lines).map((row) => lineItem(sheet, row)),
      charges: rows.filter((row) => kindOf(sheet, row) === "shipping").map((row) => chargeItem(sheet, row)),
      weightOf: rounding.sharing === "gross" ? (row, amount) => shareWeights(sheet, [row], [amount])[0]! : undefined,
      rounding
    },
    {
      ...(combination === undefined ? {} : { combination }),
      ...(searchSteps === undefined ? {} : { searchSteps }),
      ...(remaining === undefined ? {} : { remaining })
    }
  )
  for (const given of chosen.given) takeAll(sheet, given)
  return {
    skipped: chosen.missed.map(skippedOf),
    gifts: chosen.given.flatMap(giftOf),
    usage: chosen.given.map(usageOf),
    combination: chosen.search
  }
}

const lineItem = (sheet: Sheet, row: number): Item => {
  const { facts, product, categories, sku, taxCategory } = sheet.cart.lines[row]!
  return { ...common(sheet, row), product, categories, facts: { ...facts, sku: sku ?? null, taxCategory } }
}

const chargeItem = (sheet: Sheet, row: number): Item => {
  const { name, taxCategory, facts } = sheet.charges[row - sheet.lines]!
  return { ...common(sheet, row), facts: { ...facts, name: name ?? null, taxCategory } }
}

const common = ({ ids, quantity, unitPrice, listed }: Sheet, row: number) => ({
  row,
  id: ids[row]!,
  quantity: quantity[row]!,
  unitPrice: unitPrice[row]!,
  amount: listed[row]!
})

const takeAll = (sheet: Sheet, { promotion: { id, name, coupon, value }, shares }: Given): void => {
  if (value.type === "gift") return
  const known = { name, ...(coupon === undefined ? {} : { coupon }) }
  const given = give(sheet, {
    id,
    ...known,
    facts: { ...known, ...(value.type === "percentage" ? { percent: value.percent } : {}) }
  })
  for (const { row, amount } of shares) takeOff(sheet, given, row, amount)
}

const giftOf = ({ promotion: { id, name, value } }: Given): ReadonlyArray<Gifted> => {
  if (value.type !== "gift") return []
  const { product, sku, quantity, taxCategory } = value
  return [{ promotion: id, name, product, ...(sku === undefined ? {} : { sku }), quantity, taxCategory }]
}

const usageOf = ({ promotion: { id, coupon }, amount }: Given): Usage => ({
  promotion: id,
  ...(coupon === undefined ? {} : { coupon }),
  uses: 1,
  amount
})

const skippedOf = ({ promotion: { id, name }, code, short, by }: Missed): SkippedPromotion => ({
  promotion: id,
  name,
  code,
  ...(short === undefined ? {} : { short }),
  ...(by === undefined ? {} : { by })
})
