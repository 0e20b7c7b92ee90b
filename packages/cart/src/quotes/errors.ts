import * as Data from "effect/Data"

import { type Quote, type QuoteChange, quoteMachine, type QuoteStatus } from "./model.ts"

/** There is no such quote. */
export class QuoteNotFound extends Data.TaggedError("QuoteNotFound")<{ readonly message: string; readonly quote: string }> {
  /** The error about what was looked up. */
  static of(quote: string): QuoteNotFound {
    return new QuoteNotFound({ quote, message: `There is no quote "${quote}".` })
  }
}

/** What a quote is does not allow this change. */
export class IllegalQuoteChange extends Data.TaggedError("IllegalQuoteChange")<{
  readonly message: string
  readonly quote: string
  readonly status: QuoteStatus
  readonly change: QuoteChange
}> {
  /** The error about a quote, with the states that would allow it. */
  static of({ id, status }: Quote, change: QuoteChange): IllegalQuoteChange {
    const message = `The quote "${id}" is ${status}; "${change}" needs one that is ${quoteMachine[change].from.join(" or ")}.`
    return new IllegalQuoteChange({ quote: id, status, change, message })
  }
}

/** The offer holds no longer, or the time that was named has passed. Ask for a new one. */
export class QuoteOver extends Data.TaggedError("QuoteOver")<{ readonly message: string; readonly quote: string; readonly until: number }> {
  /** The error about a quote. */
  static of({ id: quote, until }: Pick<Quote, "id" | "until">): QuoteOver {
    return new QuoteOver({ quote, until, message: `The quote "${quote}" held until ${until} (epoch milliseconds). Ask for a new one.` })
  }
}

const problems = {
  "unknown-line": "is no line of the quote",
  "no-price": "is given no price: an offer names one for every line",
  currency: "is priced in another currency than the quote's"
} as const

/** A price that was named does not fit the quote, or one is missing: `reason` says which. */
export class QuotePriceInvalid extends Data.TaggedError("QuotePriceInvalid")<{
  readonly message: string
  readonly line: string
  readonly reason: keyof typeof problems
}> {
  /** The error about a line. */
  static of(line: string, reason: keyof typeof problems): QuotePriceInvalid {
    return new QuotePriceInvalid({ line, reason, message: `"${line}" ${problems[reason]}.` })
  }
}
