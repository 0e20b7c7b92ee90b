import type { PartCode, SkippedPromotion } from "../priced.ts"

/** What a sentence is made of: a part's amount, and its facts as text; money is written as the reader writes it. */
export interface Said {
  readonly amount: string
  /** The amount with the other sign. */
  readonly minus: string
  readonly ref: string
  readonly isNegative: boolean
  readonly has: (fact: string) => boolean
  readonly text: (fact: string) => string
  readonly money: (fact: string) => string
  /** How many, with the unit of measure where there is one: "2", "1.25 kg". */
  readonly quantity: string
  /** What one unit costs, with the unit of measure where there is one. */
  readonly unit: string
}

/** The sentences of a language. */
export interface Language {
  readonly nothing: string
  readonly parts: Readonly<Record<PartCode, (said: Said) => string>>
  readonly notGiven: (name: string, reason: string) => string
  /** What is missing for a promotion. */
  readonly more: (name: string, missing: string) => string
  /** So much more of something. */
  readonly short: (missing: string, what: string) => string
  readonly ofSpend: string
  readonly ofUnits: (count: number) => string
  readonly reasons: Readonly<Record<SkippedPromotion["code"], string>>
}
