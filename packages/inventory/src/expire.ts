import { Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { changeStock } from "./change.ts"
import { neededBy, openLines, promising, takeOut } from "./held.ts"
import { type Hold, Holds, type KeptLine, StockReleased } from "./model.ts"

/** Ends a hold whose time is up. Run by the timer that `hold` sets; what it kept was available before. */
export const expireHold = operation("inventory.expireHold", z.object({ hold: Id }), function* (tx, input) {
  const found = tx.get(Holds, input.hold)
  if (found?.status !== "held" || found.expiresAt === undefined || found.expiresAt > tx.now) return
  release(tx, found, "expired", openLines(found))
})

/** Gives lines of a hold back. */
export const release = (tx: Tx, found: Hold, cause: "released" | "expired", lines: ReadonlyArray<KeptLine>): Hold => {
  changeStock(tx, promising(neededBy(lines), -1, found.for, found.expiresAt), { reason: cause })
  tx.emit(StockReleased, found.id, { ...factsOf(found, lines), cause })
  return takeOut(tx, found, lines, cause)
}

/** What the events about a hold tell of it. */
export const factsOf = ({ id, reference, for: purpose }: Hold, lines: ReadonlyArray<KeptLine>) => ({
  hold: id,
  lines: [...lines],
  ...(reference === undefined ? {} : { reference }),
  ...(purpose === undefined ? {} : { for: purpose })
})
