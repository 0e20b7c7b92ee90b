import type { Issue } from "../attributes/check.ts"
import type { Product, Variant } from "./model.ts"

/** What is wrong with a variant's choice: a value of every option of its product, and nothing else. A product without options takes any. */
export const optionIssues = ({ id, options }: Product, chosen: Variant["options"]): ReadonlyArray<Issue> => {
  if (options === undefined) return []
  const unknown = Object.keys(chosen)
    .filter((name) => !options.some((option) => option.id === name))
    .map((name) => ({ path: `options.${name}`, message: `The product "${id}" has no option "${name}"` }))
  const wrong = options
    .filter((option) => !Object.hasOwn(chosen, option.id) || !option.values.some((value) => value.id === chosen[option.id]))
    .map((option) => ({ path: `options.${option.id}`, message: `One of: ${option.values.map((value) => value.id).join(", ")}` }))
  return [...unknown, ...wrong]
}

/** A value of an option, and which variants have it together with what else is chosen. */
export interface OptionChoice {
  readonly option: string
  readonly value: string
  /** Empty: there is no such combination. */
  readonly variants: ReadonlyArray<string>
}

/**
 * What a shopper can still choose: for each value of each option, the variants that have it and agree with what was chosen of the *other* options.
 * Archived variants do not count.
 */
export const optionChoices = (
  { options = [] }: Pick<Product, "options">,
  variants: ReadonlyArray<Variant>,
  chosen: Readonly<Record<string, string>> = {}
): ReadonlyArray<OptionChoice> => {
  const offered = variants.filter(({ archived }) => archived !== true)
  return options.flatMap(({ id, values }) =>
    values.map((value) => ({
      option: id,
      value: value.id,
      variants: offered
        .filter((variant) => {
          const has = Object.hasOwn(variant.options, id) && variant.options[id] === value.id
          return has && Object.entries(chosen).every(([other, wanted]) => other === id || variant.options[other] === wanted)
        })
        .map((variant) => variant.id)
    }))
  )
}
