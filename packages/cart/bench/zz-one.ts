import { price } from "@omni/pricing"

import { cartOf, context, itemsOf } from "./shop.ts"
const n = Number(process.argv[2] ?? 10)
const cart = cartOf(itemsOf(n))
let s = 0
const times: number[] = []
for (let round = 0; round < 14; round++) {
  const t = process.cpuUsage()
  const N = 1000000 / n
  for (let i = 0; i < N; i++) s += price(cart, context).usage.length
  const u = process.cpuUsage(t)
  times.push(((u.user + u.system) * 1000) / N)
}
console.log(n, "ns cpu min", Math.round(Math.min(...times)), "median", Math.round(times.sort((a, b) => a - b)[7]!))
