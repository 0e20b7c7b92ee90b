import { price, type PricedCart, type Promotion, type Remaining, type RemainingByPromotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import type { Json } from "@omni/rules"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Test {
  readonly attribute: string
  readonly operator: string
  readonly values: ReadonlyArray<Json>
}

interface Applied {
  readonly id: string
  readonly code: string
}

type Attributes = Readonly<Record<string, Json>>

interface Item {
  readonly id: string
  readonly appliedDiscounts?: ReadonlyArray<Applied>
  readonly quantity: number
  readonly subtotal: number
  readonly unitPrice: number
}

interface Offer {
  readonly code: string
  readonly kind: "standard" | "buy-get"
  readonly automatic: boolean
  readonly target: "items" | "shipping" | "order"
  readonly allocation?: "each" | "across"
  readonly valueType?: "fixed" | "percentage"
  readonly value?: number
  readonly maxQuantity?: number
  readonly rules?: ReadonlyArray<Test>
  readonly targetRules?: ReadonlyArray<Test>
  readonly buyRules?: ReadonlyArray<Test>
  readonly buyQuantity?: number
  readonly getQuantity?: number
  readonly budget?: { readonly type: "spend" | "usage"; readonly limit: number; readonly used: number } | null
}

interface Input {
  readonly cart: {
    readonly currency?: string
    readonly customer?: Attributes
    readonly items?: ReadonlyArray<Item>
    readonly shippingMethods?: ReadonlyArray<Item>
  }
  readonly enteredCodes: ReadonlyArray<string>
  readonly promotions: ReadonlyArray<Offer>
  readonly preventAutomatic?: boolean
}

interface Content {
  readonly cases: ReadonlyArray<Input & { readonly name: string; readonly expected: unknown }>
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { name, expected, ...input } of contentOf(file).cases) yield { name, input, want: expected }
}

/*
 * The source neither rounds nor keeps to cents. Its amounts are counted here in millionths, so that what we round is far below the cents
 * that are compared.
 */
const scale = 1_000_000

const scaled = (amount: number): number => Math.round(amount * scale)

const operators: Readonly<Record<string, string>> = { gt: ">", gte: ">=", lt: "<", lte: "<=" }

/** All have to match; `eq` and `in` mean one of the values, which lie in a list or stand alone. */
const ruleOf = (tests: ReadonlyArray<Test> = [], path: (attribute: string) => string): Json => ({
  and: [true, ...tests.map((test) => testOf(test, { var: path(test.attribute) }))]
})

const testOf = ({ operator, values }: Test, fact: Json): Json => {
  const oneOf = { some: [{ merge: [fact] }, { in: [{ var: "" }, values] }] }
  if (operator === "eq" || operator === "in") return oneOf
  if (operator === "ne") return { "!": [oneOf] }
  const order = operators[operator]
  if (order === undefined) throw new Error(`an operator that is not known: ${operator}`)
  return { and: [{ "!==": [fact, null] }, ...values.map((value) => ({ [order]: [fact, Number(value)] }))] }
}

const inLine = (attribute: string): string => `given.${attribute.replace(/^(items|shipping_methods)\./, "")}`

const inOrder = (attribute: string): string => (attribute.startsWith("customer.") ? attribute : `customer.cart.${attribute}`)

const isEntered = ({ code, automatic }: Offer, { enteredCodes, preventAutomatic }: Input): boolean =>
  enteredCodes.includes(code) || (automatic && preventAutomatic !== true)

const valueOf = (offer: Offer): Promotion["value"] => {
  if (offer.kind === "buy-get") {
    return {
      type: "buy-get",
      buy: { quantity: offer.buyQuantity ?? 1, lines: ruleOf(offer.buyRules, inLine) },
      get: { quantity: offer.getQuantity ?? 1 },
      pick: "dearest",
      by: "line",
      times: 1
    }
  }
  if (offer.valueType === "percentage") return { type: "percentage", percent: String(offer.value ?? 0) }
  return { type: "fixed", amount: scaled(offer.value ?? 0), currency: "USD", per: "line" }
}

const promotionOf =
  (input: Input) =>
  (offer: Offer, at: number): Promotion => ({
    id: offer.code,
    name: offer.code,
    // One sequence, whatever is discounted: buy-get first, then as listed.
    target: offer.target === "shipping" ? "shipping" : "line",
    rank: (offer.kind === "buy-get" ? 0 : input.promotions.length) + at,
    value: valueOf(offer),
    allocation: offer.target === "order" ? "across" : (offer.allocation ?? "each"),
    condition: ruleOf(offer.rules, inOrder),
    lines: ruleOf(offer.target === "order" ? [] : offer.targetRules, inLine),
    earlier: "first",
    ...(offer.maxQuantity === undefined || offer.target === "order" || offer.allocation === "across"
      ? {}
      : { maxQuantity: offer.maxQuantity })
  })

const leftOf = ({ budget }: Offer): number => (budget === null || budget === undefined ? Infinity : budget.limit - budget.used)

const remainingOf = (offers: ReadonlyArray<Offer>, binding: ReadonlySet<string>): RemainingByPromotion =>
  Object.fromEntries(offers.map((offer) => [offer.code, leftOver(offer, binding)]))

const leftOver = (offer: Offer, binding: ReadonlySet<string>): Remaining => {
  const left = leftOf(offer)
  if (offer.budget?.type === "usage") return { uses: left }
  return offer.budget?.type === "spend" && (binding.has(offer.code) || left < 0.005) ? { budget: scaled(left) } : {}
}

/**
 * The source holds every single discount against a budget, and not what they come to. So a budget binds here as soon as one of them alone
 * is more than what is left of it.
 */
const pricedWithBudgets = (input: Input, binding: ReadonlySet<string> = new Set()): PricedCart => {
  const priced = pricedOf(input, binding)
  const broken = input.promotions.filter(
    (offer) =>
      offer.budget?.type === "spend" &&
      !binding.has(offer.code) &&
      priced.discounts.some(
        ({ promotion, shares }) => promotion === offer.code && shares.some(({ amount }) => -amount > scaled(leftOf(offer)))
      )
  )
  return broken.length === 0 ? priced : pricedWithBudgets(input, new Set([...binding, ...broken.map(({ code }) => code)]))
}

const attributesOf = (item: Item): Attributes => JSON.parse(JSON.stringify(item))

/** Ids that say the reverse of the order in the cart, because the source takes the later of equal lines first. */
const idOf = (at: number): string => String(1_000_000 - at)

const pricedOf = (input: Input, binding: ReadonlySet<string>): PricedCart => {
  const { items = [], shippingMethods = [], customer = {}, ...cart } = input.cart
  const offers = input.promotions.filter((offer) => isEntered(offer, input))
  return price(
    {
      lines: items.map((item, at) => ({
        id: idOf(at),
        quantity: item.quantity,
        prices: [{ amount: scaled(item.subtotal / item.quantity), currency: "USD" as const }],
        taxCategory: "none",
        facts: { given: attributesOf(item) }
      })),
      shipping: shippingMethods.map((method, at) => ({
        id: idOf(at),
        amount: scaled(method.subtotal),
        currency: "USD" as const,
        taxCategory: "none",
        facts: { given: attributesOf(method) }
      }))
    },
    {
      now: 0,
      currency: "USD",
      tax: { entry: "net", rates: { none: [] } },
      customer: { ...customer, cart: cart as Attributes },
      promotions: definePromotions(offers.map(promotionOf(input))),
      combination: "ranked",
      remaining: remainingOf(offers, binding)
    }
  )
}

const run = (input: Input): unknown => {
  const { items = [], shippingMethods = [] } = input.cart
  const known = new Set(input.promotions.map(({ code }) => code))
  const removed = [
    ...items.flatMap((item) => appliedOf(item).map((one) => ({ ...one, action: "remove-item-discount" }))),
    ...shippingMethods.flatMap((method) => appliedOf(method).map((one) => ({ ...one, action: "remove-shipping-discount" })))
  ]
  const strange = removed.find(({ code }) => !known.has(code))
  if (strange !== undefined) return { error: "applied-code-unknown", code: strange.code }
  const { discounts, skipped } = pricedWithBudgets(input)
  const shipping = new Set(input.promotions.filter(({ target }) => target === "shipping").map(({ code }) => code))
  return [
    ...removed.map(({ id, code, action }) => ({ action, discountId: id, code })),
    ...skipped
      .filter(({ code }) => code === "budget-spent" || code === "limit-reached")
      .map(({ promotion }) => ({ action: "budget-exceeded", code: promotion })),
    ...discounts.flatMap(({ promotion, shares }) =>
      shares.map(({ ref, amount }) => {
        const at = 1_000_000 - Number(ref)
        return shipping.has(promotion)
          ? { action: "discount-shipping", shippingMethodId: shippingMethods[at]?.id, amount: -amount / scale, code: promotion }
          : { action: "discount-item", itemId: items[at]?.id, amount: -amount / scale, code: promotion }
      })
    )
  ]
}

const appliedOf = ({ appliedDiscounts = [] }: Item): ReadonlyArray<Applied> => appliedDiscounts

interface Action {
  readonly amount?: number
}

/** Amounts to half a cent. In which order actions are listed is no figure, nor how often one budget is said to be exceeded. */
const agrees = (want: unknown, got: unknown): boolean => {
  if (!Array.isArray(want) || !Array.isArray(got)) return JSON.stringify(want) === JSON.stringify(got)
  const [wanted, given] = [ordered(want), ordered(got)]
  return (
    wanted.length === given.length &&
    wanted.every(([what, amount], at) => what === given[at]?.[0] && Math.abs(amount - given[at][1]) < 0.005)
  )
}

const ordered = (actions: ReadonlyArray<Action>): ReadonlyArray<readonly [what: string, amount: number]> => {
  const told = actions.map(({ amount = 0, ...what }) => [JSON.stringify(Object.entries(what).sort()), amount] as const)
  const once = told.filter(([what], at) => !what.includes("budget-exceeded") || told.findIndex(([other]) => other === what) === at)
  return once.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x - y))
}

/** Promotions: files of `{ cases: [{ name, cart, enteredCodes, promotions, preventAutomatic, expected }] }`. */
export const suite = defineSuite<Input>({
  name: "promotions",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.enteredCodes !== undefined,
  cases,
  run,
  agrees
})
