import { invalidArguments } from "../failure.ts"
import { own, ownAt } from "../fields.ts"
import { eager, type Evaluate, type Operator, type Site } from "../operator.ts"
import { isKey, keysOf, variablePath } from "../reference.ts"
import { operationOf, type Rule } from "../rule.ts"
import { climb, type Scope } from "../scope.ts"
import type { Read } from "../sites.ts"
import { orNull, toNumber } from "../values.ts"

const fixed =
  (read: Read): Evaluate =>
  (data) =>
    orNull(read(data))

/** `var`: the value at a dotted path, or else the default, or else null; with `""` or nothing the whole data. */
export const variable: Operator = (args, site) => {
  const keys = keysOf("var", args)
  if (keys !== undefined) return fixed(site.reader(keys))
  const [path, otherwise] = variableParts(args, site)
  return (data, scope) => {
    const found = ownAt(data, path(data, scope))
    return found === undefined ? otherwise(data, scope) : found
  }
}

const variableParts = (
  args: Rule,
  site: Site
): readonly [path: (data: unknown, scope: Scope) => ReadonlyArray<string>, otherwise: Evaluate] => {
  const list = Array.isArray(args) ? args : [args]
  if (list.length > 2) throw site.invalid("a path, or a path and a default", args)
  const [path = null, otherwise = null] = list
  const step = Array.isArray(args) ? [0] : []
  const rest = otherwise === null ? () => null : site.part(otherwise, 1)
  if (isKey(path) || path === null) {
    const keys = variablePath(path)
    return [() => keys, rest]
  }
  if (operationOf(path) === undefined) throw site.invalid("a dotted path or a number", path, ...step)
  const dynamic = site.part(path, ...step)
  return [(data, scope) => pathGiven(dynamic(data, scope)), rest]
}

const pathGiven = (value: unknown): ReadonlyArray<string> => {
  const path = Array.isArray(value) ? orNull(value[0]) : value
  if (path !== null && !isKey(path)) throw invalidArguments
  return variablePath(path)
}

/** `val`: the value at a list of keys; a first key `[n]` climbs n scopes out of iterators. */
export const value: Operator = (args, site) => {
  const keys = keysOf("val", args)
  if (keys !== undefined) return fixed(site.reader(keys))
  const locate = located(args, site)
  return (data, scope) => {
    const { start, keys } = locate(data, scope)
    return orNull(ownAt(start, keys))
  }
}

/** `exists`: whether there is something at a list of keys, be it null. */
export const exists: Operator = (args, site) => {
  const locate = located(args, site)
  return (data, scope) => {
    const { start, keys } = locate(data, scope)
    return keys.length === 0 ? start !== undefined : own(ownAt(start, keys.slice(0, -1)), keys.at(-1) ?? "") !== undefined
  }
}

interface Location {
  readonly start: unknown
  readonly keys: ReadonlyArray<string>
}

const located = (args: Rule, site: Site): ((data: unknown, scope: Scope) => Location) => {
  const keys = keysOf("val", args)
  if (keys !== undefined) return (data) => ({ start: data, keys })
  if (Array.isArray(args)) {
    const parts = args.map((arg, at) => locator(arg, at, site))
    return (data, scope) =>
      locate(
        data,
        scope,
        parts.map((part) => part(data, scope))
      )
  }
  if (operationOf(args) === undefined) throw site.invalid("a key or a list of keys", args)
  const dynamic = site.part(args)
  return (data, scope) => {
    const given = dynamic(data, scope)
    return locate(data, scope, Array.isArray(given) ? given : [given])
  }
}

const locator = (arg: Rule, at: number, site: Site): Evaluate => {
  const isClimb = at === 0 && Array.isArray(arg) && arg.length === 1
  const isDynamic = !Array.isArray(arg) && operationOf(arg) !== undefined
  if (!isKey(arg) && arg !== null && !isClimb && !isDynamic) throw site.invalid("a key, or first [scopes]", arg, at)
  return site.part(arg, at)
}

const locate = (data: unknown, scope: Scope, path: ReadonlyArray<unknown>): Location => {
  const [first] = path
  const climbs = Array.isArray(first) && first.length === 1
  const keys = (climbs ? path.slice(1) : path).filter((key) => key !== null)
  if (!keys.every(isKey)) throw invalidArguments
  return { start: climbs ? climb(data, scope, steps(first[0])) : data, keys: keys.map(String) }
}

const steps = (given: unknown): number => {
  const count = Math.abs(toNumber(given))
  if (!Number.isInteger(count)) throw invalidArguments
  return count
}

/** `missing`: those of the dotted paths at which there is nothing, null or an empty text. */
export const missing: Operator = (args, site) => {
  const list = eager({ least: 0 }, (values) => (Array.isArray(values[0]) ? values[0] : values))(args, site)
  return (data, scope) => absentOf(list(data, scope), data)
}

/** `missing_some`: nothing when at least so many of the paths are there, or else those that are missing. */
export const missingSome: Operator = (args, site) => {
  const list = eager({ least: 2, most: 2 }, (values) => values)(args, site)
  return (data, scope) => {
    const [least, paths] = pair(list(data, scope))
    const absent = absentOf(paths, data)
    return Array.isArray(paths) && paths.length - absent.length >= toNumber(least) ? [] : absent
  }
}

const pair = (values: unknown): readonly [unknown, unknown] => (Array.isArray(values) ? [values[0], values[1]] : [undefined, undefined])

const absentOf = (paths: unknown, data: unknown): ReadonlyArray<unknown> => {
  if (!Array.isArray(paths)) throw invalidArguments
  return paths.filter((path) => {
    if (!isKey(path)) throw invalidArguments
    const found = orNull(ownAt(data, variablePath(path)))
    return found === null || found === ""
  })
}
