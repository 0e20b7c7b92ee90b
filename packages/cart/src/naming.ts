import { type Locale, Localised, localise } from "@omni/core"
import * as z from "zod"

const Text = z.string().min(1).max(200)

/** What a promotion or coupon is called: one text for everybody, or one for each language. */
export const Name = z.union([
  Text,
  Localised(Text).refine((names) => Object.keys(names).length > 0, { error: "Write it in one language at least" })
])
export type Name = string | Localised<string>

/** What it is called for a reader, else on the channel, else in any language: a name in another one says more than none. */
export const nameFor = (name: Name, locale: Locale, own: Locale): string =>
  typeof name !== "object" || name === null ? name : (localise(name, locale, own) ?? anyName(name))

/** One of its names, where nobody in particular reads it. */
export const anyName = (name: Name): string => (typeof name !== "object" || name === null ? name : (Object.values(name)[0] ?? ""))
