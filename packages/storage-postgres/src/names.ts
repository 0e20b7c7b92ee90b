import { createHash } from "node:crypto"

/** Tables of ours that hold no collection, and what PostgreSQL names by itself. */
const TAKEN = /^(scope|collection|entry|commit|layout|event(_.*)?)$|_(pkey|idx|key|due)$/

/**
 * The table of a collection: `inventory.stock` is in `inventory_stock`, the kernel's own `omni.timers` in `timers`. A name that makes
 * no plain identifier, or one that is taken, has a hash at its end.
 */
export const tableFor = (collection: string, isTaken: (table: string) => boolean = () => false): string => {
  const plain = (collection.startsWith("omni.") ? collection.slice(5) : collection).replaceAll(/[.-]/g, "_")
  if (/^[a-z][a-z0-9_]{0,54}$/.test(plain) && !TAKEN.test(plain) && !isTaken(plain)) return plain
  const readable = plain
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+/, "")
    .slice(0, 40)
  return `${readable === "" ? "collection" : readable}_${createHash("sha256").update(collection).digest("hex").slice(0, 16)}`
}

/** The channel of a schema's commits. */
export const channelOf = (schema: string): string => `omni_${createHash("sha256").update(schema).digest("hex").slice(0, 16)}`

/**
 * The number of a collection, which follows from its name: so it stays the same where a server has lost the collection and another process
 * has made it again.
 */
export const numberFor = (collection: string, isTaken: (number: number) => boolean = () => false): number => {
  let number = createHash("sha256").update(collection).digest().readUInt32BE() >>> 1
  while (isTaken(number)) number = (number + 1) % 2 ** 31
  return number
}
