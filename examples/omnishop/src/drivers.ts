import { smtp } from "@omni/channel-smtp"
import { recorder, type Recorder } from "@omni/channels"

import type { Drivers } from "./app.ts"

/** Mail by SMTP to a server; push and SMS to recorders, which check each payload as a provider would and keep it. */
export const driversTo = (port: number): Drivers & { readonly push: Recorder; readonly sms: Recorder } => ({
  email: smtp({
    host: "127.0.0.1",
    port,
    requireTls: false,
    from: "Omnishop <hello@omnishop.example>",
    unsubscribe: ({ message }) => ({ url: `https://omnishop.example/unsubscribe/${message}` })
  }),
  push: recorder("push"),
  sms: recorder("sms")
})
