import type { InvalidRule } from "./errors.ts"
import { invalidArguments } from "./failure.ts"
import type { Limits } from "./limits.ts"
import { operationOf, type Rule, type RulePath } from "./rule.ts"
import type { Scope } from "./scope.ts"
import type { Read } from "./sites.ts"

/** A compiled rule. Throws `Failure`. */
export type Evaluate = (data: unknown, scope: Scope) => unknown

/** Where an operation stands while it is compiled, and what it may ask there. Paths are relative to its arguments. */
export interface Site {
  readonly limits: Limits
  /** False when every part has to be seen running, so that no operator may swallow its arguments. */
  readonly mayFold: boolean
  /** A part that reads the same data. */
  readonly part: (rule: Rule, ...step: RulePath) => Evaluate
  /** A part that reads elements, or data made on the way. */
  readonly inner: (rule: Rule, ...step: RulePath) => Evaluate
  /** Reads a path of keys in the data of this operation. */
  readonly reader: (keys: ReadonlyArray<string>) => Read
  readonly invalid: (expected: string, found: unknown, ...step: RulePath) => InvalidRule
}

/** Compiles one kind of operation. Throws `InvalidRule` when its arguments can never fit. */
export type Operator = (args: Rule, site: Site) => Evaluate

/** How many arguments an operator takes; without `most` there is no end. */
export interface Arity {
  readonly least: number
  readonly most?: number
}

/** Arguments that the operator evaluates when it wants to: they have to be written as a list. */
export const lazyArguments = (args: Rule, site: Site, arity: Arity): ReadonlyArray<Rule> => {
  if (!Array.isArray(args)) throw site.invalid("a list of arguments", args)
  if (!fits(args, arity)) throw site.invalid(arityText(arity), args)
  return args
}

/**
 * An operator that gets the values of all its arguments. A single argument need not be in a list; when it is an operation
 * that gives a list, the elements are the arguments: `{ "max": { "var": "scores" } }`.
 */
export const eager =
  (arity: Arity, apply: (values: ReadonlyArray<unknown>, scope: Scope) => unknown): Operator =>
  (args, site) => {
    if (!Array.isArray(args) && operationOf(args) !== undefined) return spread(site.part(args), arity, apply)
    const list = Array.isArray(args) ? args : [args]
    if (!fits(list, arity)) throw site.invalid(arityText(arity), args)
    const parts = Array.isArray(args) ? args.map((arg, at) => site.part(arg, at)) : [site.part(args)]
    return (data, scope) =>
      apply(
        parts.map((part) => part(data, scope)),
        scope
      )
  }

const spread = (part: Evaluate, arity: Arity, apply: (values: ReadonlyArray<unknown>, scope: Scope) => unknown): Evaluate => {
  return (data, scope) => {
    const value = part(data, scope)
    const values = Array.isArray(value) ? value : [value]
    if (!fits(values, arity)) throw invalidArguments
    return apply(values, scope)
  }
}

const fits = (args: ReadonlyArray<unknown>, { least, most = Number.POSITIVE_INFINITY }: Arity): boolean =>
  args.length >= least && args.length <= most

const arityText = ({ least, most }: Arity): string => {
  if (least === most) return `${least} argument${least === 1 ? "" : "s"}`
  return most === undefined ? `at least ${least} argument${least === 1 ? "" : "s"}` : `${least} to ${most} arguments`
}
