import { createHash } from "node:crypto"

import type { TicketbaiOptions } from "@omni/orders/ticketbai"

/** A signature that anybody could make: what is signed decides what it is. */
const sign: TicketbaiOptions["sign"] = (xml, at) => ({
  xml: xml.replace("</T:TicketBai>", "<ds:Signature/></T:TicketBai>"),
  signatureValue: createHash("sha512").update(`${at} ${xml}`).digest("base64").repeat(4).slice(0, 344)
})

export const tbaiOptions = (more: Partial<TicketbaiOptions> = {}): TicketbaiOptions => ({
  territory: "bizkaia",
  software: { license: "TBAIBI00000000PRUEBA", nif: "A99800005", name: "Omni", version: "1.0" },
  sign,
  submit: async () => ({ status: "accepted" }),
  ...more
})
