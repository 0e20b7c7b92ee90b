import { compile } from "@omni/rules"
import { LogicEngine } from "json-logic-engine"

import { compare, ratePerSecond } from "../../../scripts/bench/harness.ts"

const rule = {
  and: [
    { "==": [{ var: "type" }, "order"] },
    { "==": [{ var: "country" }, "DE"] },
    { in: [{ var: "tier" }, ["gold", "silver"]] },
    { ">=": [{ var: "total" }, 5_000] },
    { "<": [{ var: "lastOrderDays" }, 40] }
  ]
}

const built = new LogicEngine().build(rule)

const events = Array.from({ length: 1_000 }, (_, at) => ({
  type: "order",
  country: "DE",
  tier: at % 2 === 0 ? "gold" : "silver",
  total: 5_000 + at,
  lastOrderDays: at % 30
}))

const over = (test: (event: unknown) => unknown) => {
  let at = 0
  return () => ratePerSecond(() => test(events[at++ % events.length])) / 1e6
}

await compare({
  bench: "rules",
  case: "one compiled rule of five conditions",
  unit: "M ops/s",
  better: "higher",
  ours: over(compile(rule).test),
  peers: { "json-logic-engine build": over((event) => built(event)) }
})
