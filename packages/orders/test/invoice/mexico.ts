import { generateKeyPairSync, sign } from "node:crypto"

import type { LegalEntity } from "@omni/orders"
import { cfdi, type CfdiOptions } from "@omni/orders/cfdi"

import { type freeLine, office } from "./office.ts"

const { privateKey, publicKey: own } = generateKeyPairSync("rsa", { modulusLength: 2048 })

const mexico: Partial<LegalEntity> = {
  scheme: "cfdi",
  timeZone: "America/Mexico_City",
  party: {
    name: "Escuela Kemper Urgate",
    taxNumber: "EKU9003173C9",
    vatId: "MXEKU9003173C9",
    address: { country: "MX", lines: ["Reforma 1"], locality: "Ciudad de México", postalCode: "42501" }
  },
  taxes: {}
}

export const buyer = {
  name: "Universidad Robotica Española",
  taxNumber: "URE180429TM6",
  address: { country: "MX", lines: ["Juárez 2"], locality: "Ciudad de México", postalCode: "86991" }
} as const

export const uuid = "0F1E2D3C-4B5A-4978-8695-A4B3C2D1E0FF"

const options = (more: Partial<CfdiOptions> = {}): CfdiOptions => ({
  regime: "601",
  certificate: { number: "30001000000500003416", base64: "AA==" },
  seal: (text) => sign("RSA-SHA256", Buffer.from(text, "utf8"), privateKey).toString("base64"),
  receiver: () => ({ regime: "601", use: "G03" }),
  product: () => ({ key: "53131608" }),
  submit: async () => ({ status: "accepted", reference: uuid, stamp: { uuid } }),
  ...more
})

export const vat = { category: "S", percent: "16" } as const

/** Of who seals. */
export const publicKey = own

/** A school in Mexico that issues documents. */
export const setUp = async (more: Partial<CfdiOptions> = {}) => {
  const all = await office({ schemes: [cfdi(options(more))], entity: mexico })
  const free = (lines: ReadonlyArray<ReturnType<typeof freeLine>>, rest: object = {}) => ({
    currency: "MXN" as const,
    taxIncluded: false,
    lines: [...lines],
    ...rest
  })
  const recordOf = async (document: string) => {
    const { record } = await all.omni.invoices.registration({ document })
    return record as {
      readonly xml: string
      readonly text: string
      readonly total: string
      readonly issuer: string
      readonly receiver: string
    }
  }
  return { ...all, free, recordOf }
}
