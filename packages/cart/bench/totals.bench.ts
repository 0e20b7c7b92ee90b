import { price } from "@omni/pricing"

import { compare, ratePerSecond } from "../../../scripts/bench/harness.ts"
import { byHand } from "./by-hand.ts"
import { dineroTotal } from "./dinero.ts"
import { medusa } from "./medusa.ts"
import { cartOf, context, itemsOf } from "./shop.ts"
import { vendure } from "./vendure.ts"

/** Totals of a cart and of each of its lines, with one adjustment and two taxes. Ours can say of every amount where it comes from. */

/** How often an asynchronous body runs in a second. */
const ratePerSecondAsync = async (body: () => Promise<unknown>, millis = 100): Promise<number> => {
  const began = performance.now()
  let runs = 0
  while (performance.now() - began < millis || runs === 0) {
    await body()
    runs++
  }
  return (runs * 1000) / (performance.now() - began)
}

/** The total that all agree on, within a cent a line: they round in different places. */
const agree = async (count: number): Promise<void> => {
  const items = itemsOf(count)
  const ours = price(cartOf(items), context).totals.gross.amount
  for (const theirs of [byHand(items).totals.gross, medusa(items) * 100, await vendure(items), dineroTotal(items)])
    if (Math.abs(theirs - ours) > 3 * count) throw new Error(`a peer says ${theirs}, ours is ${ours}`)
}

const ours = (count: number) => {
  const cart = cartOf(itemsOf(count))
  return () =>
    ratePerSecond(() => {
      const { totals, lines } = price(cart, context)
      return lines.reduce((sum, { gross }) => sum - gross.amount, totals.gross.amount)
    })
}

/** The same, and every part of every trace of every line and total is read. */
const traced = (count: number) => {
  const cart = cartOf(itemsOf(count))
  return () =>
    ratePerSecond(() => {
      const { totals, lines } = price(cart, context)
      const amounts = [...Object.values(totals), ...lines.flatMap(({ net, tax, gross }) => [net, tax, gross])]
      return amounts.reduce((sum, { trace }) => sum + trace.length, 0)
    })
}

const carts = { bench: "cart", unit: "carts/s", better: "higher" } as const

for (const count of [10, 100, 1_000]) {
  await agree(count)
  const items = itemsOf(count)
  await compare({
    ...carts,
    case: `totals of ${count} lines`,
    ours: ours(count),
    peers: {
      "@medusajs/utils": () => ratePerSecond(() => medusa(items)),
      "@vendure/core": () => ratePerSecondAsync(() => vendure(items)),
      "dinero.js": () => ratePerSecond(() => dineroTotal(items)),
      "a loop by hand": () => ratePerSecond(() => byHand(items).totals.gross)
    },
    rounds: 3
  })
  await compare({
    ...carts,
    case: `totals of ${count} lines, every trace read`,
    ours: traced(count),
    peers: { "@medusajs/utils": () => ratePerSecond(() => medusa(items)) },
    rounds: 3
  })
}

/** Linear: the time of a line in a cart of 10,000, against its time in one of 1,000. */
const perLine = (count: number) => {
  const rate = ours(count)
  return () => 1e9 / rate() / count
}

await compare({
  bench: "cart",
  case: "a line of 10,000, against one of 1,000",
  unit: "ns",
  better: "lower",
  ours: perLine(10_000),
  peers: { "ours at 1,000 lines": perLine(1_000) }
})
