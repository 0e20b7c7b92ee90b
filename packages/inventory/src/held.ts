import { fail, type Tx } from "@omni/core"

import type { StockChange } from "./change.ts"
import { HoldClosed, HoldNotFound, NotHeld } from "./errors.ts"
import { type Need, stockId, totalPerStock } from "./lines.ts"
import { type Hold, type HoldLine, Holds, type KeptLine, type StockLine } from "./model.ts"

/** The hold if something can still be done with it. Its time may be up before its timer has run. */
export function* openHold(tx: Tx, id: string): Generator<HoldNotFound | HoldClosed, Hold, unknown> {
  const found = tx.get(Holds, id)
  if (found === undefined) return yield* fail(HoldNotFound.of(id))
  if (found.status !== "held") return yield* fail(HoldClosed.of(id, found.status))
  if (found.expiresAt !== undefined && found.expiresAt <= tx.now) return yield* fail(HoldClosed.of(id, "expired"))
  return found
}

/** The lines named, summed, if the hold keeps so much; all that it keeps when none are named. */
export function* heldOf(found: Hold, lines: ReadonlyArray<StockLine> | undefined): Generator<NotHeld, ReadonlyArray<KeptLine>, unknown> {
  if (lines === undefined) return openLines(found)
  const known = new Map(found.lines.map((line) => [stockId(line), line]))
  const kept: Array<KeptLine> = []
  for (const { sku, location, quantity } of totalPerStock(lines)) {
    const line = known.get(stockId({ sku, location }))
    const held = line?.held ?? 0
    if (held < quantity) return yield* fail(NotHeld.of({ hold: found.id, sku, location, requested: quantity, held }))
    kept.push(keptOf(line!, quantity))
  }
  return kept
}

/** All that a hold keeps. */
export const openLines = (found: Hold): ReadonlyArray<KeptLine> =>
  found.lines.filter(({ held }) => held > 0).map((line) => keptOf(line, line.held))

/** So many of a line. */
export const keptOf = ({ sku, location, parts }: Omit<KeptLine, "quantity">, quantity: number): KeptLine =>
  parts === undefined ? { sku, location, quantity } : { sku, location, quantity, parts }

/** What lines need of which stock: kits as they were made up when they were held. */
export const neededBy = (lines: ReadonlyArray<KeptLine>): ReadonlyArray<Need> =>
  lines.every(({ parts }) => parts === undefined)
    ? lines
    : totalPerStock(
        lines.flatMap(({ parts, ...line }): ReadonlyArray<Need> =>
          parts === undefined
            ? [line]
            : parts.map(({ sku, quantity }) => ({ sku, location: line.location, quantity: quantity * line.quantity }))
        )
      )

/** What changes when so much of each stock is promised (1), or is not any more (-1). */
export const promising = (
  needs: ReadonlyArray<Need>,
  sign: 1 | -1,
  purpose: Hold["for"],
  lapsesAt: number | undefined
): ReadonlyArray<StockChange> =>
  needs.map(({ sku, location, quantity }) => {
    const by = sign * quantity
    if (purpose === "order") return { sku, location, allocated: by }
    return lapsesAt === undefined ? { sku, location, reserved: by } : { sku, location, reserved: by, lapses: [[lapsesAt, by]] }
  })

/** The part of a change that is about a promise. */
export const promise = (
  quantity: number,
  purpose: Hold["for"],
  lapsesAt: number | undefined
): Pick<StockChange, "reserved" | "allocated" | "lapses"> => {
  if (purpose === "order") return { allocated: quantity }
  return lapsesAt === undefined ? { reserved: quantity } : { reserved: quantity, lapses: [[lapsesAt, quantity]] }
}

/** Takes lines out of a hold; when nothing is left in it, it has ended. */
export const takeOut = (tx: Tx, found: Hold, lines: ReadonlyArray<KeptLine>, as: "committed" | "released" | "expired"): Hold => {
  const gone = new Map(lines.map((line) => [stockId(line), line.quantity]))
  const rest = found.lines.map((line): HoldLine => {
    const quantity = gone.get(stockId(line)) ?? 0
    const left = { ...line, held: line.held - quantity, committed: line.committed + (as === "committed" ? quantity : 0) }
    return as === "expired" && quantity > 0 ? { ...left, lapsed: quantity } : left
  })
  const open = rest.some((line) => line.held > 0)
  const sold = rest.some((line) => line.committed > 0)
  if (!open && found.expiresAt !== undefined) tx.cancel(timerOf(found.id))
  return tx.put(Holds, found.id, { ...found, lines: rest, status: open ? "held" : sold ? "committed" : as })
}

/** The key of the timer that ends a hold. */
export const timerOf = (id: string): string => `inventory.hold ${id}`
