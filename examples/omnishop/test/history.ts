import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

/** Files of a history by name, without their head: the form of The Complete Journey. */
export interface History {
  readonly products?: ReadonlyArray<string>
  readonly transactions?: ReadonlyArray<string>
  readonly demographics?: ReadonlyArray<string>
  readonly campaign_descriptions?: ReadonlyArray<string>
  readonly campaigns?: ReadonlyArray<string>
  readonly coupons?: ReadonlyArray<string>
  readonly coupon_redemptions?: ReadonlyArray<string>
}

const heads: { readonly [T in keyof History]-?: string } = {
  products: "product_id,manufacturer_id,department,brand,product_category,product_type,package_size",
  transactions:
    "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp",
  demographics: "household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count",
  campaign_descriptions: "campaign_id,campaign_type,start_date,end_date",
  campaigns: "campaign_id,household_id",
  coupons: "coupon_upc,product_id,campaign_id",
  coupon_redemptions: "household_id,coupon_upc,campaign_id,redemption_date"
}

/** Writes a history into a folder, products gzipped as the real ones are, and gives the folder. */
export const writeHistory = (folder: string, history: History): string => {
  mkdirSync(folder, { recursive: true })
  for (const [table, rows] of Object.entries(history) as ReadonlyArray<[keyof History, ReadonlyArray<string>]>) {
    const text = [heads[table], ...rows].join("\n").concat("\n")
    if (table === "products") writeFileSync(join(folder, `${table}.csv.gz`), gzipSync(text))
    else writeFileSync(join(folder, `${table}.csv`), text)
  }
  return folder
}

/** A history of so many baskets, of one to three lines each, over some days, households and stores. */
export const historyOf = (baskets: number): History => {
  const rows = Array.from({ length: baskets }, (_, i) => i).flatMap((i) =>
    Array.from({ length: 1 + (i % 3) }, (_unused, line) => {
      const at = new Date(Date.UTC(2017, 0, 1 + (i % 30), 8, i % 60)).toISOString().replace(".000", "")
      const product = 1000 + ((i * 7 + line * 13) % 200)
      return `${1 + (i % 40)},${300 + (i % 5)},${50_000 + i},${product},${1 + (i % 2)},${(2 + line).toFixed(2)},0.5,0,0,1,${at}`
    })
  )
  return {
    // As in a sample, the rows of a basket do not stand together.
    transactions: rows
      .map((row, i) => ({ row, place: (i * 7919) % rows.length }))
      .sort((a, b) => a.place - b.place)
      .map(({ row }) => row),
    products: Array.from({ length: 200 }, (_, i) => `${1000 + i},69,GROCERY,National,SOUP,"SOUP, TOMATO ${i}",10 OZ`),
    demographics: Array.from({ length: 20 }, (_, i) => `${i + 1},35-44,50-74K,,Married,2,2 Adults No Kids,0`),
    campaign_descriptions: ["7,Type A,2017-01-02,2017-01-20"],
    campaigns: ["7,1", "7,2", "7,99"],
    coupons: Array.from({ length: 30 }, (_, i) => `${51_000 + (i % 3)},${1000 + i},7`),
    coupon_redemptions: ["1,51000,7,2017-01-03", "1,51000,7,2017-01-05", "2,51001,7,2017-01-20"]
  }
}
