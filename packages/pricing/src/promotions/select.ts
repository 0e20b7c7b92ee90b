import type { Selector } from "./prepare.ts"
import { itemFacts, type Scene, type State } from "./scene.ts"

/** The places of the lines that fit, in order; as they stand, when a state is given that the rule reads. */
export const linesOf = (scene: Scene, { products, categories, rule }: Selector, state?: State): Int32Array => {
  const fits = (at: number): boolean => {
    const item = scene.items[at]
    if (item === undefined) return false
    if (categories !== undefined && !(item.categories ?? []).some((category) => categories.has(category))) return false
    if (rule === undefined) return true
    return rule.condition.test(rule.live && state !== undefined ? itemFacts(scene, at, state.left[at]!) : scene.untouched(at))
  }
  if (products === undefined) return range(0, scene.lines, fits)
  const named = products.flatMap((product) => scene.byProduct().get(product) ?? [])
  return Int32Array.from(new Set(named)).sort().filter(fits)
}

/** The places of the charges that fit. */
export const chargesOf = (scene: Scene, { rule }: Selector, state?: State): Int32Array =>
  range(scene.lines, scene.items.length, (at) =>
    rule === undefined
      ? true
      : rule.condition.test(rule.live && state !== undefined ? itemFacts(scene, at, state.left[at]!) : scene.untouched(at))
  )

const range = (from: number, until: number, fits: (at: number) => boolean): Int32Array => {
  const found = new Int32Array(until - from)
  let count = 0
  for (let at = from; at < until; at++) if (fits(at)) found[count++] = at
  return count === found.length ? found : found.slice(0, count)
}
