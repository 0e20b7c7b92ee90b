import { collection, Count, event, fail, Id, Instant, operation, paged, query, type Tx, Unit } from "@omni/core"
import * as z from "zod"

import { lookAt, takeCounts } from "./count.ts"
import { AlreadyClosed, invalidInput, NotFound } from "./errors.ts"
import { LotLine } from "./lines.ts"
import { LocationId, Sku } from "./model.ts"

/** The most articles that one cycle count is of. */
const MOST = 1000

/** Somebody counts part of a location: what was found waits for approval. */
export const CycleCounts = collection("inventory.counts", {
  schema: z.object({
    id: Id,
    location: LocationId,
    status: z.enum(["open", "approved", "cancelled"]),
    startedAt: Instant,
    reference: Id.exactOptional(),
    /** Which articles are to be counted; all that somebody counts, when none are named. */
    skus: z.array(Sku).max(MOST).exactOptional(),
    counted: z.array(Sku).max(MOST)
  }),
  indexes: { location: ["location", "status", "startedAt"] }
})
export type CycleCount = z.infer<typeof CycleCounts.schema>

/** What was found of an article, and what was expected then; the id is made of the count's and the article's. */
export const CycleCountLines = collection("inventory.countLines", {
  schema: z.object({
    count: Id,
    sku: Sku,
    counted: Count,
    countedAt: Instant,
    expected: z.int(),
    variance: z.int(),
    lots: z.array(LotLine).exactOptional(),
    outcome: z.enum(["matched", "corrected", "superseded"]).exactOptional()
  }),
  indexes: { count: ["count", "sku"] }
})
export type CycleCountLine = z.infer<typeof CycleCountLines.schema>

/** A cycle count was approved; stock was corrected by the variances. Subject: the count. */
export const CountApproved = event(
  "inventory.CountApproved",
  z.object({
    count: Id,
    location: LocationId,
    lines: z.array(z.object({ sku: Sku, counted: Count, expected: z.int(), variance: z.int() }))
  })
)

const lineId = (count: string, sku: string): string => JSON.stringify([count, sku])

/** Begins a cycle count at a location, of these articles or of whatever is found; at most 1,000. Stock goes on being sold meanwhile. */
export const startCount = operation(
  "inventory.startCount",
  z.object({ location: LocationId, skus: z.array(Sku).min(1).max(MOST).exactOptional(), reference: Id.exactOptional() }),
  function* (tx, input) {
    const id = tx.newId("cnt")
    const row: CycleCount = { ...input, id, status: "open", startedAt: tx.now, counted: [] }
    return tx.put(CycleCounts, id, row)
  }
)

/**
 * Notes what was found, as of when it was counted; an article that was counted before is counted anew. Nothing is corrected yet. Answers
 * what was expected and by how much they differ. Errors: `NotFound`, `AlreadyClosed`, `InvalidInput` as of `count` and for an article
 * that is not to be counted.
 */
export const recordCount = operation(
  "inventory.recordCount",
  z.object({
    count: Id,
    lines: z
      .array(
        z.object({
          sku: Sku,
          quantity: z.int().min(0).max(1_000_000_000),
          unit: Unit.exactOptional(),
          countedAt: Instant.exactOptional(),
          lots: z.array(LotLine).max(100).exactOptional()
        })
      )
      .min(1)
      .max(MOST)
  }),
  function* (tx, { count: id, lines }) {
    const found = yield* openCount(tx, id)
    const strange = lines.flatMap(({ sku }, i) =>
      found.skus === undefined || found.skus.includes(sku) ? [] : [{ path: `lines.${i}.sku`, message: `${sku} is not part of this count` }]
    )
    const counted = [...new Set([...found.counted, ...lines.map(({ sku }) => sku)])]
    if (counted.length > MOST) strange.push({ path: "lines", message: `a count is of at most ${MOST} articles: start another` })
    if (strange.length > 0) return yield* fail(invalidInput("inventory.recordCount", strange))
    const dated = lines.map((line) => ({ ...line, location: found.location, countedAt: line.countedAt ?? tx.now }))
    const looked = yield* lookAt(tx, "inventory.recordCount", dated)
    tx.put(CycleCounts, id, { ...found, counted })
    return looked.map(({ line: { sku, quantity, countedAt, lots }, expected, variance }): CycleCountLine => {
      const row = { count: id, sku, counted: quantity, countedAt, expected, variance, ...(lots === undefined ? {} : { lots }) }
      return tx.put(CycleCountLines, lineId(id, sku), row)
    })
  }
)

/**
 * Takes over what was counted, each article as of when it was counted: what has moved since is kept. Answers each line with its variance
 * as it is known now. Errors: `NotFound`, `AlreadyClosed`, `InvalidInput` when a tracked article has moved since.
 */
export const approveCount = operation("inventory.approveCount", z.object({ count: Id }), function* (tx, { count: id }) {
  const found = yield* openCount(tx, id)
  const rows = tx
    .getMany(
      CycleCountLines,
      found.counted.map((sku) => lineId(id, sku))
    )
    .map((row) => row!)
  const asked = rows.map(({ sku, counted, countedAt, lots }) => ({
    sku,
    location: found.location,
    quantity: counted,
    countedAt,
    ...(lots === undefined ? {} : { lots })
  }))
  const taken =
    asked.length === 0
      ? []
      : yield* takeCounts(tx, "inventory.approveCount", asked, { reason: "counted", reference: found.reference ?? id })
  taken.forEach(({ sku, expected, variance, outcome }, i) =>
    tx.put(CycleCountLines, lineId(id, sku), { ...rows[i]!, expected, variance, outcome })
  )
  tx.put(CycleCounts, id, { ...found, status: "approved" })
  tx.emit(CountApproved, id, {
    count: id,
    location: found.location,
    lines: taken.map(({ sku, counted, expected, variance }) => ({ sku, counted, expected, variance }))
  })
  return taken
})

/** Gives a cycle count up; nothing is corrected. Errors: `NotFound`, `AlreadyClosed`. */
export const cancelCount = operation("inventory.cancelCount", z.object({ count: Id }), function* (tx, { count: id }) {
  return tx.put(CycleCounts, id, { ...(yield* openCount(tx, id)), status: "cancelled" })
})

function* openCount(tx: Tx, id: string): Generator<NotFound | AlreadyClosed, CycleCount, unknown> {
  const found = tx.get(CycleCounts, id)
  if (found === undefined) return yield* fail(NotFound.of("count", id))
  if (found.status !== "open") return yield* fail(AlreadyClosed.of("count", id, found.status))
  return found
}

/** A cycle count with its variances, by sku, in pages of 50 unless told. Errors: `NotFound`. */
export const countReport = query("inventory.countReport", z.object({ count: Id, ...paged }), function* (view, { count: id, ...page }) {
  const count = view.get(CycleCounts, id)
  if (count === undefined) return yield* fail(NotFound.of("count", id))
  return { count, ...view.find(CycleCountLines, "count", { equals: [id], ...page }) }
})
