/** Escapes that PostgreSQL's functions for JSON refuse: U+0000, and halves of surrogate pairs. The pairs of backslashes before come along. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|.)/gs
const SUSPECT = /\\u(?:0000|[dD][89a-fA-F])/

/**
 * How a JSON text is stored. `json` keeps every letter, but its functions, and so every query of an analyst, fail on some texts that
 * are valid. Of such a text a harmless copy is queried, and `raw` has the letters.
 */
export const storedJson = (text: string): { readonly value: string; readonly raw: string | null } =>
  SUSPECT.test(text) ? { value: text.replaceAll(ESCAPE, harmless), raw: text } : { value: text, raw: null }

const harmless = (escape: string, code: string | undefined): string => {
  if (code === undefined) return escape
  const unit = Number.parseInt(code, 16)
  return unit === 0 || (unit >= 0xd800 && unit <= 0xdfff) ? "\\ufffd" : escape
}
