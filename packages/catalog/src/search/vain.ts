import { gtin14 } from "../codes/gtin.ts"
import type { VainSearch } from "./model.ts"

/** How many different searches are counted at a time; what comes beyond them is not told. */
const MOST = 100

/**
 * What was looked for in vain, brought to one form: small letters, single blanks, without accents. `undefined` for what may be about a person, as an address
 * of e-mail is; numbers of five digits and more are left out, but for GTINs.
 */
const vainQuery = (text: string): string | undefined => {
  if (text.includes("@")) return undefined
  const words = text
    .normalize("NFD")
    .replaceAll(/[\u0300-\u0302\u0304-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    // Digits of a telephone number come in groups.
    .replaceAll(/\+?\d[\d ().\-/]{3,}\d/g, (number) =>
      gtin14(number.replaceAll(/\D/g, "")) === undefined ? "#" : number.replaceAll(/\D/g, "")
    )
    .split(/[\s,;]+/)
    .filter((word) => word !== "")
  const query = words.join(" ").slice(0, 100).toWellFormed().replaceAll("\0", "")
  return query === "" || query === "#" ? undefined : query
}

/** Counts what is looked for in vain until it is told: a flood of searches is a few events, and a flood of different ones is not more. */
export class VainSearches {
  readonly #counted = new Map<string, VainSearch>()

  /** `words`: those of the text that nothing has. */
  add(text: string, channel: string, locale: string, words: ReadonlyArray<string>): void {
    const query = vainQuery(text)
    if (query === undefined) return
    const key = JSON.stringify([channel, locale, query])
    const known = this.#counted.get(key)
    if (known === undefined && this.#counted.size >= MOST) return
    const told = new Set(query.split(" "))
    const unmatched = [...new Set(words.flatMap((word) => vainQuery(word) ?? []))].filter((word) => told.has(word))
    this.#counted.set(key, { query, channel, locale, times: (known?.times ?? 0) + 1, ...(unmatched.length === 0 ? {} : { unmatched }) })
  }

  /** What was counted since it was last taken. */
  take(): ReadonlyArray<VainSearch> {
    const all = [...this.#counted.values()]
    this.#counted.clear()
    return all
  }
}
