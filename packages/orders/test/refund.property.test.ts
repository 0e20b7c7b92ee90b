import { days, money } from "@omni/core"
import { type LineRequest, type Order, RefundDue, type ReturnPolicy } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { shop } from "./shop.ts"

const eur = (amount: number) => money(amount, "EUR")

const lineOf: fc.Arbitrary<LineRequest> = fc
  .record({
    quantity: fc.integer({ min: 1, max: 5 }),
    price: fc.oneof(fc.nat(9), fc.nat(500)),
    percent: fc.integer({ min: 0, max: 100 }),
    tax: fc.nat(90)
  })
  .map(({ quantity, price, percent, tax }) => ({
    sku: "case",
    quantity,
    unitPrice: eur(price),
    adjustments: [{ code: "off", amount: eur(-Math.round((quantity * price * percent) / 100)) }],
    taxes: [{ code: "vat", rate: "0.19", amount: eur(tax) }]
  }))

const policyOf: fc.Arbitrary<ReturnPolicy> = fc.record(
  {
    window: fc.constant("none" as const),
    charges: fc.constantFrom("all", "share", "never"),
    approval: fc.constantFrom("auto", "manual"),
    fees: fc.record({ restocking: fc.constantFrom("0", "0.15", "1"), shipping: fc.constant([eur(49)]) }, { requiredKeys: [] })
  },
  { requiredKeys: ["window"] }
)

const step = fc.record({
  do: fc.constantFrom(
    "ship" as const,
    "deliver" as const,
    "cancel" as const,
    "return" as const,
    "return" as const,
    "request" as const,
    "receive" as const
  ),
  line: fc.integer({ min: 1, max: 3 }),
  quantity: fc.integer({ min: 1, max: 3 }),
  deduction: fc.constantFrom(0, 0, 25)
})

it("never refunds more than was paid, in any order of returns and cancellations; without fees all of it comes back with the last", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(lineOf, { minLength: 3, maxLength: 3 }),
      fc.array(fc.integer({ min: -60, max: 300 }), { maxLength: 2 }),
      fc.boolean(),
      policyOf,
      fc.array(step, { minLength: 5, maxLength: 25, size: "max" }),
      async (lines, extras, taxIncluded, policy, steps) => {
        const { omni } = await shop({ returns: policy })
        await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 100 }] })
        const charges = extras.map((amount) => ({ code: "c", amount: eur(amount) }))
        const fulfilment = { kind: "ship", location: "lyon" } as const
        const placed = await omni.orders.safe.place({ currency: "EUR", taxIncluded, lines, charges, fulfilment })
        if (!placed.ok) return // a deduction beyond the lines
        const { id, totals } = placed.value
        const open: Array<string> = []
        for (const { do: verb, line, quantity, deduction } of steps) {
          const named = { line: String(line), quantity }
          const came = { ...named, condition: "sellable" as const }
          const less = deduction === 0 ? {} : { deduction: eur(deduction) }
          const before = (await omni.orders.order({ order: id })).refunds?.due.amount ?? 0
          if (verb === "return") await omni.orders.safe.takeBack({ order: id, reason: "whim", location: "lyon", lines: [came], ...less })
          else if (verb === "request") {
            const asked = await omni.orders.safe.requestReturn({ order: id, reason: "whim", lines: [named], location: "lyon" })
            if (asked.ok) open.push(asked.value.id)
            if (asked.ok && asked.value.status === "requested") await omni.orders.approveReturn({ return: asked.value.id })
          } else if (verb === "receive") {
            const first = open[line % Math.max(1, open.length)]
            if (first !== undefined) await omni.orders.safe.receiveReturn({ return: first, lines: [came], ...less })
          } else await omni.orders.safe[verb]({ order: id, lines: [named] })
          const after = await omni.orders.order({ order: id })
          assert.isAtLeast(after.refunds?.due.amount ?? 0, before)
          assert.isAtMost(after.refunds?.due.amount ?? 0, totals.total.amount)
        }
        await endAll(omni, id)
        const order = await omni.orders.order({ order: id })
        const facts = (await omni.events({ types: [RefundDue], limit: 1000 })).events.map(
          ({ data }) => (data as { amount: { amount: number } }).amount.amount
        )
        assert.equal(
          facts.reduce((a, b) => a + b, 0),
          order.refunds?.due.amount ?? 0
        )
        const rows = (await omni.orders.refundsOf({ order: id, limit: 1000 })).items.map(({ row }) => row)
        for (const row of rows) {
          const fees = row.fees.reduce((sum, { amount }) => sum + amount.amount, 0)
          assert.equal(row.amount.amount + row.credited.amount, row.goods.amount + row.charges.amount - fees)
        }
        const kept = rows.reduce((sum, row) => sum + row.fees.reduce((all, { amount }) => all + amount.amount, 0), 0)
        assert.isAtMost((order.refunds?.due.amount ?? 0) + kept, totals.total.amount)
        const plain = policy.fees === undefined && steps.every(({ deduction }) => deduction === 0)
        if (plain && policy.charges !== "never" && extras.every((amount) => amount >= 0))
          assert.equal(order.refunds?.due.amount ?? 0, totals.total.amount)
        await omni.close()
      }
    ),
    { numRuns: 120 }
  )
})

/** Everything comes back: what has not left is cancelled, what has is returned. */
const endAll = async (omni: Awaited<ReturnType<typeof shop>>["omni"], id: string): Promise<void> => {
  await omni.orders.safe.cancel({ order: id })
  for (const { row } of (await omni.orders.returnsOf({ order: id, limit: 1000 })).items)
    if (row.status === "approved") await omni.orders.cancelReturn({ return: row.id })
  const { lines }: Order = await omni.orders.order({ order: id })
  const left = lines.flatMap((line) => {
    const quantity = line.parts.reduce((sum, { status, count }) => sum + (status === "shipped" || status === "delivered" ? count : 0), 0)
    return quantity === 0 ? [] : [{ line: line.id, quantity, condition: "damaged" as const }]
  })
  if (left.length > 0) await omni.orders.takeBack({ order: id, reason: "whim", location: "lyon", lines: left })
}

it("has a window that ends to the millisecond", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -2, max: 2 }), async (late) => {
      const { omni, clock } = await shop({ returns: { window: days(14) } })
      const { id } = await omni.orders.place({
        currency: "EUR",
        taxIncluded: true,
        lines: [{ sku: "case", quantity: 1, unitPrice: eur(100) }],
        fulfilment: { kind: "carry-out", location: "lyon" }
      })
      clock.advance(days(14) + late)
      const asked = await omni.orders.safe.requestReturn({ order: id, reason: "whim", lines: [{ line: "1", quantity: 1 }] })
      assert.equal(asked.ok, late <= 0)
    }),
    { numRuns: 10 }
  )
})

it("never gives back more than an order whose deductions go beyond its goods", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(30),
      fc.integer({ min: 31, max: 60 }),
      fc.nat(90),
      fc.constantFrom("all", "share", "never"),
      async (price, less, more, charges) => {
        const { omni } = await shop({ returns: { charges } })
        const total = 2 * price - less + more
        fc.pre(total >= 0)
        const order = await omni.orders.place({
          currency: "EUR",
          taxIncluded: true,
          lines: [1, 2].map(() => ({ sku: "case", quantity: 1, unitPrice: eur(price) })),
          charges: [
            { code: "deposit", amount: eur(-less) },
            { code: "shipping", amount: eur(more) }
          ],
          fulfilment: { kind: "carry-out", location: "lyon" }
        })
        for (const line of ["2", "1"])
          await omni.orders.takeBack({
            order: order.id,
            reason: "whim",
            location: "lyon",
            lines: [{ line, quantity: 1, condition: "sellable" }]
          })
        const { refunds } = await omni.orders.order({ order: order.id })
        assert.isAtMost(refunds?.due.amount ?? 0, total)
      }
    ),
    { numRuns: 60 }
  )
})
