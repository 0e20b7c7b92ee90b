import { offersMeeting } from "../matches.ts"
import { MANY_VARIANTS, type SearchDocument } from "../port.ts"
import { type Proof, product, type Random, random, request, same } from "./bench.ts"

const SIZES = ["S", "M", "L"]

const many = (draw: Random, id: string): SearchDocument =>
  product(id, {
    offers: Array.from({ length: draw.one([1, MANY_VARIANTS, MANY_VARIANTS + 1, 3 * MANY_VARIANTS]) }, (_, at) => ({
      variant: `${id}-${at}`,
      values: { size: [draw.one(SIZES)] },
      prices: draw.chance(0.8) ? { "list:retail": draw.below(20) * 50 } : {}
    }))
  })

/** What is told of variants; which is nothing where an index tells nothing of any. */
const told: Proof = async (bench) => {
  let isTold = false
  for (let seed = 1; seed <= 6; seed++) {
    const draw = random(seed)
    const documents = Array.from({ length: 12 }, (_, at) => many(draw, `p${at}`))
    const index = await bench.filled(documents)
    for (const more of [
      {},
      { values: { size: ["S"] } },
      { price: { from: 200, to: 700 } },
      { values: { size: ["M", "L"] }, price: { to: 500 } }
    ]) {
      const asked = request({ prices: [["list:retail"]], ...more })
      const { hits } = (await index.search(asked))!
      for (const { id, variants } of hits) {
        if (variants !== undefined) isTold = true
        if (!isTold) continue
        const document = documents.find((one) => one.id === id)!
        const meeting = offersMeeting(document, { ...asked, browse: true })
          .toSorted((a, b) => (a.price === b.price ? 0 : (a.price ?? Infinity) - (b.price ?? Infinity)))
          .slice(0, MANY_VARIANTS)
          .map(({ variant }) => variant)
        same(
          variants ?? null,
          document.offers.length > MANY_VARIANTS ? meeting : null,
          `The variants of ${id} that meet ${JSON.stringify(more)}`
        )
      }
    }
  }
  return isTold ? {} : { skipped: "The index says nothing of variants" }
}

export const variantLaws: ReadonlyArray<readonly [name: string, proof: Proof]> = [
  ["of a product with many variants those are told that meet what was asked for, the cheapest first", told]
]
