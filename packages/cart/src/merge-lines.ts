import * as z from "zod"

import type { CartLine } from "./model.ts"

/**
 * How lines of two carts come together. Lines match when variant, options and custom data are equal; what matches nothing is kept.
 *
 * - `max`: the greater quantity. Commutative, associative and idempotent, so it may be repeated without harm.
 * - `add`: the sum. Commutative and associative; twice is double.
 * - `replace`: the quantity of the cart that comes in. Idempotent.
 * - `keep-both`: nothing matches but what has one line id too, of which the greater quantity stays. Commutative, associative, idempotent.
 */
export const MergePolicy = z.enum(["max", "add", "replace", "keep-both"])
export type MergePolicy = z.infer<typeof MergePolicy>

/** What two lines must have in common to be one. */
export const lineKey = ({ variant, options, custom }: Pick<CartLine, "variant" | "options" | "custom">): string =>
  JSON.stringify([variant, sorted(options), sorted(custom)])

/**
 * The lines of `into` after those of `from` came in. Lines that match keep the id they have in `into`, and are
 * named by the other one too, so that a device goes on where it was; new ones come first, as the
 * latest, under an id of their own: where the two carts call different things by one id, `~2` is added to it. Quantities are not
 * capped here.
 */
export const mergeLines = (from: ReadonlyArray<CartLine>, into: ReadonlyArray<CartLine>, policy: MergePolicy): ReadonlyArray<CartLine> => {
  const keyOf = policy === "keep-both" ? (line: CartLine) => `${line.id}\n${lineKey(line)}` : lineKey
  const incoming = folded(from, keyOf)
  const standing = folded(into, keyOf)
  const taken = new Set([...standing.values()].map(({ id }) => id))
  const fresh = [...incoming].filter(([key]) => !standing.has(key)).map(([, line]) => ({ ...line, id: free(line.id, taken) }))
  const kept = [...standing].map(([key, line]) => {
    const other = incoming.get(key)
    return other === undefined ? line : { ...joined(line, other), quantity: together(other.quantity, line.quantity, policy) }
  })
  return [...fresh, ...kept]
}

/** Whether an id names a line: its own, or that of a line that came into it. */
export const isNamed = (line: CartLine, id: string): boolean => line.id === id || line.merged?.includes(id) === true

/** A line that goes on being named by the ids of another. */
const joined = (line: CartLine, other: CartLine): CartLine => {
  const merged = [...new Set([...(line.merged ?? []), other.id, ...(other.merged ?? [])])].filter((id) => id !== line.id)
  return merged.length === 0 ? line : { ...line, merged }
}

const free = (id: string, taken: Set<string>): string => {
  let own = id
  for (let n = 2; taken.has(own); n++) own = `${id}~${n}`
  taken.add(own)
  return own
}

const together = (from: number, into: number, policy: MergePolicy): number =>
  policy === "add" ? from + into : policy === "replace" ? from : Math.max(from, into)

/** One line for each key, with the quantities of all. */
const folded = (lines: ReadonlyArray<CartLine>, keyOf: (line: CartLine) => string): ReadonlyMap<string, CartLine> => {
  const byKey = new Map<string, CartLine>()
  for (const line of lines) {
    const known = byKey.get(keyOf(line))
    byKey.set(keyOf(line), known === undefined ? line : { ...joined(known, line), quantity: known.quantity + line.quantity })
  }
  return byKey
}

const sorted = (record: Readonly<Record<string, unknown>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
