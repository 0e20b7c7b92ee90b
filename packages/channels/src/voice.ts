import type { ChannelKind } from "@omni/core"

import type { Category, Content } from "./content.ts"
import { smsSegments } from "./sms.ts"

/** How the brand speaks on a kind of channel. */
export interface VoiceRules {
  /** Words and phrases that are not said, in whatever case. Whole words: "free" does not forbid "freedom". */
  readonly banned?: ReadonlyArray<string>
  /** The most characters (Unicode code points) of the text. */
  readonly maxLength?: number
  /** The most SMS segments that the text may cost. */
  readonly maxSegments?: number
  /** What the text of marketing must hold, such as "Reply STOP". */
  readonly optOut?: string
}

/** The rules for each kind, and those for all. */
export type Voice = { readonly [K in ChannelKind | "all"]?: VoiceRules }

/** A rule of the voice that a content breaks. */
export interface VoiceBreach {
  readonly rule: "banned" | "length" | "segments" | "opt-out"
  readonly found: string | number
  readonly allowed: string | number
}

/** Every rule that a content would break on a kind of channel; none when it may be said. */
export const voiceBreaches = (voice: Voice, kind: ChannelKind, category: Category, content: Content): ReadonlyArray<VoiceBreach> =>
  [voice.all, voice[kind]].flatMap((rules) => (rules === undefined ? [] : breachesOf(rules, category, content)))

const breachesOf = (rules: VoiceRules, category: Category, content: Content): ReadonlyArray<VoiceBreach> => {
  const said = [content.subject, content.text, content.html].filter((part) => part !== undefined).join("\n")
  const length = [...content.text].length
  const segments = rules.maxSegments === undefined ? 0 : smsSegments(content.text).segments
  return [
    ...(rules.banned ?? []).filter((word) => holds(said, word)).map((word) => ({ rule: "banned", found: word, allowed: 0 }) as const),
    ...(rules.maxLength !== undefined && length > rules.maxLength
      ? [{ rule: "length", found: length, allowed: rules.maxLength } as const]
      : []),
    ...(rules.maxSegments !== undefined && segments > rules.maxSegments
      ? [{ rule: "segments", found: segments, allowed: rules.maxSegments } as const]
      : []),
    ...(rules.optOut !== undefined && category === "marketing" && !content.text.includes(rules.optOut)
      ? [{ rule: "opt-out", found: "", allowed: rules.optOut } as const]
      : [])
  ]
}

const holds = (said: string, word: string): boolean => {
  const literal = word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "iu").test(said)
}
