import { EmailAddress, PhoneNumber } from "@omni/core"
import * as z from "zod"

import type { Refused } from "./errors.ts"
import type { Settings } from "./settings.ts"

/** A name that a customer goes by somewhere: `{ type: "email", value: "jane@example.com" }`. */
export interface Identifier {
  /** "customer", "email", "phone", "device", "anonymous", "push", or any other that the app uses. */
  readonly type: string
  readonly value: string
}

/** See the type `Identifier`. */
export const Identifier: z.ZodType<Identifier, Identifier> = z
  .object({
    type: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/i, { error: 'Write a type such as "email" or "customer"' }),
    value: z.string().max(500)
  })
  .readonly()

/** An identifier in normal form: equal keys are the same identifier. */
export interface Keyed extends Identifier {
  readonly index: number
  readonly key: string
}

/** Texts that programs write where an identifier is missing. */
const NOBODY = new Set("null nil none nan undefined unknown anonymous guest test true false n/a na -1 [object_object] {} [] ()".split(" "))

const standsForNobody = (value: string): boolean => {
  const text = value.toLowerCase().replaceAll(/\s+/g, "_")
  return text === "" || NOBODY.has(text) || /^[0\-_.+]+$/.test(text)
}

const normal = (type: string, value: string): string | undefined => {
  if (type === "email") return EmailAddress.safeParse(value).data?.toLowerCase()
  if (type === "phone") return PhoneNumber.safeParse(value).data
  return value
}

/** As it is kept: trimmed, a telephone number without what people write between its digits. */
const tidy = ({ type, value }: Identifier): string => {
  const trimmed = value.trim()
  return type === "phone" ? trimmed.replaceAll(/[\s().\-/]/g, "") : trimmed
}

/**
 * The key `type:value` that an identifier is unique by; `undefined` for an address that cannot exist. E-mail addresses are compared
 * without case, telephone numbers in E.164, everything else as it stands.
 */
export const keyOf = (identifier: Identifier): string | undefined => {
  const text = normal(identifier.type, tidy(identifier))
  return text === undefined ? undefined : `${identifier.type}:${text}`
}

const SENTENCES = {
  blocked: "stands for nobody, and would make one person of many",
  malformed: "is no address that can exist",
  limit: "would tie more together than one person can have"
} as const

/** A refusal with its sentence. */
export const refusal = (index: number, type: string, reason: Refused["reason"]): Refused => ({
  index,
  type,
  reason,
  message: `The identifier of type "${type}" ${SENTENCES[reason]}.`
})

/** Parts the identifiers that can be used, surest first, from those that stand for nobody; the same one twice is taken once. */
export const sift = (
  identifiers: ReadonlyArray<Identifier>,
  settings: Settings
): { readonly usable: ReadonlyArray<Keyed>; readonly refused: ReadonlyArray<Refused> } => {
  const usable = new Map<string, Keyed>()
  const refused: Array<Refused> = []
  for (const [index, { type, value }] of identifiers.entries()) {
    const tidied = { type, value: tidy({ type, value }) }
    const key = keyOf(tidied)
    if (standsForNobody(tidied.value) || settings.blocked(tidied)) refused.push(refusal(index, type, "blocked"))
    else if (key === undefined) refused.push(refusal(index, type, "malformed"))
    else if (!usable.has(key)) usable.set(key, { ...tidied, index, key })
  }
  return { usable: [...usable.values()].sort(bySurety(settings)), refused }
}

const bySurety =
  ({ rankOf }: Settings) =>
  (left: Keyed, right: Keyed): number =>
    rankOf(left.type) - rankOf(right.type) || (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)
