import { catalog, type ChoosePrice, type CodeTaken, type CombinationTaken, type Scanned, type SlugTaken } from "@omni/catalog"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"

const { catalog: shop } = createOmni({ store: memory(), modules: { catalog: catalog() } })

/** The refusals of an operation are in its type, and a product's are not a variant's. */
export const refusals = async () => {
  const put = await shop.safe.putVariant({ id: "v", product: "p", sku: "v" })
  if (!put.ok && (put.error._tag === "CodeTaken" || put.error._tag === "CombinationTaken")) {
    const error: CodeTaken | CombinationTaken = put.error
    // @ts-expect-error -- the refusal of another operation
    const other: SlugTaken = put.error
    return [error, other]
  }
  return []
}

/** A scan answers the offer with what was read. */
export const scanned: () => Promise<Scanned | undefined> = () => shop.scan({ code: "4006381333931" })

/** A rule for prices answers one of them, or nothing: never an amount. */
// @ts-expect-error -- an amount is not a price
export const rule: ChoosePrice = (prices) => prices[0]?.amount

/** What is left out has a default, and what has none is asked for. */
export const asked = async () => {
  await shop.putPriceList({ id: "l", name: "L", currency: "EUR" })
  // @ts-expect-error -- a list is in a currency
  await shop.putPriceList({ id: "l", name: "L" })
  // @ts-expect-error -- a category is moved to a place
  await shop.moveCategory({ category: "c" })
}
