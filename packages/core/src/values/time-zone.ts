import * as Data from "effect/Data"
import * as z from "zod"

import { memo } from "./plain/memo.ts"

/** A name is not a time zone of the IANA database that this platform knows. */
export class UnknownTimeZone extends Data.TaggedError("UnknownTimeZone")<{
  readonly message: string
  readonly timeZone: string
}> {}

/**
 * A time zone of the IANA database, its letters in canonical case: "europe/berlin" becomes "Europe/Berlin". Aliases stay what they are
 * ("Europe/Kyiv" is not made "Europe/Kiev" nor the reverse), because platforms disagree on them; offsets such as "+02:00" are refused.
 */
export const TimeZone = z
  .string()
  .refine((name) => canonical(name) !== "", { error: 'Write an IANA time zone such as "Europe/Berlin"', abort: true })
  .overwrite((name) => canonical(name))
export type TimeZone = z.infer<typeof TimeZone>

/** The name in canonical case. Throws `UnknownTimeZone`. */
export const canonicalTimeZone = (name: string): TimeZone => {
  const zone = canonical(name)
  if (zone !== "") return zone
  throw new UnknownTimeZone({
    message: `${JSON.stringify(name)?.slice(0, 60)} is not a time zone known here. Write an IANA name such as "Europe/Berlin".`,
    timeZone: String(name)
  })
}

const canonical = /* @__PURE__ */ memo((name) => (/^[a-z]/i.test(name) && isKnown(name) ? inCase(name) : ""))

const isKnown = (timeZone: string): boolean => {
  try {
    return Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

// The words of the database's names that are not simply capitalised; two and three letters without a region ("EST5EDT") are capitals.
const ODD: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ "of es au US IN UTC UCT GMT ACT LHI NSW CHAT McMurdo DumontDUrville ComodRivadavia DeNoronha EasterIsland BajaNorte BajaSur"
    .split(" ")
    .map((word) => [word.toLowerCase(), word])
)

const inCase = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[a-z]+/g, (word) => ODD.get(word) ?? (word.length <= 3 && !name.includes("/") ? word.toUpperCase() : capital(word)))

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)
