import { createOmni, fromIso, type Money, money, type StoreDriver, systemPlatform } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type DraftLine, type FiscalScheme, invoices, type IssueRequest, type LegalEntity, orders, type Party } from "@omni/orders"

export const eur = (amount: number): Money => money(amount, "EUR")

/** A clock that goes on when it is told to. */
export const clockAt = (iso: string) => {
  let now = fromIso(iso)
  return {
    now: () => now,
    sleep: systemPlatform().clock.sleep,
    set: (later: string) => {
      now = fromIso(later)
    }
  }
}

export const seller: Party = {
  name: "Tienda Omni, S.L.",
  tradingName: "Omni",
  vatId: "ESB12345674",
  legalId: { id: "B12345674" },
  electronicAddress: { id: "ESB12345674", scheme: "9920" },
  address: { country: "ES", lines: ["Calle Mayor 1", "2º izquierda"], locality: "Madrid", postalCode: "28013", region: "Madrid" },
  contact: { name: "Caja", phone: "+34 910 000 000", email: "caja@omni.example" }
}

export const company: Party = {
  name: "Müller & Söhne GmbH",
  vatId: "DE123456789",
  legalId: { id: "HRB 1234" },
  electronicAddress: { id: "DE123456789", scheme: "9930" },
  address: { country: "DE", lines: ["Hauptstraße 5", "Hinterhaus", "Aufgang B"], locality: "Berlin", postalCode: "10115" }
}

export const person: Party = {
  name: "Ann Example",
  address: { country: "ES", lines: ["Gran Vía 2"], locality: "Madrid", postalCode: "28004" }
}

export const spain: LegalEntity = {
  id: "omni-es",
  party: seller,
  timeZone: "Europe/Madrid",
  series: {
    invoices: { format: "INV-{year}-{number:6}", restart: "yearly" },
    "credit-notes": { format: "CN-{year}-{number:6}", restart: "yearly" }
  },
  invoices: "invoices",
  creditNotes: "credit-notes",
  retentionYears: 6,
  paymentMeans: [{ code: "58", reference: "RF18", account: { id: "ES9121000418450200051332", name: "Omni", bank: "CAIXESBB" } }],
  taxes: { exempt: { category: "E", exemptionReason: "Exempt by article 20 of the VAT law" } }
}

export const standard = { category: "S", percent: "21" } as const

export const freeLine = (more: Partial<DraftLine> = {}): DraftLine => ({
  name: "Shaver",
  quantity: "2",
  price: "10.00",
  tax: standard,
  ...more
})

/** An invoice of one free line to a company. */
export const request = (more: Partial<IssueRequest> = {}): IssueRequest => ({
  legalEntity: "omni-es",
  of: { currency: "EUR", taxIncluded: false, lines: [freeLine()] },
  buyer: company,
  company: "muller",
  ...more
})

/** An app that issues documents in Spain, in the summer of 2026. */
export const office = async (
  options: { readonly store?: StoreDriver; readonly schemes?: ReadonlyArray<FiscalScheme>; readonly entity?: Partial<LegalEntity> } = {}
) => {
  const clock = clockAt("2026-07-15T10:00:00Z")
  const omni = createOmni({
    store: options.store ?? memory(),
    clock,
    modules: { inventory: inventory(), orders: orders(), invoices: invoices({ schemes: options.schemes ?? [] }) }
  })
  await omni.invoices.saveLegalEntity({ ...spain, ...options.entity })
  return { omni, clock, issue: (more: Partial<IssueRequest> = {}) => omni.invoices.issueInvoice(request(more)) }
}
