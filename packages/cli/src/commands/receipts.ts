import { expireReceipts, kept } from "@omni/core/upkeep"

import { countOf } from "../arguments.ts"
import type { Command } from "../command.ts"
import { instant, plain } from "../output.ts"
import { waits } from "./lag.ts"

export const receiptsShow: Command = {
  name: "receipts",
  summary: "says what is kept for a time, and how much of it past its time",
  details: `A receipt is what was answered to a call with a key. An operation says how long it is known (\`remember\`, a week unless told), and
a receiver how long it is known which events took effect. run() and drain() remove what is past its time.`,
  run: async ({ opening, output, text }) => {
    const tenant = text("tenant")
    const found = await kept(await opening.ready(), tenant === undefined ? {} : { tenant })
    if (output.json) output.value(found)
    else {
      const now = Date.now()
      output.table([
        ["TENANT", "RECEIPTS", "OVER TIME", "LOG SINCE"],
        ...found.map(({ tenant: name, receipts, expired, log }) => [
          plain(name),
          waits(receipts, now),
          waits(expired, now),
          log.oldest === undefined ? "(empty)" : instant(log.oldest)
        ])
      ])
    }
    return 0
  }
}

export const receiptsPurge: Command = {
  name: "receipts purge",
  summary: "removes receipts whose time is over, in steps",
  options: { limit: { type: "string", value: "<count>", help: "no more than that" } },
  run: async ({ opening, output, text }) => {
    const limit = countOf("limit", text("limit"))
    const tenant = text("tenant")
    const omni = await opening.omni()
    const removed = await expireReceipts(omni, { ...(limit === undefined ? {} : { limit }), ...(tenant === undefined ? {} : { tenant }) })
    if (output.json) output.value({ removed })
    else output.line(`${removed} receipts removed.`)
    return 0
  }
}
