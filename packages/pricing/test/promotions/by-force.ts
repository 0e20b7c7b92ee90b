import type { Basket } from "../../src/promotions/basket.ts"
import { type Chosen, choosePromotions as choose, type ChoosingOptions, type Given } from "../../src/promotions/choose.ts"
import { prepareAll } from "../../src/promotions/prepare.ts"
import type { Promotion } from "../../src/promotions/promotion.ts"

/** What is chosen of promotions as they are written. */
export const choosePromotions = (promotions: ReadonlyArray<Promotion>, basket: Basket, options?: ChoosingOptions): Chosen =>
  choose(prepareAll(promotions), basket, options)

const worthOf = ({ promotion: { value }, amount }: Given): number => amount + (value.type === "gift" ? (value.worth?.EUR ?? 0) : 0)

/** What the customer has of it. */
export const worth = ({ given }: Pick<Chosen, "given">): number => given.reduce((sum, one) => sum + worthOf(one), 0)

const subsets = <T>([first, ...rest]: ReadonlyArray<T>): ReadonlyArray<ReadonlyArray<T>> =>
  first === undefined ? [[]] : subsets(rest).flatMap((some) => [some, [first, ...some]])

/** Whether the rules of stacking allow them beside one another. */
export const mayStand = (promotions: ReadonlyArray<Promotion>): boolean => {
  const groups = promotions.flatMap(({ group }) => group ?? [])
  const alone = promotions.some(({ stacking }) => stacking === "exclusive")
  return new Set(groups).size === groups.length && (!alone || promotions.length === 1)
}

/** Tries every set of promotions that may stand together, each given as its turn comes. */
export const bestByForce = (promotions: ReadonlyArray<Promotion>, basket: Basket): number =>
  Math.max(
    ...subsets(promotions)
      .filter(mayStand)
      .map((some) => worth(choosePromotions(some, basket, { combination: "ranked" })))
  )
