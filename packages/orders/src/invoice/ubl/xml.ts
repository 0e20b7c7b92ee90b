/** What XML 1.0 cannot hold, however it is escaped (production 2, Char): controls, lone surrogates, U+FFFE and U+FFFF. */
const IMPOSSIBLE = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;"
}

/** Text as element or attribute: escaped, and U+FFFD in the place of each character that XML 1.0 cannot hold. */
const xmlText = (text: string): string => text.replaceAll(IMPOSSIBLE, "\ufffd").replaceAll(/[&<>"\t\n\r]/g, (char) => ESCAPES[char] ?? char)

/** An element of XML that is written already, or nothing. */
export type Xml = string | undefined

const attributesOf = (attributes: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : ` ${name}="${xmlText(value)}"`))
    .join("")

/** A basic element with its text; nothing without one. */
export const leaf = (name: string, text: string | undefined, attributes: Readonly<Record<string, string | undefined>> = {}): Xml =>
  text === undefined ? undefined : `<cbc:${name}${attributesOf(attributes)}>${xmlText(text)}</cbc:${name}>`

/** An aggregate of elements; nothing when all of them are nothing, for an empty one is not allowed. */
export const aggregate = (name: string, children: ReadonlyArray<Xml>): Xml => {
  const content = children.filter((child) => child !== undefined)
  return content.length === 0 ? undefined : `<cac:${name}>${content.join("")}</cac:${name}>`
}
