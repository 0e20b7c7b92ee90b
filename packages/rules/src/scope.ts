import { limitExceeded } from "./failure.ts"

/** Work that one run may still do. */
export interface Budget {
  left: number
}

/**
 * What lies around the data that a rule is reading: inside an iterator, the element's place and the data outside.
 * `val` climbs it: one step to the place, two to the data outside, three to the place of that data, and so on.
 */
export interface Scope {
  readonly budget: Budget
  /** The list that is iterated over; undefined at the top and inside the fallbacks of `try`. */
  readonly iterator: ReadonlyArray<unknown> | undefined
  readonly index: number
  /** The data outside, and what lies around it. */
  readonly data: unknown
  readonly outer: Scope | undefined
}

/** The scope of the whole run. */
export const outermost = (work: number): Scope => ({
  budget: { left: work },
  iterator: undefined,
  index: 0,
  data: null,
  outer: undefined
})

/** The scope of one element. */
export const within = (iterator: ReadonlyArray<unknown> | undefined, index: number, data: unknown, outer: Scope): Scope => ({
  budget: outer.budget,
  iterator,
  index,
  data,
  outer
})

/** The data `steps` outwards; null beyond the outermost. */
export const climb = (data: unknown, scope: Scope, steps: number): unknown => {
  if (steps === 0) return data
  let around: Scope | undefined = scope
  for (let left = steps; left > 2 && around !== undefined; left -= 2) around = around.outer
  if (around?.outer === undefined) return null
  if (steps % 2 === 0) return around.data
  return around.iterator === undefined ? null : { iterator: around.iterator, index: around.index }
}

/** The data of the whole rule, seen from anywhere inside. */
export const outermostData = (data: unknown, scope: Scope): unknown => {
  let found = data
  for (let around: Scope | undefined = scope; around?.outer !== undefined; around = around.outer) found = around.data
  return found
}

/** Takes work from the budget of the run. Fails with `Limit Exceeded`. */
export const spend = (scope: Scope, work: number): void => {
  scope.budget.left -= work
  if (scope.budget.left < 0) throw limitExceeded
}
