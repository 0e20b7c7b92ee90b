import { days, money } from "@omni/core"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import {
  accounts,
  type AccountOptions,
  AccountCycle,
  AccountOrderPlaced,
  ApprovalEnded,
  ApprovalRequested,
  CreditExceeded,
  invoices,
  NotAllowed,
  onAccount,
  orders,
  payments,
  PurchaseOrderMissing,
  RequestClosed
} from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { setClock } from "../payment/shop.ts"
import { eur, line, request } from "../shop.ts"

const company = async (options: AccountOptions = {}) => {
  const clock = setClock()
  const modules = {
    inventory: inventory(),
    orders: orders(),
    payments: payments({ tenders: { account: onAccount } }),
    accounts: accounts(options),
    invoices: invoices()
  }
  const omni = createOmni({ store: memory(), clock, modules })
  await omni.inventory.receive({ lines: ["shaver", "case"].map((sku) => ({ sku, location: "lyon", quantity: 1000 })) })
  const acme = {
    account: "acme",
    name: "Acme",
    currency: "EUR" as const,
    creditLimit: 100_000,
    approvalLevels: [50_000],
    needsPurchaseOrder: true
  }
  await omni.accounts.defineAccount(acme)
  await omni.accounts.setBuyer({ account: "acme", customer: "ann", roles: ["buyer"], limit: 20_000 })
  await omni.accounts.setBuyer({ account: "acme", customer: "ben", roles: ["approver", "buyer"], approvalLimit: 60_000 })
  await omni.accounts.setBuyer({ account: "acme", customer: "eve", roles: ["approver"] })
  /** An order of so many euros. */
  const order = (euros: number) => request({ lines: [line("shaver", 1, euros * 100)] })
  const ask = (euros: number, buyer = "ann") =>
    omni.accounts.requestOrder({ account: "acme", buyer, purchaseOrder: "PO-7", order: order(euros) })
  const owed = async () => (await omni.accounts.creditOf({ account: "acme" })).owed.amount
  return { omni, clock, ask, order, owed, acme }
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error)

describe("ordering for a company", () => {
  it("is placed at once within the buyer's limits, and owed", async () => {
    const { omni, ask, owed } = await company()
    const done = await ask(129)
    assert.deepEqual([done.status, done.reasons, await owed()], ["placed", [], 12_900])
    const placed = await omni.orders.order({ order: done.order! })
    assert.equal(placed.customer, "ann")
    const [event] = (await omni.events({ types: [AccountOrderPlaced] })).events
    assert.deepInclude(event?.data, { account: "acme", buyer: "ann", purchaseOrder: "PO-7", order: done.order! })
    await omni.close()
  })

  it("waits for an approver above them, who may not be the buyer himself, nor go beyond his own limit", async () => {
    const { omni, ask, owed } = await company()
    const waiting = await ask(300)
    assert.deepEqual([waiting.status, waiting.reasons, await owed()], ["pending", ["above-buyer-limit"], 0])
    assert.lengthOf((await omni.events({ types: [ApprovalRequested] })).events, 1)
    assert.instanceOf(await errorOf(omni.accounts.approve({ request: waiting.id, by: "ann" })), NotAllowed)
    const done = await omni.accounts.approve({ request: waiting.id, by: "ben" })
    assert.deepEqual([done.status, done.decidedBy, await owed()], ["placed", "ben", 30_000])
    assert.instanceOf(await errorOf(omni.accounts.approve({ request: waiting.id, by: "ben" })), RequestClosed)

    const own = await ask(600, "ben")
    assert.deepEqual(own.reasons, ["above-account-limit"])
    assert.instanceOf(await errorOf(omni.accounts.approve({ request: own.id, by: "ben" })), NotAllowed)
    await omni.accounts.approve({ request: own.id, by: "eve" })
    assert.equal(await owed(), 90_000)
    await omni.close()
  })

  it("ends in a rejection, a withdrawal, or when nobody decides in time", async () => {
    const { omni, ask, clock } = await company({ approval: days(2) })
    const [first, second, third] = [await ask(300), await ask(300), await ask(300)]
    await omni.accounts.reject({ request: first.id, by: "eve", note: "too dear" })
    await omni.accounts.withdraw({ request: second.id, by: "ann" })
    clock.by(days(2))
    assert.instanceOf(await errorOf(omni.accounts.approve({ request: third.id, by: "eve" })), RequestClosed)
    await omni.drain()
    const { events } = await omni.events({ types: [ApprovalEnded] })
    assert.deepEqual(
      events.map(({ data }) => (data as { readonly cause: string }).cause),
      ["rejected", "withdrawn", "expired"]
    )
    assert.lengthOf((await omni.accounts.requestsOf({ account: "acme" })).items, 0)
    await omni.close()
  })

  it("is refused without a purchase order, for strangers, and where the account is blocked", async () => {
    const { omni, order, acme, ask } = await company()
    assert.instanceOf(await errorOf(omni.accounts.requestOrder({ account: "acme", buyer: "ann", order: order(1) })), PurchaseOrderMissing)
    assert.instanceOf(await errorOf(ask(1, "zoe")), NotAllowed)
    await omni.accounts.defineAccount({ ...acme, status: "blocked" })
    assert.equal(((await errorOf(ask(1))) as { readonly _tag: string })._tag, "AccountBlocked")
    await omni.close()
  })

  it("knows branches, and none that is its own parent", async () => {
    const { omni, acme } = await company()
    await omni.accounts.defineAccount({ account: "acme-lyon", name: "Acme Lyon", currency: "EUR", parent: "acme" })
    assert.instanceOf(await errorOf(omni.accounts.defineAccount({ ...acme, parent: "acme-lyon" })), AccountCycle)
    await omni.close()
  })
})

describe("a credit limit", () => {
  it("is never passed, however many order and pay at once; and nobody within it is refused", async () => {
    const step = fc.record({ euros: fc.integer({ min: 1, max: 200 }), pays: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const { omni, ask, owed } = await company()
        const ended = await Promise.all(
          steps.map(({ euros, pays }) =>
            pays ? omni.accounts.settleCredit({ account: "acme", amount: eur(euros * 100) }) : ask(euros).catch((error: unknown) => error)
          )
        )
        // What is asked at once may be served in any order, so the ledger says what was owed when.
        const { items } = await omni.accounts.creditEntries({ account: "acme", limit: 100 })
        const most = Math.max(0, ...items.filter(({ row }) => row.amount > 0).map(({ row }) => row.owed))
        assert.isAtMost(most, 100_000)
        let expected = 0
        for (const [i, { euros, pays }] of steps.entries()) {
          if (pays) expected -= euros * 100
          else if (!(ended[i] instanceof Error)) expected += euros * 100
          else {
            assert.instanceOf(ended[i], CreditExceeded)
            assert.isAbove(most + euros * 100, 100_000)
          }
        }
        assert.equal(await owed(), expected)
        assert.equal(
          items.reduce((sum, { row }) => sum + row.amount, 0),
          expected
        )
        await omni.close()
      }),
      { numRuns: 40 }
    )
  })

  it("serves as a tender of a checkout, and what is refunded is not owed", async () => {
    const { omni, owed, order } = await company()
    const tenders = [{ provider: "account", token: "acme" }]
    const { order: placed } = await omni.payments.openCheckout({ order: order(400), tenders })
    assert.equal(await owed(), 40_000)
    await omni.payments.refund({ order: placed!, amount: money(15_000, "EUR") })
    assert.equal(await owed(), 25_000)
    const refused = await omni.payments.safe.openCheckout({ order: order(900), tenders })
    assert.equal(!refused.ok && refused.error._tag, "TenderDeclined")
    assert.equal(await owed(), 25_000)
    await omni.close()
  })
})

describe("what is owed", () => {
  it("comes down as an order does, and when an invoice is paid", async () => {
    const { omni, ask, owed, acme } = await company()
    const { order } = await omni.accounts.requestOrder({
      account: "acme",
      buyer: "ann",
      purchaseOrder: "PO-7",
      order: request({ lines: [line("shaver", 4, 5000)] })
    })
    await ask(100)
    assert.equal(await owed(), 30_000)
    const { id } = (await omni.orders.order({ order: order! })).lines[0]!
    await omni.orders.cancel({ order: order!, lines: [{ line: id, quantity: 1 }] })
    await omni.drain()
    await omni.drain()
    assert.equal(await owed(), 25_000)
    await omni.invoices.saveLegalEntity({
      id: "shop",
      party: { name: "Shop", vatId: "FR40303265045", address: { country: "FR", lines: ["1 rue Haute"], locality: "Lyon" } },
      timeZone: "Europe/Paris",
      series: { sales: { format: "F-{number:4}", restart: "never" } },
      invoices: "sales",
      creditNotes: "sales",
      retentionYears: 10
    })
    const invoice = await omni.invoices.issueInvoice({
      legalEntity: "shop",
      company: "acme",
      buyer: { name: acme.name, address: { country: "FR", lines: ["2 rue Basse"], locality: "Lyon" } },
      of: { order: order! }
    })
    await omni.invoices.recordPayment({ invoice: invoice.id, reference: "bank-1", amount: eur(15_000) })
    await omni.drain()
    assert.equal(await owed(), 10_000)
    await omni.close()
  })

  it("counts an order of another system once, a payment once under its reference, and keeps what is paid beyond", async () => {
    const { omni, owed, order, acme } = await company()
    const again = { account: "acme", buyer: "ann", purchaseOrder: "PO-7", order: { ...order(100), external: { source: "erp", id: "1" } } }
    await omni.accounts.requestOrder(again)
    await omni.accounts.defineAccount({ ...acme, creditLimit: 10_000 })
    await omni.accounts.requestOrder(again)
    assert.equal(await owed(), 10_000)
    const paid = { account: "acme", amount: eur(15_000), reference: "T1" }
    for (const _ of [1, 2]) await omni.accounts.settleCredit(paid)
    assert.equal(await owed(), -5000)
    assert.isFalse((await omni.accounts.safe.settleCredit({ account: "acme", amount: eur(-1) })).ok)
    await omni.close()
  })

  it("is approved also when the hold that it came with has lapsed, while the goods are there", async () => {
    const { omni, clock, order } = await company()
    const { id: hold } = await omni.inventory.hold({ lines: [{ sku: "shaver", location: "lyon", quantity: 1 }], ttl: 60_000 })
    const asked = { account: "acme", buyer: "ann", purchaseOrder: "PO-7", order: { ...order(300), hold } }
    const { id } = await omni.accounts.requestOrder(asked)
    clock.by(3_600_000)
    await omni.drain()
    assert.equal((await omni.accounts.approve({ request: id, by: "eve" })).status, "placed")
    await omni.close()
  })
})
