import { moment, THE_END } from "./moments.ts"
import type { Teller } from "./teller.ts"
import type { Met } from "./web.ts"

const DAY = "2026-03-07"
const KEY = "story/after"

/** Chapter 5: fetched in the shop, asked two days later, not content, and heard. */
export const after = async ({ as, at, omni }: Teller, { customer }: Met, order: string): Promise<void> => {
  const staff = as({ kind: "staff", id: "amira", channel: "store" })
  const { pickupCode = "" } = await staff.orders.ready({ order }, { key: `${KEY}/ready` })
  await at(moment(DAY, "15:10:00"))
  await staff.orders.collect({ order, code: pickupCode }, { key: `${KEY}/collect` })
  await at(moment("2026-03-09", "15:10:00"))
  await at(moment("2026-03-09", "18:02:00"))
  const browser = as({ kind: "customer", id: customer, channel: "web" })
  await browser.nps.answer(
    { token: await tokenIn(omni, customer), score: 4, comment: "Ready late, and nobody at the counter." },
    { key: `${KEY}/answer` }
  )
  await at(THE_END)
}

/** What a customer clicks on: the token in the link of the mail. */
const tokenIn = async (omni: Teller["omni"], customer: string): Promise<string> => {
  const { items } = await omni.channels.messagesOf({ customer })
  const token = items.flatMap(({ row }) => /\/s\/(\S+)/.exec(row.content?.text ?? "")?.[1] ?? [])[0]
  if (token === undefined) throw new Error("No survey has reached the customer, so there is nothing to answer.")
  return token
}
