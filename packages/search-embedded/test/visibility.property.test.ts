import { visibilityOn } from "@omni/catalog"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt, openShop } from "./shop.ts"

const START = 1_000_000
const channels = ["web", "till"] as const
const products = ["p0", "p1", "p2", "p3"]

const content = fc.record(
  {
    visibility: fc.constantFrom("visible", "search-only", "hidden"),
    from: fc.integer({ min: START - 50, max: START + 50 }),
    until: fc.integer({ min: START + 51, max: START + 150 })
  },
  { requiredKeys: [] }
)

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      product: fc.constantFrom(...products),
      archived: fc.boolean(),
      assortment: fc.option(fc.subarray([...channels]), { nil: undefined }),
      channels: fc.dictionary(fc.constantFrom(...channels), content, { noNullPrototype: true }),
      name: fc.constantFrom("vaso", "taza", "vaso azul")
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("variant" as const), product: fc.constantFrom(...products), archived: fc.boolean() })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), product: fc.constantFrom(...products) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), until: fc.integer({ min: START - 60, max: START + 160 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("drain" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rebuild" as const) }) }
)

it("shows nothing that the channel may not see, however far the index is behind; and all that it may, once it is not", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const time = clockAt(START)
      const { omni, shop, finder } = openShop({}, { time })
      const expected = async (
        channel: string,
        text: string,
        isNamedSo = (name: string) => name.includes(text)
      ): Promise<ReadonlyArray<string>> => {
        const found: Array<string> = []
        for (const id of products) {
          const row = await shop.product({ product: id })
          if (row === undefined || !row.variants.some(({ archived }) => archived !== true)) continue
          const { visibility } = visibilityOn(row.product, channel, (await omni.search.where({ channel })).value.now)
          if (isNamedSo(row.product.name["es"]!) && (visibility === "visible" || (visibility === "search-only" && text !== "")))
            found.push(id)
        }
        return found
      }
      const asked = async (channel: string, text: string): Promise<ReadonlyArray<string>> =>
        (await finder.find({ channel, text })).hits.map(({ product }) => product).toSorted()
      for (const id of products) {
        await shop.putProduct({ id, name: { es: "vaso" } })
        await shop.putVariant({ id: `${id}-1`, product: id, sku: id })
      }
      await finder.drain()
      for (const now of steps) {
        if (now.do === "put") {
          const { archived, assortment, product, name } = now
          await shop.putProduct({
            id: product,
            name: { es: name },
            channels: now.channels as never,
            ...(archived ? { archived } : {}),
            ...(assortment === undefined ? {} : { assortment })
          })
        } else if (now.do === "variant") {
          await shop.putVariant({
            id: `${now.product}-1`,
            product: now.product,
            sku: now.product,
            ...(now.archived ? { archived: true } : {})
          })
        } else if (now.do === "delete") await shop.safe.deleteProduct({ product: now.product })
        else if (now.do === "wait") time.set(now.until)
        else if (now.do === "rebuild") await finder.rebuild()
        else await finder.drain()
        for (const channel of channels) {
          for (const text of ["", "vaso"]) {
            // What it was called may be as it was; whether it is shown may not.
            const may = await expected(channel, text, () => true)
            const shown = await asked(channel, text)
            assert.isTrue(
              shown.every((id) => may.includes(id)),
              `${channel} "${text}" shows ${shown.join()}, and may show ${may.join()}`
            )
          }
        }
      }
      await finder.drain()
      for (const channel of channels)
        for (const text of ["", "vaso"]) assert.deepEqual(await asked(channel, text), await expected(channel, text))
    }),
    { numRuns: 25 }
  )
}, 60_000)
