import { fail, Id, Instant, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { changeStock, type StockChange } from "./change.ts"
import { AlreadyClosed, NotFound } from "./errors.ts"
import { type Inbound, InboundExpected, type InboundLine, Inbounds, Incoming } from "./inbound-model.ts"
import { stockId } from "./lines.ts"
import { LocationId, Sku, type StockKey, StockLine } from "./model.ts"
import { resolve } from "./resolve.ts"

/**
 * Announces what was bought: it is incoming until it is received or closed, and availability counts on it from `expectedAt`. With an
 * `id` of the caller's own, a second call answers what the first one made. Errors: `InvalidInput` as of `receive`.
 */
export const expectPurchase = operation(
  "inventory.expectPurchase",
  z.object({
    lines: z
      .array(StockLine.extend({ expectedAt: Instant.exactOptional() }))
      .min(1)
      .max(1000),
    expectedAt: Instant,
    reference: Id.exactOptional(),
    id: Id.exactOptional()
  }),
  function* (tx, { lines, id = tx.newId("inb"), expectedAt, ...about }) {
    const known = tx.get(Inbounds, id)
    if (known !== undefined) return known
    const { needs } = yield* resolve(tx, "inventory.expectPurchase", lines)
    const dates = new Map(lines.map((line) => [stockId(line), line.expectedAt]))
    return announce(tx, {
      ...about,
      id,
      kind: "purchase",
      status: "open",
      lines: needs.map(({ sku, location, quantity }) => {
        const at = dates.get(stockId({ sku, location })) ?? expectedAt
        return { sku, location, quantity, received: 0, missing: 0, expectedAt: at }
      }),
      expectedAt,
      announcedAt: tx.now
    })
  }
)

/** Writes down an inbound and what it makes stocks expect. */
export const announce = (tx: Tx, inbound: Inbound, changes: ReadonlyArray<StockChange> = []): Inbound => {
  expectMore(tx, inbound, changes)
  tx.emit(InboundExpected, inbound.id, { ...factsOf(inbound), lines: inbound.lines.map(datedOf) })
  return tx.put(Inbounds, inbound.id, inbound)
}

const datedOf = ({ sku, location, quantity, expectedAt }: InboundLine) => ({ sku, location, quantity, expectedAt })

/** What the events about an inbound tell of it. */
export const factsOf = ({ id, kind, reference }: Inbound) => ({ inbound: id, kind, ...(reference === undefined ? {} : { reference }) })

const expectMore = (tx: Tx, { id, lines }: Inbound, changes: ReadonlyArray<StockChange>): void => {
  tx.prefetch(Incoming, lines.map(stockId))
  const also = new Map(changes.map((change) => [stockId(change), change]))
  const more = lines.map(({ sku, location, quantity }) => {
    const change = also.get(stockId({ sku, location }))
    also.delete(stockId({ sku, location }))
    return { sku, location, ...change, incoming: quantity }
  })
  changeStock(tx, [...also.values(), ...more], { reason: "sent", ...(changes.length === 0 ? {} : { reference: id }) })
  const rows = tx.getMany(Incoming, lines.map(stockId))
  lines.forEach((line, i) => {
    const due = [...(rows[i]?.due ?? []), { inbound: id, quantity: line.quantity, expectedAt: line.expectedAt }]
    tx.put(Incoming, stockId(line), { due: due.sort((a, b) => a.expectedAt - b.expectedAt) })
  })
}

/** What a stock expects of an inbound, changed to `quantity` at `expectedAt`; nothing when the quantity is nil. */
export const expectNow = (
  tx: Tx,
  id: string,
  lines: ReadonlyArray<StockKey & { readonly quantity: number; readonly expectedAt: number }>
): void => {
  const rows = tx.getMany(Incoming, lines.map(stockId))
  lines.forEach((line, i) => {
    const others = (rows[i]?.due ?? []).filter(({ inbound }) => inbound !== id)
    const due = line.quantity === 0 ? others : [...others, { inbound: id, quantity: line.quantity, expectedAt: line.expectedAt }]
    if (due.length === 0) tx.remove(Incoming, stockId(line))
    else tx.put(Incoming, stockId(line), { due: due.sort((a, b) => a.expectedAt - b.expectedAt) })
  })
}

/** What of a line has neither come nor gone missing. */
export const openOf = ({ quantity, received, missing }: InboundLine): number => Math.max(0, quantity - received - missing)

/** The inbound, if something of it is still expected. */
export function* openInbound(tx: Tx, id: string): Generator<NotFound | AlreadyClosed, Inbound, unknown> {
  const found = tx.get(Inbounds, id)
  if (found === undefined) return yield* fail(NotFound.of("inbound", id))
  if (found.status === "closed") return yield* fail(AlreadyClosed.of("inbound", id, found.status))
  return found
}

/** Expects an inbound, or some of its articles, at another time. Errors: `NotFound`, `AlreadyClosed`. */
export const rescheduleInbound = operation(
  "inventory.rescheduleInbound",
  z.object({ inbound: Id, expectedAt: Instant, skus: z.array(Sku).min(1).max(1000).exactOptional(), location: LocationId.exactOptional() }),
  function* (tx, { inbound: id, expectedAt, skus, location }) {
    const found = yield* openInbound(tx, id)
    const isMeant = (line: InboundLine) => skus?.includes(line.sku) !== false && (location ?? line.location) === line.location
    const lines = found.lines.map((line) => (isMeant(line) ? { ...line, expectedAt } : line))
    const moved = lines.filter((line) => isMeant(line) && openOf(line) > 0)
    expectNow(
      tx,
      id,
      moved.map((line) => ({ ...line, quantity: openOf(line) }))
    )
    const row = { ...found, lines, expectedAt: skus === undefined && location === undefined ? expectedAt : found.expectedAt }
    tx.emit(InboundExpected, id, { ...factsOf(found), lines: moved.map((line) => ({ ...datedOf(line), quantity: openOf(line) })) })
    return tx.put(Inbounds, id, row)
  }
)
