import { source, type SourcingPlan } from "@omni/inventory"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"
import { boundsOf } from "./bounds.ts"
import { type Seeded, seeded } from "./orders.ts"

/**
 * Sourcing of large orders, 50 lines over 100 locations: how long a plan takes, and how far it is from the best bound known. The bound is
 * the optimum where more effort proves it (that branch and bound is checked against brute force by the tests), else that of HiGHS.
 */

const BENCH = "inventory sourcing"
const ORDERS = isLong ? 1000 : 60
const EFFORT = isLong ? 1000 : 20

const solve = ({ order, stock, rules }: Seeded, effort = 1): SourcingPlan => source(order, stock, { ...rules, effort })

const figure = (name: string, unit: string, value: number) =>
  compare({ bench: BENCH, case: name, unit, better: "lower", rounds: 1, ours: () => value, peers: {} })

const percentile = (values: ReadonlyArray<number>, share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

/** How far above the bound a plan is, in per cent: by the first rules, and, where it is at their best, by the last one. */
const excess = (asked: Seeded, plan: SourcingPlan): readonly [number, number] => {
  if (plan.optimal) return [0, 0]
  const best = solve(asked, EFFORT)
  const bounds = best.optimal
    ? asked.rules.rank.map((rule) => ({ reached: plan.score.rules[rule]!, bound: best.score.rules[rule]! }))
    : boundsOf(asked, plan, isLong ? 5 : 1).filter(({ rule }) => asked.rules.rank.includes(rule))
  const over = bounds.map(({ reached, bound }) => (reached === bound ? 0 : (100 * (reached - bound)) / bound))
  // What comes after a rule that is not at its best cannot be compared.
  const first = over.slice(0, -1).find((percent) => percent !== 0) ?? 0
  return [first, first === 0 ? over.at(-1)! : 0]
}

interface Kind {
  readonly millis: Array<number>
  /** Of the processor, which is what a busy machine leaves comparable. */
  readonly cpu: Array<number>
  readonly over: Array<readonly [number, number]>
  proven: number
}

const kinds = new Map<string, Kind>()
for (let seed = 10_000; seed < 10_030; seed++) solve(seeded(seed))
for (let seed = 0; seed < ORDERS; seed++) {
  const asked = seeded(seed)
  const own: Kind = kinds.get(asked.kind) ?? { millis: [], cpu: [], over: [], proven: 0 }
  kinds.set(asked.kind, own)
  const began = process.cpuUsage()
  let plan: SourcingPlan | undefined
  own.millis.push(await millisOf(() => (plan = solve(asked))))
  const { user, system } = process.cpuUsage(began)
  own.cpu.push((user + system) / 1000)
  own.over.push(excess(asked, plan!))
  own.proven += plan!.optimal ? 1 : 0
}

for (const time of ["millis", "cpu"] as const) {
  const all = [...kinds.values()].flatMap((kind) => kind[time])
  const unit = time === "cpu" ? "ms of a processor" : "ms"
  await figure(`${all.length} orders, median`, unit, percentile(all, 0.5))
  await figure(`${all.length} orders, 99th percentile`, unit, percentile(all, 0.99))
}
for (const [kind, { over, proven }] of kinds) {
  const more = { bench: BENCH, unit: `orders of ${over.length}`, better: "higher", rounds: 1, peers: {} } as const
  const within = over.map(([first, last]) => [first <= 5, first <= 5 && last <= 5] as const)
  await compare({ ...more, case: `${kind}: proven to be optimal at once`, ours: () => proven })
  await compare({
    ...more,
    case: `${kind}: within 5 % of the bound, by the rule ranked first`,
    ours: () => within.filter(([first]) => first).length
  })
  await compare({ ...more, case: `${kind}: within 5 % of the bound, by all rules`, ours: () => within.filter(([, last]) => last).length })
  await figure(`${kind}: farthest from the bound, by the rule ranked first`, "%", Math.max(...over.map(([first]) => first)))
  await figure(`${kind}: farthest from the bound, by the rule ranked last`, "%", Math.max(...over.map(([, last]) => last)))
}

// What somebody would take instead: a general solver, for each rule in turn. Orders that it can solve in seconds.
const general = seeded(0)
await compare({
  bench: BENCH,
  case: `one order, ${general.kind}, ${general.rules.rank.join(", then ")}`,
  unit: "ms",
  better: "lower",
  rounds: isLong ? 3 : 1,
  ours: () => millisOf(() => solve(general)),
  peers: { "HiGHS 1.15": () => millisOf(() => boundsOf(general, solve(general), 60)) }
})
