import { InvalidInput } from "@omni/core"
import * as Data from "effect/Data"

import type { HoldStatus } from "./model.ts"

/**
 * Why a line is short: `out-of-stock`; `insufficient`: there is less; `reserved`: there is enough, but it is promised to others;
 * `kept-back`: there is enough, but this channel may not have it; `not-sold-from-here`: the channel does not sell from this location.
 */
export type ShortageCode = "out-of-stock" | "insufficient" | "reserved" | "kept-back" | "not-sold-from-here"

/** A line that cannot be had: so much was asked for, so much can be had, and why not more. */
export interface Shortage {
  readonly sku: string
  readonly location: string
  readonly requested: number
  readonly available: number
  readonly code: ShortageCode
}

/** Not enough is available. It names every line that is short, so that a caller can offer what there is. */
export class InsufficientStock extends Data.TaggedError("InsufficientStock")<{
  readonly message: string
  readonly shortages: ReadonlyArray<Shortage>
}> {
  /** The error that says what is short. */
  static of(shortages: ReadonlyArray<Shortage>): InsufficientStock {
    const named = shortages.slice(0, 3).map((s) => `${s.requested} of ${s.sku} at ${s.location} (${s.available} available)`)
    const more = shortages.length > 3 ? ` and ${shortages.length - 3} more` : ""
    return new InsufficientStock({
      shortages,
      message: `Not enough is available: ${named.join(", ")}${more}. Ask for less, or see where else it is with availability.`
    })
  }
}

/** No hold has this id. */
export class HoldNotFound extends Data.TaggedError("HoldNotFound")<{ readonly message: string; readonly hold: string }> {
  /** The error about an id. */
  static of(hold: string): HoldNotFound {
    return new HoldNotFound({ hold, message: `There is no hold "${hold}". Holds are named by the id that hold answered.` })
  }
}

/** The hold has ended, and how; a hold ends once. */
export class HoldClosed extends Data.TaggedError("HoldClosed")<{
  readonly message: string
  readonly hold: string
  readonly status: Exclude<HoldStatus, "held">
}> {
  /** The error about a hold that ended as `status`. */
  static of(hold: string, status: Exclude<HoldStatus, "held">): HoldClosed {
    const next = status === "expired" ? "Hold the stock anew, with rehold where it is still there." : "Hold the stock anew."
    return new HoldClosed({ hold, status, message: `The hold "${hold}" is ${status}: nothing more can be done with it. ${next}` })
  }
}

/** More was named than the hold still keeps of it. */
export class NotHeld extends Data.TaggedError("NotHeld")<{
  readonly message: string
  readonly hold: string
  readonly sku: string
  readonly location: string
  readonly requested: number
  readonly held: number
}> {
  /** The error about a line of a hold. */
  static of(line: Pick<Shortage, "sku" | "location" | "requested"> & { readonly hold: string; readonly held: number }): NotHeld {
    const { hold, sku, location, requested, held } = line
    return new NotHeld({
      ...line,
      message: `The hold "${hold}" keeps ${held} of ${sku} at ${location}, not ${requested}. Name no more than it keeps.`
    })
  }
}

/** What was believed to be on hand when it was counted was not: somebody else has changed it. Count again. */
export class StaleCount extends Data.TaggedError("StaleCount")<{
  readonly message: string
  readonly sku: string
  readonly location: string
  readonly believed: number
  readonly onHand: number
}> {
  /** The error about a line of a count. */
  static of(line: { readonly sku: string; readonly location: string; readonly believed: number; readonly onHand: number }): StaleCount {
    const { sku, location, believed, onHand } = line
    return new StaleCount({
      ...line,
      message: `${sku} at ${location} was counted on the belief that ${believed} were on hand; there were ${onHand}. Read the stock and count again.`
    })
  }
}

/** A thing of the inventory that was named is not there: an inbound, a count, an article. */
export class NotFound extends Data.TaggedError("NotFound")<{ readonly message: string; readonly kind: string; readonly id: string }> {
  /** The error about an id. */
  static of(kind: "inbound" | "count", id: string): NotFound {
    return new NotFound({ kind, id, message: `There is no ${kind} "${id}". It is named by the id that was answered when it was made.` })
  }
}

/** An inbound or a count that has ended; nothing more can be done with it. */
export class AlreadyClosed extends Data.TaggedError("AlreadyClosed")<{
  readonly message: string
  readonly kind: string
  readonly id: string
  readonly status: string
}> {
  /** The error about what ended as `status`. */
  static of(kind: "inbound" | "count", id: string, status: string): AlreadyClosed {
    return new AlreadyClosed({ kind, id, status, message: `The ${kind} "${id}" is ${status}: nothing more can be done with it.` })
  }
}

/** What is wrong with a field of an input: `path` as "lines.2.sku". */
export interface Problem {
  readonly path: string
  readonly message: string
}

/** The kernel's error about input, for what only the stock itself can tell: an unknown article, a wrong unit, a count in the future. */
export const invalidInput = (operation: string, issues: ReadonlyArray<Problem>): InvalidInput =>
  new InvalidInput({
    operation,
    issues,
    message: `The input of "${operation}" does not fit: ${issues.map(({ path, message }) => `${path}: ${message}`).join("; ")}`
  })
