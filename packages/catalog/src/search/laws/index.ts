import { benchOf, type Proof, type SearchLaw, type SearchUnderTest } from "./bench.ts"
import { filterLaws } from "./filters.ts"
import { generationLaws } from "./generations.ts"
import { textLaws } from "./texts.ts"
import { variantLaws } from "./variants.ts"

export { type SearchLaw, SearchLawBroken, type SearchUnderTest, type SearchVerdict } from "./bench.ts"

/**
 * The laws of the search port. `make` is called once for each and gives a driver with nothing in it; every law closes it. One whose capability is absent answers
 * `skipped` with the reason. Run them under any test runner: `for (const law of searchLaws(make)) test(law.name, () => law.run())`.
 */
export const searchLaws = (make: () => Promise<SearchUnderTest>): ReadonlyArray<SearchLaw> =>
  [...generationLaws, ...filterLaws, ...textLaws, ...variantLaws].map(([name, proof]) => ({ name, run: () => proved(make, proof) }))

const proved = async (make: () => Promise<SearchUnderTest>, proof: Proof) => {
  const under = await make()
  try {
    return (await proof(benchOf(under))) ?? {}
  } finally {
    await under.driver.close()
    await under.dispose?.()
  }
}
