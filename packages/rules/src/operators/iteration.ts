import { invalidArguments } from "../failure.ts"
import { type Evaluate, lazyArguments, type Operator, type Site } from "../operator.ts"
import type { Rule } from "../rule.ts"
import { type Scope, spend, within } from "../scope.ts"
import { isTruthy, orNull } from "../values.ts"

type Elements = (data: unknown, scope: Scope) => ReadonlyArray<unknown> | undefined

/** The list to iterate over: `undefined` for null. Fails for anything else that is no list; a written null is refused. */
const elementsOf = (args: Rule, site: Site): Elements => {
  const [source = null] = Array.isArray(args) ? args : []
  if (source === null) throw site.invalid("a list to iterate over", source, 0)
  const part = site.part(source, 0)
  return (data, scope) => {
    const list = part(data, scope)
    if (Array.isArray(list)) return list
    if (list !== null) throw invalidArguments
    return undefined
  }
}

interface Iteration {
  readonly elements: Elements
  /** Evaluates the body on one element. */
  readonly visit: (list: ReadonlyArray<unknown>, at: number, data: unknown, scope: Scope) => unknown
}

const iteration = (args: Rule, site: Site, mayBodyBeNull: boolean): Iteration => {
  const [, body = null] = lazyArguments(args, site, { least: 2, most: 2 })
  if (body === null && !mayBodyBeNull) throw site.invalid("a rule for each element", body, 1)
  const inner = site.inner(body, 1)
  return { elements: elementsOf(args, site), visit: visitor(inner) }
}

const visitor =
  (inner: Evaluate): Iteration["visit"] =>
  (list, at, data, scope) => {
    spend(scope, 1)
    return inner(orNull(list[at]), within(list, at, data, scope))
  }

/** `map`: what the body gives of each element; nothing of null. */
export const map: Operator = (args, site) => {
  const { elements, visit } = iteration(args, site, false)
  return (data, scope) => (elements(data, scope) ?? []).map((_, at, list) => visit(list, at, data, scope))
}

/** `filter`: the elements of which the body is true; nothing of null. */
export const filter: Operator = (args, site) => {
  const { elements, visit } = iteration(args, site, false)
  return (data, scope) => (elements(data, scope) ?? []).filter((_, at, list) => isTruthy(visit(list, at, data, scope)))
}

const quantifier =
  (quantify: (list: ReadonlyArray<unknown>, holds: (at: number) => boolean) => boolean): Operator =>
  (args, site) => {
    const { elements, visit } = iteration(args, site, true)
    return (data, scope) => {
      const list = elements(data, scope)
      if (list === undefined) throw invalidArguments
      return quantify(list, (at) => isTruthy(visit(list, at, data, scope)))
    }
  }

/** `all`: whether the body is true of every element; false of nothing. Fails for null. */
export const all: Operator = quantifier((list, holds) => list.length > 0 && list.every((_, at) => holds(at)))

/** `some`: whether the body is true of an element. Fails for null. */
export const some: Operator = quantifier((list, holds) => list.some((_, at) => holds(at)))

/** `none`: whether the body is true of no element. Fails for null. */
export const none: Operator = quantifier((list, holds) => !list.some((_, at) => holds(at)))

/**
 * `reduce`: the body reads `{ current, accumulator }` and gives the next accumulator. The first one is the third argument,
 * or else the first element; null of nothing.
 */
export const reduce: Operator = (args, site) => {
  const [, body = null, start] = lazyArguments(args, site, { least: 2, most: 3 })
  if (body === null) throw site.invalid("a rule for each element", body, 1)
  const inner = site.inner(body, 1)
  const elements = elementsOf(args, site)
  const initial = start === undefined ? undefined : site.part(start, 2)
  return (data, scope) => {
    const list = elements(data, scope) ?? []
    let accumulator = orNull(initial === undefined ? list[0] : initial(data, scope))
    for (let at = initial === undefined ? 1 : 0; at < list.length; at++) {
      spend(scope, 1)
      accumulator = inner({ current: orNull(list[at]), accumulator }, within(list, at, data, scope))
    }
    return accumulator
  }
}
