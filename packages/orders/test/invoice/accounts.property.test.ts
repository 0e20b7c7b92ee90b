import { type Money, money } from "@omni/core"
import { ageing, dueDate } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { eur, freeLine, office, request } from "./office.ts"

const step = fc.record({
  do: fc.constantFrom("issue", "pay", "refund", "credit"),
  which: fc.nat({ max: 5 }),
  cents: fc.integer({ min: 1, max: 30_000 }),
  days: fc.nat({ max: 120 })
})

it("a company's balance is what was invoiced, less credits, payments and discounts; so are its open items, buckets and entries", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const { omni } = await office()
      const invoices: Array<{ readonly id: string; readonly due: string }> = []
      let balance = 0
      for (const [n, { do: what, which, cents, days }] of steps.entries()) {
        const target = invoices[which % Math.max(invoices.length, 1)]
        if (what === "issue") {
          const price = (cents / 100).toFixed(2)
          const terms = { days, discounts: [{ percent: "2", days: 14 }] }
          const {
            id,
            payable,
            dueDate: due
          } = await omni.invoices.issueInvoice(request({ of: { currency: "EUR", taxIncluded: true, lines: [freeLine({ price })] }, terms }))
          balance += payable.amount
          invoices.push({ id, due: due! })
        } else if (target !== undefined && what === "credit") {
          const note = await omni.invoices.safe.issueCreditNote({ invoice: target.id, lines: [{ line: "1", quantity: "0.5" }] })
          if (note.ok) balance -= note.value.payable.amount
        } else if (target !== undefined) {
          const before = await omni.invoices.account({ invoice: target.id })
          const payment = { invoice: target.id, reference: `bank ${n}`, amount: eur(what === "pay" ? cents : -cents), date: dayAfter(days) }
          const after = await omni.invoices.recordPayment(payment)
          assert.deepEqual(await omni.invoices.recordPayment(payment), after)
          balance -= payment.amount.amount + after.discount.amount - before.discount.amount
        }
      }
      const on = "2026-09-20"
      await assertStatements(omni, steps[0]!.days, balance)
      const where = { legalEntity: "omni-es", company: "muller", currency: "EUR" } as const
      const { balance: stated, ageing: buckets, open } = await omni.invoices.statement({ ...where, on, limit: 1000 })
      assert.equal(stated.amount, balance)
      assert.equal(sum(buckets.map(({ amount }) => amount)), balance)
      assert.equal(sum(open.items.map(({ row }) => row.open)), balance)
      const oracle = [0, 30, 60, 90, Infinity].map((to, i, ends) =>
        sum(
          open.items
            .filter(({ row }) => late(row.dueDate, on) <= to && (i === 0 || late(row.dueDate, on) > ends[i - 1]!))
            .map(({ row }) => row.open)
        )
      )
      assert.deepEqual(
        buckets.map(({ amount }) => amount.amount),
        oracle
      )
      const { items } = await omni.invoices.accountEntries({ ...where, limit: 1000 })
      assert.equal(sum(items.map(({ row }) => row.amount)), balance)
      if (items.length > 0) assert.equal(items[0]!.row.balance.amount, balance)
      const { items: overdue } = await omni.invoices.overdue({ legalEntity: "omni-es", on, limit: 1000 })
      const expected = open.items.filter(({ row }) => row.open.amount > 0 && row.dueDate < on)
      assert.deepEqual(overdue.map(({ id }) => id).sort(), expected.map(({ id }) => id).sort())
      assert.deepEqual(
        overdue.map(({ row }) => row.dueDate),
        overdue.map(({ row }) => row.dueDate).sort()
      )
      await omni.close()
    }),
    { numRuns: 60 }
  )
}, 60_000)

/** The day so many days after the middle of June: before anything was issued, or long after. */
const dayAfter = (days: number): string => new Date(Date.parse("2026-06-15") + days * 86_400_000).toISOString().slice(0, 10)

/** Statements that follow one another: each opens with what the one before closed with, and the lines of each add up. */
const assertStatements = async (omni: Awaited<ReturnType<typeof office>>["omni"], cut: number, balance: number): Promise<void> => {
  const of = (from: string, on: string) => omni.invoices.statement({ legalEntity: "omni-es", company: "muller", currency: "EUR", from, on })
  const before = await of("2026-01-01", dayAfter(cut))
  const after = await of(dayAfter(cut + 1), "2027-12-31")
  assert.deepEqual([before.opening.amount, after.closing.amount], [0, balance])
  assert.deepEqual(after.opening, before.closing)
  for (const { opening, lines, closing } of [before, after]) {
    let sofar = opening.amount
    for (const { amount, balance: shown } of lines) assert.equal((sofar += amount.amount), shown.amount)
    assert.equal(sofar, closing.amount)
    assert.deepEqual(
      lines.map(({ date }) => date),
      lines.map(({ date }) => date).sort()
    )
  }
}

const sum = (list: ReadonlyArray<Money>): number => list.reduce((total, { amount }) => total + amount, 0)

const late = (due: string, on: string): number => (Date.parse(on) - Date.parse(due)) / 86_400_000

it("takes the early-payment discount when what is left is no more than it, and in time", async () => {
  const { omni, issue } = await office()
  const terms = {
    days: 30,
    discounts: [
      { percent: "2", days: 8 },
      { percent: "3", days: 2 }
    ]
  }
  const of = { currency: "EUR", taxIncluded: true, lines: [freeLine({ quantity: "1", price: "100" })] } as const
  const pay = async (cents: number, date: string) => {
    const { id } = await issue({ of: { ...of, lines: [...of.lines] }, terms })
    const { open, discount } = await omni.invoices.recordPayment({ invoice: id, reference: "bank", amount: eur(cents), date })
    return [open.amount, discount.amount]
  }
  assert.deepEqual(await pay(9800, "2026-07-23"), [0, 200])
  assert.deepEqual(await pay(9800, "2026-07-24"), [200, 0])
  assert.deepEqual(await pay(9700, "2026-07-17"), [0, 300])
  assert.deepEqual(await pay(9700, "2026-07-18"), [300, 0])
  assert.deepEqual(await pay(9699, "2026-07-16"), [301, 0])
  assert.deepEqual(await pay(9999, "2026-07-23"), [0, 1])
  assert.deepEqual(await pay(12_000, "2026-07-23"), [-2000, 0])
  const { id } = await issue({ of: { ...of, lines: [...of.lines] }, terms })
  await omni.invoices.recordPayment({ invoice: id, reference: "bank", amount: eur(100) })
  const other = await omni.invoices.safe.recordPayment({ invoice: id, reference: "bank", amount: eur(200) })
  assert.equal(!other.ok && other.error._tag, "PaymentMismatch")
  const dollars = await omni.invoices.safe.recordPayment({ invoice: id, reference: "wire", amount: money(1, "USD") })
  assert.equal(!dollars.ok && dollars.error._tag, "WrongCurrency")
  await omni.close()
})

it("is due net, at the end of a month, or so many days after it", () => {
  assert.equal(dueDate("2026-01-31", { days: 0 }), "2026-01-31")
  assert.equal(dueDate("2026-01-15", { days: 30 }), "2026-02-14")
  assert.equal(dueDate("2026-01-15", { days: 30, endOfMonth: true }), "2026-02-28")
  assert.equal(dueDate("2026-01-15", { days: 15, from: "end-of-month" }), "2026-02-15")
  assert.equal(dueDate("2024-02-10", { days: 0, from: "end-of-month" }), "2024-02-29")
  assert.equal(dueDate("2026-12-01", { days: 45, from: "end-of-month", endOfMonth: true }), "2027-02-28")
  assert.deepEqual(
    ageing([{ date: "2026-01-01", amount: eur(5) }], "2026-01-11", "EUR", [10]).map(({ from, to, amount }) => [from, to, amount.amount]),
    [
      [undefined, 0, 0],
      [1, 10, 5],
      [11, undefined, 0]
    ]
  )
})
