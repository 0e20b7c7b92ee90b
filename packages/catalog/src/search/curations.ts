import { collection, fail, Id, Instant, operation, type Page, paged, query, type View } from "@omni/core"
import * as z from "zod"

import type { SalesChannel } from "../content/model.ts"
import { ChannelNotFound } from "../errors.ts"
import { keyOf } from "../key.ts"
import { searchWords, unaccented } from "./words.ts"

/** The text that was typed: what is compared are its words, without accents and in small letters. */
const Query = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => wordsOf(text) !== "", { error: "Write at least one word" })

/**
 * What somebody has decided about a query. `pinned`: products that come first, in this order, as long as they are shown and meet what is chosen; `hidden`: products that
 * are not found by it. On one channel or on all, for a time.
 */
export const Curation = z
  .object({
    query: Query,
    channel: Id.exactOptional(),
    pinned: z.array(Id).max(50).readonly().default([]),
    hidden: z.array(Id).max(200).readonly().default([]),
    from: Instant.exactOptional(),
    /** The first moment at which it does not hold any more. */
    until: Instant.exactOptional()
  })
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, { path: ["until"], error: "Later than `from`" })
  .refine(({ pinned, hidden }) => pinned.every((id) => !hidden.includes(id)), { path: ["hidden"], error: "Others than those pinned" })
  .readonly()
export type Curation = z.output<typeof Curation>

/** Curations by query and channel. */
export const Curations = collection("search.curations", { schema: Curation })

const wordsOf = (text: string): string =>
  searchWords(text)
    .map((word) => unaccented(word.text))
    .join(" ")

const curationId = (text: string, channel: string | undefined): string => keyOf(JSON.stringify([wordsOf(text), channel ?? ""]))

/** What is decided now about a text on a channel, which goes before what is decided for all; `undefined`: nothing. One load. */
export const curationOf = (view: View, text: string, channel: string): Pick<Curation, "pinned" | "hidden"> | undefined => {
  if (wordsOf(text) === "") return undefined
  const rows = view.getMany(Curations, [curationId(text, channel), curationId(text, undefined)])
  const found = rows.find((row) => row !== undefined && (row.from ?? -Infinity) <= view.now && view.now < (row.until ?? Infinity))
  return found === undefined ? undefined : { pinned: found.pinned, hidden: found.hidden }
}

/** The operations and the query of curations, for the channels of a search. */
export const curating = (channels: ReadonlyMap<string, SalesChannel>) => ({
  operations: {
    /** Decides what a query finds first, and what it does not find; in place of what was decided before. Refuses `ChannelNotFound`. */
    putCuration: operation("search.putCuration", Curation, function* (tx, curation) {
      const { channel, query: text } = curation
      if (channel !== undefined && !channels.has(channel)) {
        const message = `There is no channel "${channel}". The search was given: ${[...channels.keys()].join(", ")}.`
        return yield* fail(new ChannelNotFound({ channel, message }))
      }
      return tx.put(Curations, curationId(text, channel), curation)
    }),

    /** Takes back what was decided about a query, on a channel or on all. */
    removeCuration: operation("search.removeCuration", z.object({ query: Query, channel: Id.exactOptional() }), function* (tx, of) {
      tx.remove(Curations, curationId(of.query, of.channel))
    })
  },
  queries: {
    /** All that is decided, in pages. */
    curations: query("search.curations", z.object(paged), function* (view, part): Generator<
      never,
      Page<{ readonly id: string; readonly row: Curation }>,
      unknown
    > {
      return view.find(Curations, "id", part)
    })
  }
})
