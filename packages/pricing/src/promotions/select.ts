import type { Selector } from "./prepare.ts"
import { factsOf, type Scene, type State } from "./scene.ts"

/** The rows of the lines that fit; as they stand, when a state is given that the rule reads. */
export const linesOf = (scene: Scene, { products, categories, rule }: Selector, state?: State): Int32Array => {
  if (products === undefined && categories === undefined && rule === undefined) return everything(0, scene.lines)
  const holds = rule === undefined ? undefined : testOf(scene, rule, state)
  const fits = (row: number): boolean =>
    (categories === undefined || (scene.categoriesOf(row) ?? []).some((category) => categories.has(category))) &&
    (holds === undefined || holds(row))
  if (products === undefined) return range(0, scene.lines, fits)
  const found = new Set<number>()
  for (const product of products) for (const row of scene.byProduct().get(product) ?? []) found.add(row)
  return Int32Array.from(found).sort().filter(fits)
}

/** The rows of the charges that fit. */
export const chargesOf = (scene: Scene, { rule }: Selector, state?: State): Int32Array =>
  rule === undefined ? everything(scene.lines, scene.rows) : range(scene.lines, scene.rows, testOf(scene, rule, state))

const testOf =
  (scene: Scene, { condition, live }: NonNullable<Selector["rule"]>, state: State | undefined) =>
  (row: number): boolean =>
    condition.test(live && state !== undefined ? factsOf(scene, row, state.left[row]!) : scene.untouched(row))

const everything = (from: number, until: number): Int32Array => {
  const rows = new Int32Array(until - from)
  for (let at = 0; at < rows.length; at++) rows[at] = from + at
  return rows
}

const range = (from: number, until: number, fits: (row: number) => boolean): Int32Array => {
  const found = new Int32Array(until - from)
  let count = 0
  for (let row = from; row < until; row++) if (fits(row)) found[count++] = row
  return count === found.length ? found : found.slice(0, count)
}
