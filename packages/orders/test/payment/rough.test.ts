import { days, DeliveryFailed, hours, type Money } from "@omni/core"
import { type DisputeStatus, type PaymentProvider, recordedProvider } from "@omni/orders"
import { random } from "@omni/testkit"
import { assert, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { payShop } from "./shop.ts"

const SEEDS = 40

/**
 * A history of one order, by seed, at a provider that refuses, loses answers and is away, whose payers' banks send refunds back and dispute
 * payments. In the end it works again, time passes, and what is due to the customer is paid out in cash.
 */
const walk = async (seed: number, capture: "on-placement" | "on-shipment" | "manual", idempotent: boolean) => {
  const dice = random(seed)
  const often = (part: number): boolean => dice.fraction() < part
  const inner = recordedProvider(often(0.3) ? { validity: days(4) } : {})
  let rough = false
  const card: PaymentProvider = {
    ...inner,
    capabilities: { ...inner.capabilities, idempotent },
    execute: async (command, how) => {
      const fate = rough && command.kind !== "begin" ? dice.below(6) : 5
      if (fate === 0) throw new DeliveryFailed("refused", { retry: false })
      if (fate === 1) throw new Error("lost on the way there")
      const answer = await inner.execute(command, how)
      if (fate === 2) throw new Error("lost on the way back")
      return answer
    }
  }
  const { omni, clock, view } = await payShop({ providers: { card }, capture, retries: 12 })
  const hook = async (raw: Parameters<typeof inner.webhook>[0]) =>
    omni.payments.report({ provider: "card", reports: [...(await inner.webhook(raw))] })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 100 }] })
  const ordered = request({ lines: [line("case", 10, 1333)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await omni.payments.openCheckout({ order: ordered, tenders: [{ provider: "card" }] })
  await omni.drain()
  await hook(inner.authorise(payments[0]!))
  const order = (await view(id)).order!
  const cards = [payments[0]!]
  const disputes = new Map<string, { payment: string; amount: number; at: number }>()
  const statuses: ReadonlyArray<DisputeStatus> = ["inquiry", "needs-response", "under-review", "won", "lost"]
  const told: Array<string> = []
  /** What was given by hand, and by what the order had become dearer since: so much more may have gone back than it has come down by. */
  let slack = 0
  const lines = () => [{ line: "1", quantity: 1 + dice.below(4) }]
  const byHand = async (give: (amount: Money) => Promise<{ readonly ok: boolean }>) => {
    const amount = eur(1 + dice.below(900))
    if ((await give(amount)).ok) slack += amount.amount
  }
  const steps: ReadonlyArray<() => Promise<unknown>> = [
    () => omni.orders.safe.ship({ order, lines: lines() }),
    () => omni.orders.safe.cancel({ order, lines: lines() }),
    () =>
      omni.orders.safe.takeBack({
        order,
        reason: "x",
        goodwill: true,
        location: "lyon",
        lines: lines().map((some) => ({ ...some, condition: "sellable" as const }))
      }),
    async () => {
      if ((await omni.orders.safe.edit({ order, add: [line("case", 1, 700)] })).ok) slack += 700
    },
    async () => {
      const begun = await omni.payments.safe.payOrder({ order, tender: { provider: "card" } })
      if (!begun.ok) return
      cards.push(begun.value.id)
      await omni.drain()
      await hook(inner.authorise(begun.value.id))
    },
    () => byHand((amount) => omni.payments.safe.refund({ order, amount })),
    () => omni.payments.safe.capture({ order, amount: eur(1 + dice.below(3000)) }),
    () => byHand((amount) => omni.payments.safe.payOut({ order, provider: "cash", amount })),
    async () => {
      const payment = cards[dice.below(cards.length)]!
      const { refunded, reversed } = await omni.payments.payment({ payment })
      if (refunded > reversed) await hook(inner.reverse(payment, 1 + dice.below(refunded - reversed)))
    },
    async () => {
      const payment = cards[dice.below(cards.length)]!
      const key = `dp_${payment}_${dice.below(2)}`
      const known = disputes.get(key)
      const { captured } = await omni.payments.payment({ payment })
      if (captured === 0) return
      const dispute = known ?? { payment, amount: 1 + dice.below(captured), at: dice.below(2) }
      disputes.set(key, { ...dispute, at: Math.min(3 + dice.below(2), dispute.at + 1) })
      await hook(inner.dispute(payment, { reference: key, amount: dispute.amount, status: statuses[disputes.get(key)!.at]! }))
    }
  ]
  const lawful = async () => {
    const { captured, refunded, reversed } = await omni.payments.balance({ order })
    assert.isAtMost(refunded.amount - reversed.amount, captured.amount, `seed ${seed}: ${told.join(", ")}`)
  }
  rough = true
  for (let step = 0; step < 10; step++) {
    const which = dice.below(steps.length)
    await steps[which]!()
    told.push(String(which))
    if (often(0.5)) await omni.drain()
    if (often(0.3)) {
      clock.by(hours(1 + dice.below(30)))
      await omni.drain()
    }
    await lawful()
  }
  rough = false
  for (const [reference, { payment, amount, at }] of disputes)
    if (at < 3) await hook(inner.dispute(payment, { reference, amount, status: often(0.5) ? "won" : "lost" }))
  await omni.orders.safe.ship({ order })
  await omni.orders.safe.cancel({ order })
  await omni.drain()
  const pass = async () => {
    for (let day = 0; day < 40; day++) {
      clock.by(hours(16))
      await omni.drain()
    }
  }
  await pass()
  if (capture === "manual") await omni.payments.safe.capture({ order })
  for (const { row } of (await omni.payments.stuckPayments({})).items) await omni.payments.retryPayment({ payment: row.id })
  await pass()
  const owing = await omni.payments.balance({ order })
  if (owing.due.amount < 0) await omni.payments.safe.payOut({ order, provider: "cash" })
  await lawful()
  const end = await omni.payments.balance({ order })
  const conserved = await Promise.all(
    cards.map(async (payment) => {
      const [theirs] = await inner.webhook(inner.tell(payment))
      const { captured, released, refunded, reversed, asked } = await omni.payments.payment({ payment })
      assert.deepEqual(
        [theirs!.captured, theirs!.refunded, theirs!.reversed],
        [captured, refunded, reversed],
        `seed ${seed}: ${told.join(", ")}`
      )
      return asked.captured === captured && asked.refunded === refunded && asked.released <= released
    })
  )
  await omni.close()
  const gone = end.refunded.amount - end.reversed.amount
  const tooMuch = gone - slack - (Math.max(end.total.amount, end.captured.amount) - end.owed.amount)
  return { end, conserved, tooMuch, told: told.join(", ") }
}

it.each([
  ["on-placement", true],
  ["on-placement", false],
  ["on-shipment", true],
  ["on-shipment", false],
  ["manual", true]
] as const)(
  "whatever fails, money is where books say, never more goes back than came, and what is due gets to the customer: %s, keys %s",
  { timeout: 120_000 },
  async (capture, idempotent) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { end, conserved, tooMuch, told } = await walk(seed, capture, idempotent)
      const about = `seed ${seed}: ${told}; ${JSON.stringify({ ...end, payments: end.payments.map((row) => ({ ...row, id: "" })) })}`
      assert.isTrue(conserved.every(Boolean), about)
      assert.isAtLeast(end.due.amount, 0, about)
      assert.isAtMost(tooMuch, 0, about)
    }
  }
)
