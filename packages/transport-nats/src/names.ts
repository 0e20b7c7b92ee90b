import { createHash } from "node:crypto"

import type { Carried } from "@omni/core"

/** Longer texts are told apart by their hash, so that a subject stays within what the protocol takes. */
const LONG = 128

/**
 * Any text as one token of a NATS subject, reversibly: letters, digits, `-` and `_` stand for themselves, everything else is
 * percent-encoded UTF-8, and the empty text is `%`. A long one is its beginning, `~` and 128 bits of its SHA-256.
 */
export const token = (text: string): string => {
  if (text === "") return "%"
  const encoded = encodeURIComponent(text).replaceAll(/[.!~*'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  if (encoded.length <= LONG) return encoded
  return `${encoded.slice(0, LONG / 2)}~${createHash("sha256").update(text).digest("hex").slice(0, 32)}`
}

/** The dots of a type part its tokens, so that a subscriber can ask for `…inventory.>`. */
export const typeTokens = (type: string): string => (type.length > LONG ? token(type) : type.split(".").map(token).join("."))

/** Which partition an event belongs to: all events of a subject the same. FNV-1a over its UTF-16 units. */
export const partitionOf = ({ tenant, subject }: Pick<Carried, "tenant" | "subject">, partitions: number): number => {
  let hash = 0x811c9dc5
  for (const text of [tenant, "\n", subject]) for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % partitions
}

/** The NATS subjects of a stream: `<prefix>.<tenant>.<partition>.<subject>.<type…>`. */
export const subjects = (prefix: string) => ({
  all: `${prefix}.>`,
  of: (event: Carried, partitions: number): string =>
    `${prefix}.${token(event.tenant)}.${partitionOf(event, partitions)}.${token(event.subject)}.${typeTokens(event.type)}`,
  tenant: (tenant: string): string => `${prefix}.${token(tenant)}.>`,
  /** What a group that asks for one type reads of a partition; with several it passes over the others itself. */
  partition: (partition: number, types: ReadonlyArray<string> | undefined): string =>
    `${prefix}.*.${partition}.${types?.length === 1 ? `*.${typeTokens(types[0]!)}` : ">"}`,
  /** The first parts of events that are larger than one message. No tenant has this token. */
  parts: `${prefix}.~`
})

/** The durable consumer of a group in a partition. Servers take the name for a format, so it has `=` for `%`. */
export const consumerName = (group: string, partition: number): string => `${token(group).replaceAll("%", "=")}-${partition}`
