import { RuleError } from "./errors.ts"
import { Failure } from "./failure.ts"
import { defaultLimits, type Limits } from "./limits.ts"
import { program } from "./program.ts"
import type { Rule, RuleOver } from "./rule.ts"
import { snapshot } from "./snapshot.ts"
import { isTruthy } from "./values.ts"

/** A compiled rule. It keeps nothing between runs, and changes neither facts nor rule. */
export interface Condition<Facts = unknown> {
  /** The rule, frozen. */
  readonly rule: Rule
  /** Whether the rule gives something true of these facts. Throws `RuleError`. */
  readonly test: (facts: Facts) => boolean
  /** What the rule gives of these facts: never undefined, and not a copy of what it takes from them. Throws `RuleError`. */
  readonly evaluate: (facts: Facts) => unknown
}

/** How to compile. */
export interface CompileOptions {
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>
}

/**
 * Compiles a rule to closures; no code is made from text, so it runs where `eval` is forbidden.
 *
 * Facts are plain JSON data. A rule reads own properties alone, and never `__proto__`, `constructor` or `prototype`; it
 * ends after bounded work. Throws `InvalidRule`.
 */
export const compile = <Facts = unknown>(rule: RuleOver<Facts>, options: CompileOptions = {}): Condition<Facts> => {
  const limits = { ...defaultLimits, ...options.limits }
  const proven = snapshot(rule, limits)
  const run = program(proven, limits)
  return {
    rule: proven,
    test: (facts) => {
      try {
        const value = run(facts)
        return value === true || isTruthy(value)
      } catch (caught) {
        throw ruleError(caught)
      }
    },
    evaluate: (facts) => {
      try {
        return run(facts)
      } catch (caught) {
        throw ruleError(caught)
      }
    }
  }
}

/** The public form of a failure; anything else is passed on as it is. */
export const ruleError = (caught: unknown): unknown =>
  caught instanceof Failure ? new RuleError({ type: caught.type, detail: caught.detail, message: messageOf(caught) }) : caught

const messageOf = ({ type }: Failure): string => {
  const hint = hints.get(type)
  return `The rule failed with "${type}"${hint === undefined ? "" : `: ${hint}`}. Explain it with these facts to see where.`
}

const hints: ReadonlyMap<string, string> = new Map([
  ["NaN", "something that is no number was calculated or compared with one, or divided by zero"],
  ["Invalid Arguments", "an operator got values that it cannot take"],
  ["Other Currency", "an amount is not given in the currency of the facts"],
  ["Limit Exceeded", "it did more work than its limit allows"]
])
