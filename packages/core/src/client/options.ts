import type * as z from "zod"

import { InvalidOptions } from "../errors.ts"
import { checkInput } from "./input.ts"
import { noSuchName } from "./unknown.ts"

/** What there is to be told: every option of `O`, with the schema that it has to fit, or `true` where its type alone says what it is. */
export type KnownOptions<O> = { readonly [K in keyof O]-?: z.ZodType | true }

/**
 * Checks what a module, or anything else that is put together once, was told: `checkOptions("cart()", options, { channels: Channels, idle: true, … })`. What is
 * misspelt, missing though it is `needed`, or does not fit its schema, would be seen much later, or never. Throws `InvalidOptions`, which names all that is wrong.
 */
export const checkOptions = <O extends object>(
  of: string,
  options: O,
  known: KnownOptions<O>,
  needed: ReadonlyArray<keyof O & string> = []
): void => {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw invalid(of, [{ path: "", message: "Write an object of options." }])
  const missing = needed.filter((name) => options[name] === undefined).map((name) => ({ path: name, message: "It is needed." }))
  const wrong = Object.entries(options).flatMap(([name, value]): InvalidOptions["issues"] => {
    if (value === undefined) return []
    const schema: z.ZodType | true | undefined = Object.hasOwn(known, name) ? known[name as keyof O] : undefined
    if (schema === undefined) return [{ path: name, message: noSuchName("option", name, Object.keys(known)) }]
    if (schema === true) return []
    const checked = checkInput(of, schema, value)
    if (checked.ok) return []
    return checked.error.issues.map(({ path, message }) => ({ path: path === "" ? name : `${name}.${path}`, message }))
  })
  const issues = [...missing, ...wrong]
  if (issues.length > 0) throw invalid(of, issues)
}

const invalid = (of: string, issues: InvalidOptions["issues"]): InvalidOptions => {
  const listed = issues.map(({ path, message }) => `${path || "(whole)"}: ${message}`).join("; ")
  return new InvalidOptions({ of, issues, message: `The options of ${of} do not fit: ${listed}` })
}
