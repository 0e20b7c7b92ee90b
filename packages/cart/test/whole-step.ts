import * as fc from "fast-check"

import { codes, customers, giftCards, variants } from "./whole-shop.ts"

/** How often each thing is done, beside the others. */
const often = {
  add: 3,
  quantity: 1,
  remove: 1,
  code: 2,
  uncode: 1,
  see: 1,
  merge: 1,
  buy: 4,
  start: 2,
  race: 1,
  pay: 3,
  part: 1,
  decline: 1,
  other: 1,
  again: 1,
  void: 1,
  till: 2,
  revoke: 2,
  ship: 2,
  deliver: 1,
  back: 2,
  payOut: 1,
  lapse: 1,
  day: 1,
  price: 1,
  sale: 1,
  arrive: 1,
  lose: 1,
  reward: 1
}
type What = keyof typeof often

const what = fc.oneof(...Object.entries(often).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as What) })))

/** One thing that somebody does, and whether what follows of it follows at once. */
export const steps = fc.array(
  fc.record({
    what,
    who: fc.constantFrom(...customers),
    variant: fc.constantFrom(...variants),
    quantity: fc.integer({ min: 1, max: 4 }),
    code: fc.constantFrom(...codes),
    which: fc.nat({ max: 9 }),
    shop: fc.constantFrom(0, 1),
    tenders: fc.constantFrom("card", "gift", "gift-card", "credit", "points", "all", "twice"),
    percent: fc.constantFrom(10, 50, 90, 100),
    fresh: fc.boolean(),
    drained: fc.boolean()
  }),
  { minLength: 6, maxLength: 30, size: "max" }
)
export type Step = typeof steps extends fc.Arbitrary<ReadonlyArray<infer T>> ? T : never

/** Refusals that a customer has to expect of a checkout. */
export const refusals = [
  "CartNotFound",
  "CartEmpty",
  "CheckoutChanged",
  "CouponSpent",
  "CouponReserved",
  "CouponExhausted",
  "TenderDeclined",
  "TendersMismatch",
  "CartClosed"
]

export const tendersOf = ({ tenders, percent, which }: Step, total: number) => {
  const part = Math.floor((total * percent) / 100)
  const third = Math.floor(total / 3)
  const token = giftCards[which % 2]!
  switch (tenders) {
    case "card":
      return [{ provider: "card" }]
    case "gift":
      return [{ provider: "gift-card", token }]
    case "gift-card":
      return [{ provider: "gift-card", token, amount: Math.min(part, 700) }, { provider: "card" }]
    case "credit":
      return [{ provider: "store-credit", amount: Math.min(part, 800) }, { provider: "card" }]
    case "points":
      return [{ provider: "points", amount: Math.min(part, 400) }, { provider: "card" }]
    case "twice":
      return [{ provider: "card", amount: third }, { provider: "card" }]
    case "all":
      return [
        { provider: "points", amount: Math.min(third, 300) },
        { provider: "gift-card", token, amount: Math.min(third, 500) },
        { provider: "card" }
      ]
  }
}
