import { assert, describe, it } from "vitest"

import { eur } from "../invoice/office.ts"
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
