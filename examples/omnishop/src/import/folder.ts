import { readdir } from "node:fs/promises"
import { join } from "node:path"

/** The tables of The Complete Journey that are imported. */
export const tables = [
  "products",
  "transactions",
  "demographics",
  "campaign_descriptions",
  "campaigns",
  "coupons",
  "coupon_redemptions"
] as const
export type Table = (typeof tables)[number]

/** A folder's files by table; a table without a file is absent. */
export type Folder = { readonly [T in Table]?: string }

/** Finds the files: `products.csv` or `products.csv.gz`, `transactions_sample.csv` for a sample of a table. Throws when there are none. */
export const openFolder = async (path: string): Promise<Folder> => {
  const names = await readdir(path).catch((error: unknown) => {
    throw new Error(`The folder ${path} cannot be read. Name one with the files of The Complete Journey.`, { cause: error })
  })
  const found = tables.flatMap((table) => {
    const name = [table, `${table}_sample`].flatMap((stem) => [`${stem}.csv`, `${stem}.csv.gz`]).find((file) => names.includes(file))
    return name === undefined ? [] : [[table, join(path, name)] as const]
  })
  if (found.length > 0) return Object.fromEntries(found)
  throw new Error(`There are no files of The Complete Journey in ${path}: ${tables.map((table) => `${table}.csv`).join(", ")}, or .csv.gz.`)
}
