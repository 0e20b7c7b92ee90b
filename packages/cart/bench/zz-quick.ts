import { price } from "@omni/pricing"

import { ratePerSecond, median } from "../../../scripts/bench/harness.ts"
import { byHand } from "./by-hand.ts"
import { cartOf, context, itemsOf } from "./shop.ts"
const only = process.argv[2] ? [Number(process.argv[2])] : [10, 100, 1000]
for (const n of only) {
  const items = itemsOf(n),
    cart = cartOf(items)
  const ours = () => {
    const { totals, lines } = price(cart, context)
    return lines.reduce((s, { gross }) => s - gross.amount, totals.gross.amount)
  }
  const hand = () => byHand(items).totals.gross
  ratePerSecond(ours, 300)
  ratePerSecond(hand, 300)
  const a: number[] = [],
    b: number[] = []
  for (let i = 0; i < 9; i++) {
    globalThis.gc?.({ type: "minor" })
    a.push(ratePerSecond(ours))
    if (!process.argv[2]) {
      globalThis.gc?.({ type: "minor" })
      b.push(ratePerSecond(hand))
    }
  }
  console.log(n, Math.round(median(a)), Math.round(median(b)), (median(a) / median(b)).toFixed(3), "ns/cart", Math.round(1e9 / median(a)))
}
