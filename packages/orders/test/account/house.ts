import { createOmni, fromIso } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { accounts, type AccountOptions, invoices, onAccount, orders, payments } from "@omni/orders"

import { company as party, spain } from "../invoice/office.ts"
import { setClock } from "../payment/shop.ts"

/** What the company is when a test begins. */
export const muller = {
  account: "muller",
  name: "Müller",
  currency: "EUR" as const,
  creditLimit: 100_000,
  party,
  reference: "KST 4711",
  netDays: 45,
  timeZone: "Europe/Berlin"
}

/** A shop in Spain that sells to a company in Berlin, in the summer of 2026. */
export const house = async (more: Partial<typeof muller> & object = {}, options: AccountOptions = {}) => {
  const clock = setClock(fromIso("2026-07-15T10:00:00Z"))
  const omni = createOmni({
    store: memory(),
    clock,
    modules: {
      inventory: inventory(),
      orders: orders(),
      payments: payments({ tenders: { account: onAccount } }),
      accounts: accounts(options),
      invoices: invoices()
    }
  })
  await omni.invoices.saveLegalEntity(spain)
  await omni.accounts.defineAccount({ ...muller, ...more })
  await omni.accounts.setBuyer({ account: "muller", customer: "ann", roles: ["buyer"] })
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 100_000 }] })
  /** So many pieces at so many cents, taxes included, to be sent from Lyon. */
  const request = (quantity: number, cents: number) => ({
    currency: "EUR" as const,
    taxIncluded: true,
    lines: [
      {
        id: "1",
        sku: "shaver",
        quantity,
        unitPrice: { amount: cents, currency: "EUR" as const },
        taxes: [{ code: "vat", rate: "0.21", amount: { amount: Math.round((quantity * cents * 21) / 121), currency: "EUR" as const } }]
      }
    ],
    fulfilment: { kind: "ship" as const, location: "lyon" }
  })
  const order = (quantity: number, cents: number, about: { readonly purchaseOrder?: string; readonly buyer?: string } = {}) =>
    omni.accounts.safe.requestOrder({ account: "muller", buyer: "ann", ...about, order: request(quantity, cents) })
  const credit = () => omni.accounts.creditOf({ account: "muller" })
  return { omni, clock, request, order, credit }
}
