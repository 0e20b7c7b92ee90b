import { fail, type Tx } from "@omni/core"

import { canonicalCode } from "../codes/read.ts"
import { CodeTaken, CombinationTaken, TooManyVariants } from "../errors.ts"
import { Codes, combinationId, Combinations, MOST_VARIANTS, Siblings, type Variant } from "./model.ts"

/** All codes that name a variant, as they are kept. */
const codesOf = ({ sku, gtin, codes }: Variant): ReadonlyArray<string> =>
  [sku, ...(gtin === undefined ? [] : [gtin]), ...codes].map(canonicalCode)

/** Makes the codes of a variant name it, and no longer those that it has let go of. Refuses `CodeTaken`. */
export function* claimCodes(tx: Tx, variant: Variant, known: Variant | undefined): Generator<CodeTaken, void, unknown> {
  const before = new Set(known === undefined ? [] : codesOf(known))
  const after = new Set(codesOf(variant))
  const claimed = [...after].filter((code) => !before.has(code))
  const holders = tx.getMany(Codes, claimed)
  for (const [at, code] of claimed.entries()) {
    const holder = holders[at]?.variant
    if (holder !== undefined) return yield* fail(codeTaken(code, holder, variant.id))
    tx.put(Codes, code, { variant: variant.id })
  }
  for (const code of before) if (!after.has(code)) tx.remove(Codes, code)
}

/** Makes a variant the only one with its options; one without options, or archived, claims none. Refuses `CombinationTaken`. */
export function* claimCombination(tx: Tx, variant: Variant, known: Variant | undefined): Generator<CombinationTaken, void, unknown> {
  const before = known === undefined ? undefined : combinationOf(known)
  const after = combinationOf(variant)
  if (before === after) return
  if (after !== undefined) {
    const holder = tx.get(Combinations, after)?.variant
    if (holder !== undefined) return yield* fail(combinationTaken(variant, holder))
    tx.put(Combinations, after, { variant: variant.id })
  }
  if (before !== undefined) tx.remove(Combinations, before)
}

/** Puts a variant on the list of its product, and takes it from the one that it had before. Refuses `TooManyVariants`. */
export function* joinSiblings(tx: Tx, { id, product }: Variant, known: Variant | undefined): Generator<TooManyVariants, void, unknown> {
  if (known?.product === product) return
  const siblings = tx.get(Siblings, product)?.variants ?? []
  if (siblings.length >= MOST_VARIANTS) {
    const message = `The product "${product}" has ${MOST_VARIANTS} variants, which is the most. Divide it into several products.`
    return yield* fail(new TooManyVariants({ product, limit: MOST_VARIANTS, message }))
  }
  tx.put(Siblings, product, { variants: [...siblings, id] })
  if (known !== undefined) leaveSiblings(tx, known)
}

/** Takes a variant from the list of its product. */
export const leaveSiblings = (tx: Tx, { id, product }: Variant): void => {
  const variants = (tx.get(Siblings, product)?.variants ?? []).filter((other) => other !== id)
  if (variants.length === 0) tx.remove(Siblings, product)
  else tx.put(Siblings, product, { variants })
}

/** Gives everything free that a variant held. */
export const releaseClaims = (tx: Tx, variant: Variant): void => {
  for (const code of new Set(codesOf(variant))) tx.remove(Codes, code)
  const combination = combinationOf(variant)
  if (combination !== undefined) tx.remove(Combinations, combination)
}

const combinationOf = ({ product, options, archived }: Variant): string | undefined =>
  archived === true || Object.keys(options).length === 0 ? undefined : combinationId(product, options)

const codeTaken = (code: string, holder: string, wanted: string) =>
  new CodeTaken({
    code,
    variant: holder,
    message: `The code ${code} names the variant ${holder} already, so it cannot name ${wanted}. Take it from that one first, or choose another.`
  })

const combinationTaken = ({ product, options, id }: Variant, holder: string) =>
  new CombinationTaken({
    product,
    variant: holder,
    message: `The variant "${holder}" of "${product}" has the options ${JSON.stringify(options)} already, so "${id}" cannot have them too.`
  })
