import { assert, it } from "vitest"

import { type LabelSource, Labelling } from "../src/search/labelling.ts"
import { Telling } from "../src/search/readable.ts"

it("gives every value its label, though more are asked for than are remembered", async () => {
  const unreadable: ReadonlyArray<never> = []
  const search: LabelSource = {
    categories: async () => ({ value: { labels: {}, hidden: [] }, unreadable }),
    choices: async () => ({ value: {}, unreadable }),
    valueNames: async ({ values }) => ({ value: values.map(({ value }) => ({ es: `Nombre ${value}` })), unreadable })
  }
  const labelling = new Labelling(search, new Telling(() => assert.fail("nothing is unreadable")), { now: () => 0 })
  const channel = { id: "web", name: "Web", kind: "web", currency: "EUR", locale: "es", timeZone: "Europe/Madrid" } as const
  const label = async (values: ReadonlyArray<string>) => {
    const { color } = await labelling.label({ color: values.map((value) => ({ value, count: 1 })) }, { channel, locale: "es" })
    return color!.map((count) => count.label)
  }
  await label(["first"])
  await label(Array.from({ length: 20_001 }, (_, at) => `v${at}`))
  assert.deepEqual(await label(["first", "new"]), ["Nombre first", "Nombre new"])
})
