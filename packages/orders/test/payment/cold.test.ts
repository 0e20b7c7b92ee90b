import { createOmni, fromIso } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { accounts, invoices, onAccount, orders, payments, recordedProvider } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { muller } from "../account/house.ts"
import { line, request } from "../shop.ts"
import { setClock } from "./shop.ts"

/** A shop of which each call is another process that has read nothing yet, and in which a call that reads in a loop is a mistake. */
const processes = async () => {
  const store = memory()
  const clock = setClock(fromIso("2026-07-15T10:00:00Z"))
  const card = recordedProvider()
  const open = () =>
    createOmni({
      verify: true,
      store,
      clock,
      modules: {
        inventory: inventory(),
        orders: orders(),
        payments: payments({ providers: { card }, tenders: { account: onAccount } }),
        accounts: accounts(),
        invoices: invoices()
      }
    })
  const omni = open()
  await omni.accounts.defineAccount({ ...muller, creditLimit: 1_000_000 })
  await omni.accounts.setBuyer({ account: "muller", customer: "ann", roles: ["buyer"] })
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 1000 }] })
  const check = async (cart: string, onAccount = 4000) => {
    const order = { ...request({ lines: [line("shaver", 2, 5000)], fulfilments: [{ kind: "ship", location: "lyon" }] }), cart }
    const tenders = [...(onAccount === 0 ? [] : [{ provider: "account", amount: onAccount, token: "muller" }]), { provider: "card" }]
    const { id, payments: begun } = await open().payments.openCheckout({ order, tenders })
    await open().drain()
    return { checkout: id, payment: begun.at(-1)! }
  }
  const paid = async (all: ReadonlyArray<string>) => {
    const reports = await Promise.all(all.map((payment) => card.webhook(card.authorise(payment))))
    await open().payments.report({ provider: "card", reports: reports.flat() })
    await open().drain()
  }
  return { open, omni, card, clock, check, paid }
}

describe("a process that has read nothing yet", () => {
  it("places what is paid by an account and a card, moves its money, and gives it back", async () => {
    const { open, omni, check, paid } = await processes()
    const { checkout, payment } = await check("cart 1")
    await paid([payment])
    const { order } = await open().payments.checkout({ checkout })
    assert.isDefined(order)
    await open().orders.edit({ order: order!, add: [line("shaver", 1, 1000)] })
    await open().drain()
    const more = await open().payments.payOrder({ order: order!, tender: { provider: "card" } })
    await open().drain()
    await paid([more.id])
    await open().orders.cancel({ order: order! })
    await open().drain()
    const { due, refunded } = await omni.payments.balance({ order: order! })
    assert.deepEqual([refunded.amount, due.amount], [11_000, 0])
    assert.lengthOf((await omni.deadLetters()).items, 0)
    await omni.close()
  })

  it("takes over many reports at once: of what it knows, and of what nobody knows", async () => {
    const { open, omni, check, paid } = await processes()
    const all = []
    for (let i = 0; i < 12; i++) all.push(await check(`cart ${i}`, i < 2 ? 4000 : 0))
    await paid(all.map(({ payment }) => payment))
    for (const { checkout } of all) assert.equal((await omni.payments.checkout({ checkout })).status, "placed")
    const reports = Array.from({ length: 400 }, (_, i) => ({ reference: `lost ${i}`, currency: "EUR" as const, authorised: 1 }))
    await open().payments.report({ provider: "card", reports })
    assert.lengthOf((await omni.payments.unknownPayments({ limit: 500 })).items, 400)
    await omni.close()
  })
})
