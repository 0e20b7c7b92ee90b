import * as Data from "effect/Data"

import type { HoldStatus } from "./model.ts"

/** A line that cannot be had: so much was asked for, so much is free. */
export interface Shortage {
  readonly sku: string
  readonly location: string
  readonly requested: number
  readonly free: number
}

/** Not enough is free. It names every line that is short, so that a caller can offer what there is. */
export class InsufficientStock extends Data.TaggedError("InsufficientStock")<{
  readonly message: string
  readonly shortages: ReadonlyArray<Shortage>
}> {
  /** The error that says what is short. */
  static of(shortages: ReadonlyArray<Shortage>): InsufficientStock {
    const named = shortages.slice(0, 3).map((s) => `${s.requested} of ${s.sku} at ${s.location} (${s.free} free)`)
    const more = shortages.length > 3 ? ` and ${shortages.length - 3} more` : ""
    return new InsufficientStock({
      shortages,
      message: `Not enough is free: ${named.join(", ")}${more}. Ask for less, or see where else it is with availability.`
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
    return new HoldClosed({
      hold,
      status,
      message: `The hold "${hold}" is ${status}: nothing more can be done with it. Hold the stock anew.`
    })
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
  static of(line: Omit<Shortage, "free"> & { readonly hold: string; readonly held: number }): NotHeld {
    const { hold, sku, location, requested, held } = line
    return new NotHeld({
      ...line,
      message: `The hold "${hold}" keeps ${held} of ${sku} at ${location}, not ${requested}. Name no more than it keeps.`
    })
  }
}
