import { price } from "@omni/pricing"

import { cartOf, context, itemsOf } from "./shop.ts"
for (const withP of [false, true])
  for (const n of [10, 100, 1000]) {
    const cart = cartOf(itemsOf(n))
    const { promotions, ...rest } = context
    const ctx = withP ? context : rest
    let sum = 0
    const run = () => {
      const { totals, lines } = price(cart, ctx)
      sum += lines.reduce((s, { gross }) => s - gross.amount, totals.gross.amount)
    }
    for (let i = 0; i < (20000 / n) * 5; i++) run()
    const t = process.cpuUsage().user
    const k = 100000 / n
    for (let i = 0; i < k; i++) run()
    console.log(withP, n, ((process.cpuUsage().user - t) / k).toFixed(1), "us")
  }
