import { InvalidContext } from "../errors.ts"
import type { Percent } from "../model.ts"
import { small } from "./whole.ts"

/** A fraction as big integers, and as numbers where they are exact. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
  readonly over: number | bigint
  readonly under: number | bigint
}

/** A decimal text is exact; a number with decimals is not, and is refused with its point. */
const FORM = /^(\d{1,60})(?:\.(\d{1,60}))?$/

/** The same few rates come again with every cart. */
const known = /* @__PURE__ */ new Map<Percent, Fraction>()

/** Per cent as a fraction of one: 19 % is 19/100. `field` is where it was written. Throws `InvalidContext`. */
export const fractionOf = (percent: Percent, field: string): Fraction => {
  const kept = known.get(percent)
  if (kept !== undefined) return kept
  const made = parsed(percent, field)
  if (known.size >= 500) known.clear()
  known.set(percent, made)
  return made
}

const parsed = (percent: Percent, field: string): Fraction => {
  const [text, whole, decimals = ""] = FORM.exec(Number.isInteger(percent) || typeof percent === "string" ? String(percent) : "") ?? []
  if (text === undefined)
    throw new InvalidContext({
      field,
      message: `"${field}" is ${String(percent).slice(0, 50)}; write per cent as a whole number or a decimal text of zero or more: 19, "8.875".`
    })
  const numerator = BigInt(whole! + decimals)
  const denominator = 100n * 10n ** BigInt(decimals.length)
  return { numerator, denominator, over: small(numerator), under: small(denominator) }
}
