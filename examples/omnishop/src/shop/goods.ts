/** What Omnishop sells, with its prices in cents (tax included) and what lies where on the first day. */
export const goods = [
  { product: "shaver", sku: "SHAVER-7", name: "Shaver Seven", price: 14_900, stock: { mitte: 2, charlottenburg: 3 } },
  { product: "refill", sku: "REFILL-3", name: "Blades, pack of 3", price: 1_490, stock: { mitte: 1, charlottenburg: 6 } },
  { product: "case", sku: "CASE-1", name: "Travel case", price: 2_495, stock: { mitte: 4, charlottenburg: 4 } }
] as const

/** What goes with what, the best first. */
export const crossSells = [{ from: "shaver", to: ["case", "refill"] }] as const

/** What an article is called. */
export const nameOfArticle = (sku: string): string => goods.find((article) => article.sku === sku)?.name ?? sku
