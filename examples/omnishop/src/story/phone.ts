import { moment } from "./moments.ts"
import type { Teller } from "./teller.ts"
import { EMAIL, type Met } from "./web.ts"

const DAY = "2026-03-06"
const KEY = "story/app"
const DEVICE = { type: "device", value: "phone-81aa" }
const PUSH = { type: "push", value: "fcm-token-Qx7-0c2e9b54" }

/** Chapter 2: the app knows a telephone, the shop knows an address; they turn out to be one person, who fills a cart. */
export const phone = async ({ as, at }: Teller, { customer }: Met): Promise<void> => {
  await at(moment(DAY, "17:30:00"))
  const stranger = as({ kind: "customer", channel: "app" })
  const { profile } = await stranger.profile.identify({ identifiers: [DEVICE, PUSH] }, { key: `${KEY}/first-start` })
  await stranger.profile.track(
    { profile, type: "product viewed", properties: { product: "refill" }, message: "phone/view-1" },
    { key: `${KEY}/view` }
  )
  await at(moment(DAY, "17:32:00"))
  const app = as({ kind: "customer", id: customer, channel: "app" })
  await app.profile.identify({ identifiers: [{ type: "email", value: EMAIL }, DEVICE] }, { key: `${KEY}/sign-in` })
  await at(moment(DAY, "17:33:00"))
  await app.profile.recordConsent(
    {
      profile: customer,
      purpose: "reminders",
      kind: "push",
      status: "granted",
      proof: { source: "app settings", wording: "push/2026-01" }
    },
    { key: `${KEY}/consent` }
  )
  await app.profile.prefer({ profile: customer, kinds: ["push"] }, { key: `${KEY}/prefer` })
  await fill(app, { customer, at })
}

const fill = async (app: ReturnType<Teller["as"]>, { customer, at }: Pick<Met, "customer"> & Pick<Teller, "at">): Promise<void> => {
  await at(moment(DAY, "17:35:00"))
  await app.cart.add({ customer, variant: "SHAVER-7" }, { key: `${KEY}/add/1` })
  await at(moment(DAY, "17:36:00"))
  await app.cart.add({ customer, variant: "REFILL-3", quantity: 2 }, { key: `${KEY}/add/2` })
  await app.shop.ask({ sku: "REFILL-3", quantity: 2, location: "mitte", customer }, { key: `${KEY}/ask` })
}
