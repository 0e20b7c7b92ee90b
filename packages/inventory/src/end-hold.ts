import { fail, Id, operation, refuse } from "@omni/core"
import * as z from "zod"

import { HoldClosed, HoldNotFound } from "./errors.ts"
import { factsOf, release } from "./expire.ts"
import { moveGoods } from "./goods.ts"
import { heldOf, neededBy, openHold, openLines, promise, takeOut } from "./held.ts"
import { GoodsLines, stockId } from "./lines.ts"
import { Holds, Stock, StockCommitted, StockLines } from "./model.ts"
import { namedIn } from "./resolve.ts"
import { notThere } from "./shortage.ts"

/**
 * Takes what is held off the shelf: all of it, or the lines named. What is left of the hold is then released, or kept with
 * `rest: "keep"`. A hold whose time is up cannot be committed, whether or not its timer has run. Lines name lots or serial numbers where
 * articles are tracked; lots that are not named are those that expire first.
 *
 * Errors: `HoldNotFound`, `HoldClosed`, `NotHeld`; `InsufficientStock` when what was promised has not come in yet, or is gone from the
 * shelf; `InvalidInput` about lots and serial numbers.
 */
export const commitHold = operation(
  "inventory.commitHold",
  z.object({
    hold: Id,
    lines: GoodsLines.exactOptional(),
    rest: z.enum(["release", "keep"]).exactOptional(),
    /** Of the movement: "sold" unless told. */
    reason: Id.exactOptional(),
    /** Of the movement: that of the hold unless told. */
    reference: Id.exactOptional()
  }),
  function* (tx, { hold: id, lines, rest = "release", reason = "sold", reference }) {
    const found = yield* openHold(tx, id)
    const taken = yield* heldOf(found, lines)
    const needs = lines === undefined ? neededBy(taken) : namedIn(neededBy(taken), lines)
    const stocks = tx.getMany(Stock, needs.map(stockId)).map((stock) => stock!)
    const missing = notThere(needs, stocks)
    if (missing !== undefined) yield* refuse(tx, missing.shortages[0]!.sku, missing)
    const named = reference ?? found.reference
    const about = named === undefined ? {} : { reference: named }
    yield* moveGoods(tx, "inventory.commitHold", { needs, stocks }, "on-hand", "customer", { reason, ...about }, ({ quantity }) =>
      promise(-quantity, found.for, found.expiresAt)
    )
    const after = takeOut(tx, found, taken, "committed")
    tx.emit(StockCommitted, id, { ...factsOf(found, taken), ...about })
    return rest === "keep" || after.status !== "held" ? after : release(tx, after, "released", openLines(after))
  }
)

/**
 * Gives back what is held: all of it, or the lines named. Releasing all of a hold that was released or has expired changes nothing.
 * Errors: `HoldNotFound`, `HoldClosed` when it was committed, `NotHeld`.
 */
export const releaseHold = operation(
  "inventory.releaseHold",
  z.object({ hold: Id, lines: StockLines.exactOptional() }),
  function* (tx, { hold: id, lines }) {
    const found = tx.get(Holds, id)
    if (found === undefined) return yield* fail(HoldNotFound.of(id))
    if (found.status === "committed") return yield* fail(HoldClosed.of(id, found.status))
    if (found.status !== "held") return lines === undefined ? found : yield* fail(HoldClosed.of(id, found.status))
    if (found.expiresAt !== undefined && found.expiresAt <= tx.now)
      return lines === undefined ? release(tx, found, "expired", openLines(found)) : yield* fail(HoldClosed.of(id, "expired"))
    return release(tx, found, "released", yield* heldOf(found, lines))
  }
)
