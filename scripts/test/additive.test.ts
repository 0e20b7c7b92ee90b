import { assert, it } from "vitest"
import * as z from "zod"

import { modulesByPackage } from "../fields/modules.ts"

/** Where a schema refuses fields that it does not know. */
const strictIn = (schema: unknown, path: string): ReadonlyArray<string> => {
  if (typeof schema !== "object" || schema === null) return []
  const own = "additionalProperties" in schema && schema.additionalProperties === false ? [path] : []
  return [...own, ...Object.entries(schema).flatMap(([key, inner]) => strictIn(inner, `${path}.${key}`))]
}

// While a release is rolled out, the older one reads rows in which the newer has written a field more.
it("no collection of a module refuses a row that has a field more", async () => {
  const collections = (await modulesByPackage()).flatMap(({ modules }) => modules.flatMap(({ collections = [] }) => collections))
  assert.isAbove(collections.length, 50)
  const strict = collections.flatMap(({ name, schema }) =>
    strictIn(z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" }), name)
  )
  assert.deepEqual(strict, [])
})
