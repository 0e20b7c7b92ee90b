import { peer } from "./peers.ts"
import { type Item, taxes } from "./shop.ts"

/** `OrderCalculator` of Vendure, made by itself: what it asks of its app is answered from memory. */

interface Line {
  addAdjustment(adjustment: object): void
}

interface Order {
  readonly subTotal: number
  readonly subTotalWithTax: number
}

interface Vendure {
  readonly Order: new (fields: object) => Order
  readonly OrderLine: new (fields: object) => Line
  readonly OrderCalculator: new (...parts: ReadonlyArray<unknown>) => {
    applyPriceAdjustments(ctx: object, order: Order, promotions: ReadonlyArray<object>): Promise<Order>
  }
}

const { Order, OrderLine, OrderCalculator } = peer<Vendure>("@vendure/core")

const zone = { id: 1, name: "zone", members: [] }

const config = {
  taxOptions: {
    taxZoneStrategy: { determineTaxZone: () => zone },
    taxLineCalculationStrategy: {
      calculate: ({ orderLine }: { readonly orderLine: { readonly taxCategoryId: Item["category"] } }) => {
        const [state, city] = taxes[orderLine.taxCategoryId]
        return [
          { description: "state", taxRate: state / 100 },
          { description: "city", taxRate: city / 100 }
        ]
      }
    }
  }
}

const calculator = new OrderCalculator(
  config,
  { getAllWithMembers: async () => [zone] },
  { getApplicableTaxRate: async () => ({ value: 0 }) },
  { findOne: async () => undefined },
  { getEligibleShippingMethods: async () => [] },
  { get: (_ctx: object, _key: string, make: () => unknown) => make() }
)

interface Discounted {
  readonly listPrice: number
  readonly quantity: number
}

const tenOff = {
  id: 1,
  test: async () => true,
  apply: async (_ctx: object, { orderLine }: { readonly orderLine?: Discounted }) =>
    orderLine === undefined
      ? undefined
      : {
          adjustmentSource: "PROMOTION:1",
          type: "PROMOTION",
          description: "Ten off",
          amount: -Math.round((orderLine.listPrice * orderLine.quantity) / 10),
          data: {}
        }
}

const orderOf = (items: ReadonlyArray<Item>): Order =>
  new Order({
    currencyCode: "USD",
    surcharges: [],
    shippingLines: [],
    modifications: [],
    lines: items.map(
      ({ id, quantity, price, category }) =>
        new OrderLine({
          id,
          quantity,
          listPrice: price,
          listPriceIncludesTax: false,
          taxCategoryId: category,
          taxLines: [],
          adjustments: []
        })
    )
  })

/** The total with tax. */
export const vendure = async (items: ReadonlyArray<Item>): Promise<number> =>
  (await calculator.applyPriceAdjustments({ channel: {} }, orderOf(items), [tenOff])).subTotalWithTax
