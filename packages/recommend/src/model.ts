import { collection, event, Id, Instant } from "@omni/core"
import * as z from "zod"

/** How somebody showed interest: bought it, put it into a cart, looked at it. */
export const InterestKind = z.enum(["order", "cart", "view"])
export type InterestKind = z.infer<typeof InterestKind>

/** An order, a cart or a view as a history remembers it. */
const Remembered = z
  .object({
    id: z.string(),
    at: z.number(),
    items: z.array(z.string()).readonly(),
    /** How many of each item were ordered; absent where it was one of each. */
    quantities: z.array(z.number()).readonly().exactOptional(),
    /** What of an order came back: it is not among its items, and is not again when the order is told once more. */
    back: z.array(z.string()).readonly().exactOptional()
  })
  .readonly()

/** What one person bought, put into carts or looked at: the baskets of one kind, the latest first. Sealed with the person's key. */
export const HistoryRow = z
  .object({
    kind: InterestKind,
    /** A customer or a session; absent where a sale is kept for what goes together alone, or that it was cancelled: then no items are left of it. */
    person: z.string().exactOptional(),
    segment: z.string().exactOptional(),
    at: z.number(),
    baskets: z.array(Remembered).readonly().exactOptional()
  })
  .readonly()
export type HistoryRow = z.infer<typeof HistoryRow>

/** Histories by `historyId`, and orders of nobody known by `orderId`. They are what models are learnt from, and change in the commit of what they tell. */
export const Histories = collection("recommend.histories", {
  schema: HistoryRow,
  personal: { subject: ({ person }) => person, fields: ["baskets", "segment"] },
  indexes: { at: ["at"] }
})

/** A recommendation that was shown, as its person's row remembers it. `told`: outcomes that were told already, "order shaver". */
export const Showing = z
  .object({
    id: z.string(),
    at: z.number(),
    slot: z.string(),
    items: z.array(z.string()).readonly(),
    model: z.string().exactOptional(),
    experiment: z.string().exactOptional(),
    variant: z.string().exactOptional(),
    told: z.array(z.string()).readonly()
  })
  .readonly()
export type Showing = z.infer<typeof Showing>

/** The variant of an experiment that a person is in, since when, and which steps were reached. */
export const Enrolment = z
  .object({ experiment: z.string(), variant: z.string(), at: z.number(), reached: z.array(z.string()).readonly() })
  .readonly()
export type Enrolment = z.infer<typeof Enrolment>

/** What was shown to a person lately, and the experiments the person is part of. Sealed with the person's key. */
export const Showings = collection("recommend.showings", {
  schema: z
    .object({
      person: z.string(),
      shown: z.array(Showing).readonly().exactOptional(),
      enrolments: z.array(Enrolment).readonly().exactOptional()
    })
    .readonly(),
  personal: { subject: ({ person }) => person, fields: ["shown", "enrolments"] }
})

/** Until when a customer was told what runs out, however late the telling came. */
export const Supplies = collection("recommend.supplies", {
  schema: z.object({ person: z.string(), toldUntil: z.number() }).readonly()
})

/** How many people of a variant reached a step, by `tallyId`. */
export const Tallies = collection("recommend.tallies", {
  schema: z
    .object({
      counts: z.record(z.string(), z.int().nonnegative()).readonly(),
      /** When it was counted last. */
      at: z.number().exactOptional()
    })
    .readonly()
})

/** Whether a model is to be built, who builds it, and until when that holds. One row. */
export const Learning = collection("recommend.learning", {
  schema: z
    .object({
      /** A timer will say that there is something to learn. */
      scheduled: z.boolean(),
      /** Since when there is. */
      dueAt: z.number().exactOptional(),
      /** Who builds, since when, and when that turn is over. */
      turn: z.object({ builder: z.string(), since: z.number(), until: z.number() }).readonly().exactOptional()
    })
    .readonly()
})

/** A version of a model: what it was learnt from, and whether all of its rows are there. */
export const ModelVersion = z
  .object({
    name: z.string(),
    builtAt: z.number(),
    /** The instant that it is true of. */
    at: z.number(),
    status: z.enum(["building", "ready"]),
    histories: z.int().nonnegative(),
    baskets: z.int().nonnegative(),
    items: z.int().nonnegative(),
    settings: z.record(z.string(), z.unknown()).readonly()
  })
  .readonly()
export type ModelVersion = z.infer<typeof ModelVersion>

/** Versions of models by their ids. */
export const Models = collection("recommend.models", { schema: ModelVersion, indexes: { name: ["name", "builtAt"] } })

/** Which version serves under a name. It is one row, so every process serves the same one from the same moment on. */
export const Serving = collection("recommend.serving", {
  schema: z
    .object({
      version: z.string(),
      /** Earlier versions whose rows are still there, the latest first. */
      previous: z.array(z.string()).readonly(),
      /** Later ones that were gone back from, the latest first: they are there until another is learnt to serve. */
      later: z.array(z.string()).readonly().exactOptional(),
      /** Nothing takes its place until it is let go. */
      pinned: z.boolean(),
      settings: z.record(z.string(), z.unknown()).readonly()
    })
    .readonly()
})

/**
 * What a version knows of an item, by `rowId`. The columns of its neighbours are texts, an entry a line: a recommendation reads dozens of such rows, and
 * texts are read several times as fast as arrays.
 */
export const ModelItems = collection("recommend.items", {
  schema: z
    .object({
      of: z.number(),
      items: z.string(),
      weights: z.string(),
      together: z.string(),
      recent: z.number(),
      again: z.number(),
      rhythm: z.object({ interval: z.number(), seen: z.number() }).readonly().exactOptional()
    })
    .readonly()
})

/** What sells in a segment and a season, most first, by `popularId`; columns as those of `ModelItems`. */
export const ModelPopular = collection("recommend.popular", {
  schema: z
    .object({
      items: z.string(),
      weights: z.string(),
      bases: z.string().exactOptional(),
      recent: z.string().exactOptional(),
      again: z.string().exactOptional()
    })
    .readonly()
})

/** Whose an event is: what it says of them is sealed with their key. */
const whose = ({ person }: { readonly person?: string }): string | undefined => person

/** Something was bought, put into a cart or looked at. Subject: the basket. The person and the items are there when consent to personalisation is. */
export const InterestRecorded = event(
  "recommend.InterestRecorded",
  z.object({ kind: InterestKind, basket: Id, person: Id.exactOptional(), items: z.array(Id).exactOptional() }),
  { personal: { subject: whose, fields: ["items"] } }
)

const served = {
  showing: Id,
  slot: Id,
  model: Id.exactOptional(),
  experiment: Id.exactOptional(),
  variant: Id.exactOptional(),
  person: Id.exactOptional()
}

/** Items were shown in a slot, in this order. Subject: the showing. The person is there when consent to personalisation is. */
export const RecommendationShown = event("recommend.RecommendationShown", z.object({ ...served, items: z.array(Id).exactOptional() }), {
  personal: { subject: whose, fields: ["items"] }
})

/** Somebody followed a recommendation. Subject: the showing. */
export const RecommendationClicked = event("recommend.RecommendationClicked", z.object({ ...served, item: Id.exactOptional() }), {
  personal: { subject: whose, fields: ["item"] }
})

/** What was recommended came into a cart or was bought within the attribution window. Subject: the showing. */
export const RecommendationConverted = event(
  "recommend.RecommendationConverted",
  z.object({ ...served, item: Id.exactOptional(), outcome: z.enum(["cart", "order"]), shownAt: Instant }),
  { personal: { subject: whose, fields: ["item"] } }
)

/** A step that people of an experiment reach: they entered, clicked, put something into a cart, ordered; all but the first within the window. */
export const ExperimentStep = z.enum(["entered", "clicked", "carted", "ordered", "orderedShown"])
export type ExperimentStep = z.infer<typeof ExperimentStep>

/** A person of an experiment reached a step for the first time. Subject: the experiment. */
export const ExperimentReached = event("recommend.ExperimentReached", z.object({ experiment: Id, variant: Id, step: ExperimentStep }))

/** A version of a model serves from now on; `rolledBack` when somebody chose it, and it was not learnt just now. Subject: the name. */
export const ModelActivated = event(
  "recommend.ModelActivated",
  z.object({ name: Id, version: Id, previous: Id.exactOptional(), rolledBack: z.boolean() })
)

/** What a customer buys regularly runs out soon. Subject: the customer. */
export const ReplenishmentDue = event(
  "recommend.ReplenishmentDue",
  z.object({ customer: Id, items: z.array(z.object({ item: Id, every: z.number(), expectedAt: Instant })).exactOptional() }),
  { personal: { subject: ({ customer }) => customer, fields: ["items"] } }
)

/** The key of a person's history of a kind. */
export const historyId = (kind: InterestKind, person: string): string => `${kind}/${person}`

/** The key of what is known of an order without a person: a sale of nobody known, or that it was cancelled. It is no person's, whatever they are called. */
export const orderId = (order: string): string => `sale/${order}`

/** The key of what a version knows of an item. */
export const rowId = (version: string, item: string): string => `${version}/${item}`

/** The key of what is popular: in a segment, in a season, in both, or in neither. */
export const popularId = (version: string, segment = "", season = ""): string =>
  `${version}/${encodeURIComponent(segment)}/${encodeURIComponent(season)}`

/** The key of a variant's tally. */
export const tallyId = (experiment: string, variant: string): string => `${encodeURIComponent(experiment)}/${encodeURIComponent(variant)}`

/** Ids as a column of a row: they have no line breaks. */
export const idColumn = (ids: ReadonlyArray<string>): string => ids.join("\n")

export const idsIn = (column: string): ReadonlyArray<string> => (column === "" ? [] : column.split("\n"))

/** Numbers as a column of a row, to six digits. */
export const numberColumn = (numbers: ReadonlyArray<number>): string => numbers.map((value) => Number(value.toPrecision(6))).join(",")

export const numbersIn = (column: string): ReadonlyArray<number> => JSON.parse(`[${column}]`) as ReadonlyArray<number>
