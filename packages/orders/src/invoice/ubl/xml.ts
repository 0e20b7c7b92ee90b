import { attributesOf, element, type Xml, xmlText } from "../xml.ts"

export type { Xml } from "../xml.ts"

/** A basic element with its text; nothing without one. */
export const leaf = (name: string, text: string | undefined, attributes: Readonly<Record<string, string | undefined>> = {}): Xml =>
  text === undefined ? undefined : `<cbc:${name}${attributesOf(attributes)}>${xmlText(text)}</cbc:${name}>`

/** An aggregate of elements; nothing when all of them are nothing, for an empty one is not allowed. */
export const aggregate = (name: string, children: ReadonlyArray<Xml>): Xml => element(`cac:${name}`, children)
