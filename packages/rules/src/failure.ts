/**
 * What travels while a rule fails: no stack and no message, because a rule may fail on every one of a million facts.
 * It never leaves the package; the outside sees `RuleError`.
 */
export class Failure {
  readonly type: string
  readonly detail: unknown
  constructor(type: string, detail: unknown) {
    this.type = type
    this.detail = detail
  }
}

const failure = (type: string): Failure => new Failure(type, Object.freeze({ type }))

/** Something that is no number was calculated or compared with. */
export const notANumber = failure("NaN")

/** Arguments that were known only now do not fit the operator. */
export const invalidArguments = failure("Invalid Arguments")

/** The run cost more than its limit of work. */
export const limitExceeded = failure("Limit Exceeded")

/** An amount is not given in the currency of the facts. */
export const otherCurrency = failure("Other Currency")
