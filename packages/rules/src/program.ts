import { isPlain, ownReader, plainReader } from "./fields.ts"
import type { Limits } from "./limits.ts"
import type { Evaluate, Site } from "./operator.ts"
import { isLiteral } from "./operators/logic.ts"
import { operators } from "./operators/table.ts"
import { isList, operationOf, type Rule, type RulePath } from "./rule.ts"
import { outermost, type Scope } from "./scope.ts"
import { shown } from "./shown.ts"
import type { Read } from "./sites.ts"
import { invalidRule } from "./snapshot.ts"

/** How a rule is compiled. */
export interface Mode {
  readonly limits: Limits
  /** How the data of the whole rule is read; parts that read other data always take own properties alone. */
  readonly reader: (keys: ReadonlyArray<string>) => Read
  readonly mayFold: boolean
  /** Sees every part that is compiled, and may put something around it. */
  readonly watch: (evaluate: Evaluate, rule: Rule, path: RulePath) => Evaluate
}

/** Compiles a rule that `snapshot` has proven. Throws `InvalidRule`. */
export const build = (rule: Rule, mode: Mode, path: RulePath = []): Evaluate => mode.watch(buildPart(rule, mode, path), rule, path)

const buildPart = (rule: Rule, mode: Mode, path: RulePath): Evaluate => {
  if (isLiteral(rule)) return literal(rule)
  if (isList(rule)) {
    const parts = rule.map((item, at) => build(item, mode, [...path, at]))
    return (data, scope) => parts.map((part) => part(data, scope))
  }
  const [key, args] = operationOf(rule) ?? ["", null]
  const operator = operators.get(key)
  if (operator === undefined || Object.keys(rule ?? {}).length > 1) {
    throw invalidRule("Unknown Operator", path, "an object with one known operator", shown(rule))
  }
  return operator(args, siteOf(mode, [...path, key]))
}

const literal =
  (rule: Rule): Evaluate =>
  () =>
    rule

const siteOf = (mode: Mode, path: RulePath): Site => ({
  limits: mode.limits,
  mayFold: mode.mayFold,
  reader: mode.reader,
  part: (rule, ...step) => build(rule, mode, [...path, ...step]),
  inner: (rule, ...step) => build(rule, { ...mode, reader: ownReader }, [...path, ...step]),
  invalid: (expected, found, ...step) => invalidRule("Invalid Arguments", [...path, ...step], expected, shown(found))
})

/** A compiled rule, ready to run on any data. Throws `Failure`. */
export type Program = (data: unknown) => unknown

/** Compiles a proven rule twice, the second time for data that is not plain, when such data comes. */
export const program = (rule: Rule, limits: Limits): Program => {
  const mode = { limits, mayFold: true, watch: (evaluate: Evaluate) => evaluate }
  const inside = new Map<string, Read>()
  const reader = (keys: ReadonlyArray<string>): Read => {
    const [first, second] = keys
    if (first !== undefined && second !== undefined) inside.set(first, plainReader([first]))
    return plainReader(keys)
  }
  const onPlain = build(rule, { ...mode, reader })
  const guards = [...inside.values()]
  let onAny: Evaluate | undefined
  const start = isCostly(rule) ? () => outermost(limits.work) : always(outermost(limits.work))
  return (data) => {
    if (isPlain(data, guards)) return onPlain(data, start())
    onAny ??= build(rule, { ...mode, reader: ownReader })
    return onAny(data, start())
  }
}

const always =
  (scope: Scope): (() => Scope) =>
  () =>
    scope

const costly: ReadonlySet<string> = new Set(["map", "filter", "reduce", "all", "some", "none", "cat", "substr", "merge"])

/** Whether a rule does work that its limit counts; one that does not shares one scope among all its runs. */
const isCostly = (rule: Rule): boolean => {
  if (isList(rule)) return rule.some(isCostly)
  const operation = operationOf(rule)
  return operation !== undefined && (costly.has(operation[0]) || isCostly(operation[1]))
}
