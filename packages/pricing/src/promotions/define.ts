import type { LineToPrice } from "../model.ts"
import type { Gifted, SkippedPromotion } from "../priced.ts"
import { type ChargeOfRow, give, type Sheet } from "../sheet.ts"
import { taxOn } from "../tax/taxes.ts"
import type { Basket } from "./basket.ts"
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
  const { combination, searchSteps, remaining } = sheet.context
  const chosen = choosePromotions(promotions, basketOf(sheet), { combination, searchSteps, remaining })
  for (const given of chosen.given) if (given.promotion.value.type !== "gift") give(sheet, given)
  return {
    skipped: chosen.missed.map(skippedOf),
    gifts: chosen.given.flatMap(giftOf),
    usage: chosen.given.map(usageOf),
    combination: chosen.search
  }
}

/** The lines of a sheet and its charges for shipping, which come right after them. */
const basketOf = (sheet: Sheet): Basket => {
  const { cart, context, rounding, lines, charges } = sheet
  return {
    currency: context.currency,
    now: context.now,
    channel: context.channel,
    customer: context.customer,
    coupons: cart.coupons ?? [],
    lines,
    rows: lines + (cart.shipping?.length ?? 0),
    ids: sheet.ids,
    quantities: sheet.quantity,
    prices: sheet.unitPrice,
    listed: sheet.listed,
    productOf: (row) => cart.lines[row]!.product,
    categoriesOf: (row) => cart.lines[row]!.categories,
    factsOf: (row) => (row < lines ? lineFacts(cart.lines[row]!) : chargeFacts(charges[row - lines]!)),
    weightOf: weightsIn(sheet),
    rounding
  }
}

/** What rows cost with tax, where the policy says that discounts are shared out by it and it is not what is entered. */
const weightsIn = ({ rates, rounding, context }: Sheet): Basket["weightOf"] => {
  const { entry } = context.tax
  if (entry === "gross" || rounding.sharing !== "gross") return undefined
  return (row, amount) => amount + taxOn(amount, rates[row]!, entry, rounding)
}

const lineFacts = ({ facts, sku, taxCategory }: LineToPrice) => ({ ...facts, sku: sku ?? null, taxCategory })

const chargeFacts = ({ facts, name, taxCategory }: ChargeOfRow) => ({ ...facts, name: name ?? null, taxCategory })

const giftOf = ({ promotion: { id, name, value } }: Given): ReadonlyArray<Gifted> => {
  if (value.type !== "gift") return []
  const { product, sku, quantity, taxCategory } = value
  return [{ promotion: id, name, product, ...(sku === undefined ? {} : { sku }), quantity, taxCategory }]
}

const usageOf = ({ promotion: { id, coupon }, amount }: Given): Usage =>
  coupon === undefined ? { promotion: id, uses: 1, amount } : { promotion: id, coupon, uses: 1, amount }

const skippedOf = ({ promotion: { id, name }, code, short, by }: Missed): SkippedPromotion => ({
  promotion: id,
  name,
  code,
  ...(short === undefined ? {} : { short }),
  ...(by === undefined ? {} : { by })
})
