import { headers, type MsgHdrs } from "@nats-io/transport-node"
import type { Carried } from "@omni/core"

/**
 * CloudEvents in the binary content mode of the NATS protocol binding (sections 3.1.1 to 3.1.3.2): each attribute is a header `ce-…`,
 * percent-encoded where it is not printable ASCII, and the data is the message.
 */

const PREFIX = "ce-"
/** How many messages an event was cut into; this is the last one, and the others stand right before it. */
export const PARTS = "omni-parts"

const text = new TextEncoder()
const untext = new TextDecoder("utf-8", { fatal: true })

export const dataOf = ({ data }: Carried): Uint8Array => text.encode(JSON.stringify(data))

export const headersOf = (event: Carried): MsgHdrs => {
  const made = headers()
  for (const [name, value] of Object.entries(event)) if (name !== "data" && value !== "") made.set(PREFIX + name, escaped(String(value)))
  return made
}

/** The event of a message. Throws when it is none, or not one of an Omni log. */
export const eventOf = (head: MsgHdrs | undefined, data: Uint8Array): Carried => {
  const attributes: Record<string, unknown> = { subject: "" }
  for (const [name, values] of head ?? []) {
    const attribute = name.toLowerCase()
    if (attribute.startsWith(PREFIX)) attributes[attribute.slice(PREFIX.length)] = unescaped(values[0] ?? "")
  }
  for (const needed of ["specversion", "id", "source", "type", "tenant", "sequence"])
    if (typeof attributes[needed] !== "string")
      throw new TypeError(`The message has no header ${PREFIX}${needed}: it is no event of an Omni log.`)
  // What is asked for above is there; the rest are strings.
  return { ...attributes, data: JSON.parse(untext.decode(data)) } as Carried
}

const escaped = (value: string): string => value.replaceAll(/[^\x21\x23\x24\x26-\x7e]+/g, encodeURIComponent)

/** Quoted values are not written here, but have to be read. */
const unescaped = (value: string): string =>
  decodeURIComponent(value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value)
