import * as z from "zod"

import { withAhead } from "./ahead.ts"
import { type Contents, inOrder, isNamed, isRemoved, latest, lineKey, renamed, whenSet, withRemoved, withWaiting } from "./contents.ts"
import type { CartLine } from "./model.ts"

/**
 * How lines of two carts come together. Lines match when variant, options and custom data are equal; what matches nothing is kept.
 *
 * - `max`: the greater quantity. Commutative, associative and idempotent, so it may be repeated without harm.
 * - `add`: the sum. Commutative and associative; each source cart counts once.
 * - `replace`: the quantity that was said last, by the time of the change. Commutative, associative, idempotent.
 * - `keep-both`: nothing matches but what has one line id too, of which the greater quantity stays. Commutative, associative, idempotent.
 * - `incoming-quantity`: the quantity of the cart that comes in, whenever it was said. Idempotent.
 * - `use-incoming`, `use-existing`: the lines of one cart alone.
 * - `use-incoming-if-empty`: the lines of the cart that comes in only where the other has none.
 */
export const MergePolicy = z.enum([
  "max",
  "add",
  "replace",
  "keep-both",
  "incoming-quantity",
  "use-incoming",
  "use-existing",
  "use-incoming-if-empty"
])
export type MergePolicy = z.infer<typeof MergePolicy>

type Lines = ReadonlyArray<CartLine>

/**
 * The lines of `into` after those of `from` came in. Lines that match keep the id they have in `into`, and are
 * named by the other one too, so that a device goes on where it was; new ones come first, as the
 * latest, under an id of their own: where the two carts call different things by one id, `~2` is added to it. Quantities are not
 * capped here.
 */
export const mergeLines = (from: Lines, into: Lines, policy: MergePolicy): Lines => {
  if (policy === "use-incoming") return from
  if (policy === "use-existing") return into
  if (policy === "use-incoming-if-empty") return into.length === 0 ? from : into
  const keyOf = policy === "keep-both" ? (line: CartLine) => `${line.id}\n${lineKey(line)}` : lineKey
  const incoming = folded(from, keyOf)
  const standing = folded(into, keyOf)
  const taken = new Set([...standing.values()].map(({ id }) => id))
  const fresh = [...incoming].filter(([key]) => !standing.has(key)).map(([, line]) => renamed(line, free(line.id, taken)))
  const kept = [...standing].map(([key, line]) => {
    const other = incoming.get(key)
    return other === undefined ? line : counted(joined(line, other), other, together(other, line, policy))
  })
  return [...fresh, ...kept]
}

/** What a cart holds after another came into it; what either has removed is gone. */
export const mergeContents = (from: Contents, into: Contents, policy: MergePolicy): Contents => {
  const removed = withRemoved(from.removed ?? [], into.removed ?? [])
  const waiting = (from.waiting ?? []).reduce(withWaiting, into.waiting ?? [])
  const ahead = withAhead(from.ahead ?? [], into.ahead ?? [])
  const lines = mergeLines(from.lines, into.lines, policy).filter((line) => !isRemoved({ lines: [], removed }, line.id, line.variant))
  return {
    lines: inOrder(lines),
    ...(removed.length === 0 ? {} : { removed }),
    ...(ahead.length === 0 ? {} : { ahead }),
    ...(waiting.length === 0 ? {} : { waiting: waiting.filter((one) => !lines.some((line) => isNamed(line, one.line))) })
  }
}

/** A line that goes on being named by the ids of another. */
const joined = (line: CartLine, other: CartLine): CartLine => {
  const merged = [...new Set([...(line.merged ?? []), other.id, ...(other.merged ?? [])])].filter((id) => id !== line.id)
  return merged.length === 0 ? line : { ...line, merged }
}

/**
 * So many of a line that another came into: said when the last of the two was changed, so that what was told to either before, and is told
 * again, has been counted.
 */
const counted = (line: CartLine, other: CartLine, quantity: number): CartLine => {
  const [mine, theirs] = [latest(line), latest(other)]
  const last = theirs.at > mine.at || (theirs.at === mine.at && theirs.id > mine.id) ? theirs : mine
  if (quantity === line.quantity && theirs.at === mine.at && theirs.id === mine.id) return line
  const { adds: _, set: _s, ...rest } = line
  return { ...whenSet(rest, { ...last, quantity }), quantity }
}

const free = (id: string, taken: Set<string>): string => {
  let own = id
  for (let n = 2; taken.has(own); n++) own = `${id}~${n}`
  taken.add(own)
  return own
}

const together = (from: CartLine, into: CartLine, policy: MergePolicy): number => {
  if (policy === "add") return from.quantity + into.quantity
  if (policy === "incoming-quantity") return from.quantity
  const greater = Math.max(from.quantity, into.quantity)
  if (policy !== "replace") return greater
  const [theirs, mine] = [latest(from), latest(into)]
  if (theirs.at === mine.at && theirs.id === mine.id) return greater
  return theirs.at > mine.at || (theirs.at === mine.at && theirs.id > mine.id) ? from.quantity : into.quantity
}

/** One line for each key, with the quantities of all. */
const folded = (lines: Lines, keyOf: (line: CartLine) => string): ReadonlyMap<string, CartLine> => {
  const byKey = new Map<string, CartLine>()
  for (const line of lines) {
    const known = byKey.get(keyOf(line))
    byKey.set(keyOf(line), known === undefined ? line : counted(joined(known, line), line, known.quantity + line.quantity))
  }
  return byKey
}
