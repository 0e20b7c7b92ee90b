import { fromIso, parseMoney } from "@omni/core"
import * as z from "zod"

import type { Table } from "./folder.ts"

/** What the amounts of the data are in. */
export const CURRENCY = "USD"

/** The most cents and pieces that a line of a receipt may have: more is a slip of whoever wrote it. */
const MOST = 100_000_000

const text = z
  .string()
  .trim()
  .min(1, { error: "is missing" })
  .max(100, { error: "is longer than anything of its kind" })
  .refine((field) => !/\p{Cc}/u.test(field), { error: "holds control characters" })
const maybe = z.string().trim().max(200, { error: "is longer than anything of its kind" })

/** A field that a function reads, with what is wrong when it throws. */
const read = <A>(of: (field: string) => A, wrong: string) =>
  text.transform((field, context): A => {
    try {
      return of(field)
    } catch {
      context.addIssue(wrong)
      return z.NEVER
    }
  })

const cents = read((field) => parseMoney(field, CURRENCY).amount, "is no amount of dollars and cents")
  .refine((amount) => amount >= 0, { error: "is below zero" })
  .refine((amount) => amount <= MOST, { error: "is more than a receipt can hold" })
const count = text
  .regex(/^-?\d{1,15}$/, { error: "is no whole number" })
  .transform(Number)
  .refine((quantity) => quantity > 0, { error: "is not above zero" })
  .refine((quantity) => quantity <= MOST, { error: "is more than a receipt can hold" })

const within = (instant: number): boolean => instant >= 0 && instant < fromIso("2100-01-01T00:00:00Z")
const date = read((field) => fromIso(`${field}T00:00:00Z`), "is no date").refine(within, { error: "is not within 1970 to 2099" })
const instant = read(fromIso, "is no time").refine(within, { error: "is not within 1970 to 2099" })

/** A product. The files give no price of it: prices are those of the sales. */
const products = z.object({
  product_id: text,
  manufacturer_id: maybe,
  department: maybe,
  brand: maybe,
  product_category: maybe,
  product_type: maybe,
  package_size: maybe
})

/** A line of a receipt. The week is left out: it follows from the time. */
const transactions = z.object({
  household_id: text,
  store_id: text.max(40, { error: "is longer than anything of its kind" }),
  basket_id: text,
  product_id: text,
  quantity: count,
  sales_value: cents,
  retail_disc: cents,
  coupon_disc: cents,
  coupon_match_disc: cents,
  transaction_timestamp: instant
})

const demographics = z.object({
  household_id: text,
  age: maybe,
  income: maybe,
  home_ownership: maybe,
  marital_status: maybe,
  household_size: maybe,
  household_comp: maybe,
  kids_count: maybe
})

const campaign_descriptions = z
  .object({ campaign_id: text, campaign_type: text, start_date: date, end_date: date })
  .refine(({ start_date, end_date }) => start_date <= end_date, { path: ["end_date"], error: "is before the start" })

const campaigns = z.object({ campaign_id: text, household_id: text })

const coupons = z.object({ coupon_upc: text, product_id: text, campaign_id: text })

const coupon_redemptions = z.object({ household_id: text, coupon_upc: text, campaign_id: text, redemption_date: date })

/** What a row of each table says. Amounts are in cents, times in milliseconds. */
export const rowSchemas = {
  products,
  transactions,
  demographics,
  campaign_descriptions,
  campaigns,
  coupons,
  coupon_redemptions
} satisfies {
  readonly [T in Table]: z.ZodType
}

export type ProductRow = z.infer<typeof products>
export type ReceiptRow = z.infer<typeof transactions>
export type DemographicsRow = z.infer<typeof demographics>
