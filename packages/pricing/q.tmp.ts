import * as fc from "fast-check"

import { choosePromotions } from "./src/promotions/choose.ts"
import { prepareAll } from "./src/promotions/prepare.ts"
import { promotionOf, basketFrom } from "./test/promotions/arbitraries.ts"
const lines = (n: number) =>
  Array.from({ length: n }, (_, id) => ({
    id: `l${id}`,
    quantity: 1 + ((id * 7) % 5),
    unitPrice: 199 + ((id * 731) % 5000),
    product: "abcd"[id % 4]!
  }))
const basket = basketFrom(lines(50), 490)
const family = (name: string, filter: (p: any) => any) => {
  const rs = []
  for (let seed = 0; seed < 150; seed++) {
    const ps = fc
      .sample(fc.tuple(...Array.from({ length: 20 }, (_, a) => promotionOf(`p${String(a).padStart(2, "0")}`).filter((p) => filter(p)))), {
        numRuns: 1,
        seed
      })[0]!
      .map((p) => ({ ...p, stacking: "stackable" as const }))
    const t = process.cpuUsage().user
    const c = choosePromotions(prepareAll(ps), basket)
    rs.push({ ms: (process.cpuUsage().user - t) / 1000, exact: c.search.exact, steps: c.search.steps })
  }
  rs.sort((a, b) => b.ms - a.ms)
  console.log(name, "inexact", rs.filter((r) => !r.exact).length, "of 150; ms max", rs[0]!.ms, "p90", rs[15]!.ms, "median", rs[75]!.ms)
}
family("warm", () => true)
family("all", () => true)
family("sets", (p) => p.value.type === "buy-get" || p.value.type === "bundle")
family("sets and simple", (p) => p.value.type !== "gift")
family("no group", (p) => p.group === undefined)
family("no group no sets", (p) => p.group === undefined && p.value.type !== "buy-get" && p.value.type !== "bundle")
family("no live", (p) => p.group === undefined && p.condition === undefined && p.lines === undefined)
