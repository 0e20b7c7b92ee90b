import { toFraction } from "@omni/core"

import type { Percent } from "./model.ts"

/** Per cent as a fraction of one: 19 % is 19/100. `text` is the same for equal rates: "19" for 19, "19.0" and "019". */
export interface Rate {
  readonly text: string
  readonly numerator: bigint
  readonly denominator: bigint
}

/** The rate that per cent stand for. Throws `InvalidDecimal`, `InvalidRatio`. */
export const fractionOf = (percent: Percent): Rate => {
  const { numerator, denominator } = toFraction(percent)
  return { text: canonical(String(percent)), numerator, denominator: denominator * 100n }
}

const canonical = (text: string): string => {
  const [whole = "", decimals = ""] = text.split(".")
  const rest = decimals.replace(/0+$/, "")
  return `${whole.replace(/^0+(?=\d)/, "")}${rest === "" ? "" : `.${rest}`}`
}
