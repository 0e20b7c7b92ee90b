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
export const xmlText = (text: string): string =>
  text.replaceAll(IMPOSSIBLE, "\ufffd").replaceAll(/[&<>"\t\n\r]/g, (char) => ESCAPES[char] ?? char)

/** An element of XML that is written already, or nothing. */
export type Xml = string | undefined

/** Attributes as they stand in a tag; those without a value are not there. */
export const attributesOf = (attributes: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : ` ${name}="${xmlText(value)}"`))
    .join("")

/** An element with its text; nothing without one. */
export const textElement = (name: string, text: string | undefined): Xml =>
  text === undefined ? undefined : `<${name}>${xmlText(text)}</${name}>`

/** An element of elements; nothing when there are none and no attributes. */
export const element = (name: string, children: ReadonlyArray<Xml>, attributes: Readonly<Record<string, string | undefined>> = {}): Xml => {
  const content = children.filter((child) => child !== undefined).join("")
  const tag = `${name}${attributesOf(attributes)}`
  if (content !== "") return `<${tag}>${content}</${name}>`
  return tag === name ? undefined : `<${tag}/>`
}
