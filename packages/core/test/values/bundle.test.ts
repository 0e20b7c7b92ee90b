import { fileURLToPath } from "node:url"
import { runInNewContext } from "node:vm"

import { build } from "esbuild"
import { describe, expect, it } from "vitest"

const resolveDir = fileURLToPath(new URL("../../src/values", import.meta.url))

/** An app that uses so much of the values, bundled for a platform that is neither Node nor a browser. */
const bundle = async (contents: string) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName: "app",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"]
  })
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  return {
    code: outputFiles[0]?.text ?? "",
    uses: (name: string) => inputs.some(([path, { bytesInOutput }]) => path.includes(name) && bytesInOutput > 0)
  }
}

describe("a bundle", () => {
  it("holds Temporal for those alone who use civil time", async () => {
    const civil = await bundle(`export { nextLocalTime } from "./index.ts"`)
    const others = await bundle(`export { allocateMoney, Channel, CivilDate, formatAddress, toIso } from "./index.ts"`)
    expect(civil.uses("temporal-polyfill")).toBe(true)
    expect(others.uses("temporal-polyfill")).toBe(false)
  })

  it("holds neither zod nor effect for those who use the plain values alone", async () => {
    const plain = await bundle(`export * from "./plain/index.ts"`)
    const schemas = await bundle(`export { Money } from "./index.ts"`)
    for (const library of ["zod", "effect"]) expect(plain.uses(`node_modules/${library}`)).toBe(false)
    expect(schemas.uses("node_modules/zod")).toBe(true)
  })

  it("runs where there is nothing but the language", async () => {
    const { code } = await bundle(`
      import * as values from "./index.ts"
      export const next = values.toIso(values.nextLocalTime(values.fromIso("2026-03-28T12:00:00Z"), "Europe/Berlin", "09:00"))
      export const price = values.formatMoney(values.multiplyMoney(values.money(1999, "EUR"), "0.1"), "en")
      export const channel = values.Channel.safeParse({}).success
    `)
    const app: unknown = runInNewContext(`${code}; JSON.stringify(app)`, {})
    expect(app).toBe(JSON.stringify({ channel: false, next: "2026-03-29T07:00:00.000Z", price: "€2.00" }))
  })
})
