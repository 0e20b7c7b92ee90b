import * as z from "zod"

import { utf8Length } from "./plain/text.ts"

/** The longest id, in UTF-16 code units. */
const MAX = 200

/** What a store's key holds of UTF-8 at most, see `Key`: 170 letters of Japanese, say. */
const MAX_BYTES = 512

/**
 * An id of something of kind `K`. Any text is accepted where an id is expected, but an `Id<"order">` is refused where an
 * `Id<"customer">` is: the brand is optional, so it costs neither a cast nor a byte.
 */
export type Id<K extends string = string> = string & { readonly __id?: K }

/** An id: 1 to 200 characters and at most 512 bytes of UTF-8, no control characters, no lone surrogates. */
export const Id = z
  .string()
  .min(1)
  .max(MAX)
  .refine((id) => !/[\p{Cc}\p{Cs}]/u.test(id), {
    error: "An id must not hold control characters or broken surrogate pairs"
  })
  .refine((id) => id.length * 3 <= MAX_BYTES || utf8Length(id) <= MAX_BYTES, {
    error: `An id must not be longer than ${MAX_BYTES} bytes of UTF-8`
  })

/** The schema of the ids of one kind: `idOf<"customer">()`. It checks what `Id` checks. */
export const idOf = <K extends string>(): z.ZodType<Id<K>, Id<K>> => Id

/** The id that something has in another system. An app keeps the ids that it has: `{ source: "shopify", id: "gid://…" }`. */
export interface ExternalId {
  readonly source: string
  readonly id: string
}

/** See the type `ExternalId`. */
export const ExternalId: z.ZodType<ExternalId, ExternalId> = z.object({ source: Id, id: Id }).readonly()
