import { type Evaluate, lazyArguments, type Operator, type Site } from "../operator.ts"
import { operationOf, type Rule } from "../rule.ts"
import { isTruthy } from "../values.ts"

/** The single argument of a unary operator, which is never spread: a list is a value like any other. */
const single = (args: Rule, site: Site): Evaluate => {
  if (!Array.isArray(args)) return site.part(args)
  if (args.length > 1) throw site.invalid("1 argument", args)
  return args.length === 0 ? () => null : site.part(args[0], 0)
}

/** `!`: true for what is false, 0, null, `""` or `[]`. */
export const not: Operator = (args, site) => {
  const part = single(args, site)
  return (data, scope) => !isTruthy(part(data, scope))
}

/** `!!`: whether the value counts as true. */
export const truth: Operator = (args, site) => {
  const part = single(args, site)
  return (data, scope) => isTruthy(part(data, scope))
}

/** `and`: the first false value, or the last; false of nothing. The rest is not evaluated. */
export const and: Operator = (args, site) => {
  const parts = lazyArguments(args, site, { least: 0 }).map((arg, at) => site.part(arg, at))
  return conjunction(parts)
}

/** Written out for the usual lengths: each place then has its own inline cache, which is several times faster. */
const conjunction = (parts: ReadonlyArray<Evaluate>, from = 0): Evaluate => {
  const [a, b, c, d, e] = parts.slice(from, from + 5)
  if (a === undefined) return () => false
  if (b === undefined) return a
  if (c === undefined) return both(a, b)
  if (d === undefined) return three(a, b, c)
  if (e === undefined) return four(a, b, c, d)
  return parts.length === from + 5 ? five(a, b, c, d, e) : both(five(a, b, c, d, e), conjunction(parts, from + 5))
}

const both =
  (a: Evaluate, b: Evaluate): Evaluate =>
  (data, scope) => {
    const value = a(data, scope)
    return value === true || isTruthy(value) ? b(data, scope) : value
  }

const three =
  (a: Evaluate, b: Evaluate, c: Evaluate): Evaluate =>
  (data, scope) => {
    let value = a(data, scope)
    if (value !== true && !isTruthy(value)) return value
    value = b(data, scope)
    return value === true || isTruthy(value) ? c(data, scope) : value
  }

const four =
  (a: Evaluate, b: Evaluate, c: Evaluate, d: Evaluate): Evaluate =>
  (data, scope) => {
    let value = a(data, scope)
    if (value !== true && !isTruthy(value)) return value
    value = b(data, scope)
    if (value !== true && !isTruthy(value)) return value
    value = c(data, scope)
    return value === true || isTruthy(value) ? d(data, scope) : value
  }

const five =
  (a: Evaluate, b: Evaluate, c: Evaluate, d: Evaluate, e: Evaluate): Evaluate =>
  (data, scope) => {
    let value = a(data, scope)
    if (value !== true && !isTruthy(value)) return value
    value = b(data, scope)
    if (value !== true && !isTruthy(value)) return value
    value = c(data, scope)
    if (value !== true && !isTruthy(value)) return value
    value = d(data, scope)
    return value === true || isTruthy(value) ? e(data, scope) : value
  }

/** `or`: the first true value, or the last; false of nothing. The rest is not evaluated. */
export const or: Operator = (args, site) => {
  const parts = lazyArguments(args, site, { least: 0 }).map((arg, at) => site.part(arg, at))
  return (data, scope) => {
    let value: unknown = false
    for (const part of parts) {
      value = part(data, scope)
      if (value === true || isTruthy(value)) return value
    }
    return value
  }
}

/** `if` and `?:`: condition, value, condition, value, ..., else; null when there is no else. */
export const choose: Operator = (args, site) => {
  const parts = lazyArguments(args, site, { least: 0 }).map((arg, at) => site.part(arg, at))
  const otherwise = (parts.length % 2 === 1 ? parts.at(-1) : undefined) ?? (() => null)
  const branches = Array.from({ length: Math.floor(parts.length / 2) }, (_, at) => parts.slice(2 * at, 2 * at + 2))
  return (data, scope) => {
    for (const [condition, value] of branches) {
      if (condition !== undefined && value !== undefined && isTruthy(condition(data, scope))) return value(data, scope)
    }
    return otherwise(data, scope)
  }
}

/** `??`: the first value that is not null. The rest is not evaluated. */
export const coalesce: Operator = (args, site) => {
  const parts = lazyArguments(args, site, { least: 0 }).map((arg, at) => site.part(arg, at))
  return (data, scope) => {
    for (const part of parts) {
      const value = part(data, scope)
      if (value !== null) return value
    }
    return null
  }
}

/** `preserve`: its argument as it is written, and nothing of it evaluated. */
export const preserve: Operator = (args) => () => args

/** Whether a rule is written out, with nothing in it to evaluate. */
export const isLiteral = (rule: Rule): boolean => (Array.isArray(rule) ? rule.every(isLiteral) : operationOf(rule) === undefined)
