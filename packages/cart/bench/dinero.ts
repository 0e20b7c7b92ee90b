import { add, allocate, dinero, type Dinero, multiply, subtract, toSnapshot } from "dinero.js"
import { USD } from "dinero.js/currencies"

import { type Item, taxes } from "./shop.ts"

/** So many hundredths of a per cent of it, to the cent. */
const part = (money: Dinero<number, "USD">, hundredths: number): Dinero<number, "USD"> =>
  allocate(money, [hundredths, 10_000 - hundredths])[0]!

/** The total with tax, in cents, as its documentation works out discounts and taxes: by allocation. */
export const dineroTotal = (items: ReadonlyArray<Item>): number => {
  let total = dinero({ amount: 0, currency: USD })
  for (const { price, quantity, category } of items) {
    const listed = multiply(dinero({ amount: price, currency: USD }), quantity)
    const net = subtract(listed, part(listed, 1_000))
    const [state, city] = taxes[category]
    total = add(total, add(net, add(part(net, state), part(net, city))))
  }
  return toSnapshot(total).amount
}
