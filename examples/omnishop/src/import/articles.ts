import { distinct, type Importing, make, rowsIn, type Told } from "./importing.ts"
import { type ProductRow, rowSchemas } from "./tables.ts"

/** Puts the products into the catalog as of `opening`, and gives the numbers of those that are there. */
export const importArticles = async (importing: Importing, file: string, opening: number): Promise<ReadonlySet<string>> => {
  const reject = importing.rejects.of(file)
  const seen = new Map<string, number>()
  const known = new Set<string>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.products)) {
    for (const row of distinct(told, ({ product_id }) => product_id, seen, reject))
      await make(importing, "articles", { reject, rows: [row] }, async () => {
        const put = await importing.omni.history.safe.importArticle(article(row), { asOf: { time: opening } })
        if (put.ok) known.add(row.row.product_id)
        return put
      })
  }
  await importing.flight.landed()
  return known
}

const article = ({ row }: Told<ProductRow>) => {
  const { product_id, department, brand, manufacturer_id, package_size, product_category, product_type } = row
  const told = { department, manufacturer: manufacturer_id, type: product_type }
  return {
    product: product_id,
    name: product_type || product_category || department || `Product ${product_id}`,
    ...(brand === "" ? {} : { brand }),
    categories: [...new Set([department, product_category].filter((category) => category !== ""))],
    attributes: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== "")),
    options: package_size === "" ? {} : { size: package_size }
  }
}
