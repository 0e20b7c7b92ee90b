import { createOmni, fromIso } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { accounts, invoices, onAccount as tender, orders, payments } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, spain } from "../invoice/office.ts"
import { setClock } from "../payment/shop.ts"
import { line } from "../shop.ts"
import { house, muller } from "./house.ts"

const onAccount = { provider: "account", token: "muller" }

/** A company, what it owes, and how its orders are bought, sent, exchanged and invoiced. */
const books = async (more: Parameters<typeof house>[0] = {}) => {
  const all = await house(more)
  const { omni, request, order, credit } = all
  const owed = async () => {
    await omni.drain()
    const { owed: sum, ordered, invoiced, settled } = await credit()
    assert.equal(sum.amount, ordered.amount + invoiced.amount - settled.amount)
    return sum.amount
  }
  const place = async (quantity: number, cents: number): Promise<string> => {
    const placed = await order(quantity, cents)
    if (!placed.ok) throw placed.error
    return placed.value.order!
  }
  const buy = async (quantity: number, cents: number): Promise<string> =>
    (await omni.payments.openCheckout({ order: request(quantity, cents), tenders: [onAccount] })).order!
  const add = (id: string, cents: number) => omni.orders.edit({ order: id, add: [{ ...request(1, cents).lines[0]!, id: "more" }] })
  const invoice = (id: string) => omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id } })
  return { ...all, owed, place, buy, add, invoice }
}

describe("what is owed", () => {
  it("has what a placed order still lacks once, when that goes on account as well", async () => {
    const { omni, buy, add, owed, invoice } = await books()
    const id = await buy(1, 10_000)
    await add(id, 5000)
    await omni.payments.payOrder({ order: id, tender: onAccount })
    assert.equal(await owed(), 15_000)
    await invoice(id)
    assert.equal(await owed(), 15_000)
    await omni.close()
  })

  it("stays in its currency while figures only cancel out", async () => {
    const { omni, place, owed, invoice } = await books()
    await invoice(await place(1, 10_000))
    await omni.accounts.settleCredit({ account: "muller", amount: eur(10_000) })
    assert.equal(await owed(), 0)
    const refused = await omni.accounts.safe.defineAccount({ ...muller, currency: "USD" as never })
    assert.equal(!refused.ok && refused.error._tag, "AccountCurrency")
    assert.equal((await omni.accounts.defineAccount({ ...muller, account: "new", currency: "USD" as never })).currency, "USD")
    await omni.close()
  })
})

describe("goods that come back before any invoice", () => {
  const back = (omni: Awaited<ReturnType<typeof house>>["omni"], id: string, more: object = {}) =>
    omni.orders.takeBack({
      order: id,
      reason: "x",
      location: "lyon",
      goodwill: true,
      lines: [{ line: "1", quantity: 1, condition: "sellable" }],
      ...more
    })

  it("are owed by what they were exchanged for, in the same commit, however often; and the limit is drawn once", async () => {
    for (const by of ["order", "tender"] as const) {
      const { omni, request, order, place, buy, credit, owed, invoice } = await books({ creditLimit: 10_000 })
      let id = by === "order" ? await place(1, 10_000) : await buy(1, 10_000)
      const replacement = { lines: request(1, 10_000).lines, fulfilment: { kind: "ship" as const, location: "lyon" } }
      for (let n = 0; n < 3; n++) {
        await omni.orders.ship({ order: id })
        id = (await back(omni, id, { replacement })).replacement!.id
        assert.equal((await credit()).ordered.amount, 10_000, by)
        assert.equal(await owed(), 10_000, by)
        const again = await order(1, 1)
        assert.equal(!again.ok && again.error._tag, "CreditExceeded")
      }
      assert.equal((await invoice(id)).payable.amount, 10_000)
      assert.equal(await owed(), 10_000, by)
      await omni.close()
    }
  })

  it("are owed by nobody once what they were exchanged for is cancelled as well", async () => {
    for (const by of ["order", "tender"] as const) {
      const { omni, request, place, buy, owed } = await books()
      const id = by === "order" ? await place(2, 10_000) : await buy(2, 10_000)
      await omni.orders.ship({ order: id })
      const replacement = { lines: request(1, 12_000).lines, fulfilment: { kind: "ship" as const, location: "lyon" } }
      const other = (await back(omni, id, { replacement })).replacement!.id
      assert.equal(await owed(), 20_000, by)
      assert.equal((await omni.payments.balance({ order: other })).due.amount, 2000)
      await omni.orders.cancel({ order: other })
      assert.equal(await owed(), 10_000, by)
      await omni.close()
    }
  })

  it("leave what the shop keeps of them: it is owed, and invoiced as a charge with its tax", async () => {
    const { omni, request, owed } = await books()
    const terms = { fees: { restocking: "0.1" } }
    const { order: id } = await omni.accounts.requestOrder({ account: "muller", buyer: "ann", order: { ...request(2, 12_100), terms } })
    await omni.orders.ship({ order: id! })
    await back(omni, id!)
    assert.equal(await owed(), 12_100 + 1210)
    const one = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id!, charges: false } })
    assert.deepEqual([one.payable.amount, await owed()], [12_100, 12_100 + 1210])
    assert.equal((await omni.invoices.uninvoicedOf({ order: id! })).total.amount, 1210)
    const two = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id! } })
    assert.deepInclude(two.document.lines[0]!, { name: "Fee for what came back", net: "10.00", category: "S" })
    assert.deepEqual([two.payable.amount, await owed()], [1210, 12_100 + 1210])
    const none = await omni.invoices.safe.issueInvoice({ legalEntity: "omni-es", of: { order: id! } })
    assert.equal(!none.ok && none.error._tag, "NothingToInvoice")
    await omni.close()
  })
})

describe("an order on account", () => {
  it("is not charged a second time by a tender or a checkout", async () => {
    const { omni, request, owed } = await books()
    const external = { source: "erp", id: "7" }
    const asked = { ...request(1, 10_000), external, account: "muller" }
    const { order: id } = await omni.accounts.requestOrder({ account: "muller", buyer: "ann", order: asked })
    const { due, onAccount: promised } = await omni.payments.balance({ order: id! })
    assert.deepEqual([due.amount, promised.amount], [0, 10_000])
    const refused = await omni.payments.safe.payOrder({ order: id!, tender: onAccount })
    assert.equal(!refused.ok && refused.error._tag, "TendersMismatch")
    const { order } = await omni.payments.openCheckout({ order: asked, tenders: [onAccount] })
    assert.equal(order, id)
    assert.equal(await owed(), 10_000)
    await omni.close()
  })

  it("is owed less by what is paid for it otherwise, until that goes back", async () => {
    const { omni, place, owed } = await books()
    const id = await place(1, 10_000)
    const cash = await omni.payments.recordPayment({ order: id, provider: "cash", amount: eur(4000), reference: "till" })
    assert.equal(await owed(), 6000)
    assert.equal((await omni.payments.balance({ order: id })).due.amount, 0)
    await omni.payments.payOut({ order: id, provider: "cash", amount: eur(4000), reference: "back" })
    assert.equal(cash.captured, 4000)
    // What was given back of the shop's own accord is not asked for again.
    assert.equal(await owed(), 6000)
    await omni.close()
  })
})

describe("an order that another account pays", () => {
  it("is owed by who has promised, before its invoice and after", async () => {
    const { omni, request, credit, invoice } = await books()
    const party = { ...muller.party, name: "HQ" }
    await omni.accounts.defineAccount({ account: "hq", name: "HQ", currency: "EUR", creditLimit: 10_000, party })
    const both = async () => [(await credit()).owed.amount, (await omni.accounts.creditOf({ account: "hq" })).owed.amount]
    const order = { ...request(1, 10_000), account: "muller", buyer: "ann" }
    const { order: id } = await omni.payments.openCheckout({ order, tenders: [{ provider: "account", token: "hq" }] })
    assert.deepEqual(await both(), [0, 10_000])
    const { company, buyer } = await invoice(id!)
    assert.deepEqual([company, buyer?.name, await both()], ["hq", "HQ", [0, 10_000]])
    assert.equal((await omni.orders.order({ order: id! })).account, "muller")
    await omni.close()
  })

  it("is not on two accounts, by one checkout or later", async () => {
    const { omni, request, add, buy } = await books()
    await omni.accounts.defineAccount({ account: "hq", name: "HQ", currency: "EUR", creditLimit: 100_000 })
    const hq = { provider: "account", token: "hq" }
    const two = await omni.payments.safe.openCheckout({ order: request(1, 10_000), tenders: [{ ...onAccount, amount: 5000 }, hq] })
    assert.equal(!two.ok && two.error._tag, "TenderDeclined")
    const id = await buy(1, 1000)
    await add(id, 500)
    const late = await omni.payments.safe.payOrder({ order: id, tender: hq })
    assert.equal(!late.ok && late.error._tag, "TenderDeclined")
    const { id: other } = await omni.orders.place({ ...request(1, 1000), account: "muller" })
    const foreign = await omni.payments.safe.payOrder({ order: other, tender: hq })
    assert.equal(!foreign.ok && foreign.error._tag, "TenderDeclined")
    await omni.close()
  })
})

it("is worked out in a process that has nothing in memory, through exchanges, refunds and invoices", async () => {
  const store = memory()
  const clock = setClock(fromIso("2026-07-15T10:00:00Z"))
  const modules = () => ({
    inventory: inventory(),
    orders: orders(),
    payments: payments({ tenders: { account: tender } }),
    accounts: accounts(),
    invoices: invoices()
  })
  const cold = () => createOmni({ store, clock, modules: modules() })
  const drained = async () => {
    const omni = cold()
    await omni.drain()
    assert.isEmpty((await omni.deadLetters()).items)
  }
  const owed = async () => (await cold().accounts.creditOf({ account: "muller" })).owed.amount
  await cold().invoices.saveLegalEntity(spain)
  await cold().accounts.defineAccount(muller)
  await cold().inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 100 }] })
  const goods = { currency: "EUR" as const, taxIncluded: true, lines: [line("case", 2, 5000)] }
  const fulfilment = { kind: "ship" as const, location: "lyon" }
  const bought = await cold().payments.openCheckout({ order: { ...goods, fulfilment }, tenders: [onAccount] })
  let id = bought.order!
  for (let n = 0; n < 3; n++) {
    await cold().orders.ship({ order: id })
    const lines = [{ line: "1", quantity: 1, condition: "sellable" as const }]
    const replacement = { lines: [line("case", 1, 5000)], fulfilment }
    const back = { reason: "x", location: "lyon", goodwill: true, lines, replacement }
    id = (await cold().orders.takeBack({ order: id, ...back })).replacement!.id
    await drained()
    assert.equal(await owed(), 10_000)
  }
  await cold().payments.refund({ order: bought.order!, amount: eur(1000) })
  await drained()
  assert.equal(await owed(), 9000)
  const last = await cold().invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id } })
  assert.equal(last.payable.amount, 5000)
  const first = await cold().invoices.issueInvoice({ legalEntity: "omni-es", of: { order: bought.order! } })
  assert.deepEqual([first.payable.amount, await owed()], [4000, 9000])
  await cold().invoices.issueCreditNote({ invoice: last.id })
  assert.equal(await owed(), 9000)
  await cold().orders.cancel({ order: id })
  await drained()
  assert.equal(await owed(), 4000)
})
