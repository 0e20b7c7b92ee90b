import { price } from "@omni/pricing"

import { ratePerSecond, median } from "../../../scripts/bench/harness.ts"
import { byHand } from "./by-hand.ts"
import { cartOf, context, itemsOf } from "./shop.ts"
const { promotions, ...bare } = context
for (const n of [10, 100]) {
  const items = itemsOf(n),
    cart = cartOf(items)
  const runs: Record<string, () => unknown> = {
    hand: () => byHand(items).totals.gross,
    "no promo, nothing read": () => price(cart, bare),
    "promo, nothing read": () => price(cart, context),
    "promo, totals": () => price(cart, context).totals.gross.amount,
    "promo, lines only": () => price(cart, context).lines.reduce((s, { gross }) => s - gross.amount, 0),
    all: () => {
      const { totals, lines } = price(cart, context)
      return lines.reduce((s, { gross }) => s - gross.amount, totals.gross.amount)
    }
  }
  for (const run of Object.values(runs)) ratePerSecond(run, 300)
  const out = Object.fromEntries(Object.keys(runs).map((k) => [k, [] as number[]]))
  for (let i = 0; i < 9; i++)
    for (const [k, run] of Object.entries(runs)) {
      globalThis.gc?.({ type: "minor" })
      out[k]!.push(ratePerSecond(run, 60))
    }
  const hand = 1e9 / median(out.hand!)
  for (const [k, v] of Object.entries(out))
    console.log(n, k.padEnd(26), Math.round(1e9 / median(v)), "ns", (1e9 / median(v) / hand).toFixed(2), "x hand")
}
