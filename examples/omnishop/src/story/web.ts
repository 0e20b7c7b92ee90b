import { moment } from "./moments.ts"
import { visit } from "./page.ts"
import type { Teller } from "./teller.ts"

/** Whom the story is about, as far as the shop will know. */
export const EMAIL = "nora@example.com"

/** Who the chapters after the first are about. */
export interface Met {
  readonly customer: string
  readonly coupon: string
}

const START = moment("2026-03-06", "10:00:00")

/** Chapter 1: a visitor nobody knows leaves an address for 20 %. */
export const web = async ({ as, at }: Teller): Promise<Met> => {
  const browser = as({ kind: "customer", channel: "web" })
  await at(START + 140_000)
  const { profile, code } = await browser.shop.signUp(
    { email: EMAIL, firstName: "Nora", visitor: "browser-5f2c", wording: "pop-up/2026-02", ip: "203.0.113.7", seen: [...visit(START)] },
    { key: "story/web/sign-up" }
  )
  await at(START + 150_000)
  return { customer: profile, coupon: code }
}
