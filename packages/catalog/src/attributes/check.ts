import { CivilDate, Localised, Money } from "@omni/core"
import * as z from "zod"

import type { AttributeDefinition, Attributes, AttributeType, AttributeValue, ProductType } from "./model.ts"
import { compareMeasure, dimensionOf, Measure } from "./units.ts"

/** What is wrong, and where: `attributes.weight`. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/** What is wrong with the attributes of a product, or of a variant, of a type. What is missing is not wrong: see `missingAttributes`. */
export const attributeIssues = (
  type: ProductType | undefined,
  level: AttributeDefinition["level"],
  attributes: Attributes
): ReadonlyArray<Issue> => {
  if (type === undefined) return []
  const definitions = new Map(type.attributes.map((definition) => [definition.code, definition]))
  return Object.entries(attributes).flatMap(([code, value]): ReadonlyArray<Issue> => {
    const path = `attributes.${code}`
    const definition = definitions.get(code)
    if (definition === undefined) {
      return type.open === true ? [] : [{ path, message: `The type "${type.id}" defines no attribute "${code}"` }]
    }
    if (definition.level !== level) return [{ path, message: `"${code}" is an attribute of the ${definition.level}` }]
    const message = problem(definition.value, value)
    return message === undefined ? [] : [{ path, message }]
  })
}

/** The codes of what a type requires of a product, or of a variant, on a channel, and is not there. */
export const missingAttributes = (
  type: ProductType | undefined,
  level: AttributeDefinition["level"],
  attributes: Attributes,
  channel: string
): ReadonlyArray<AttributeDefinition> =>
  (type?.attributes ?? []).filter(
    (definition) =>
      definition.level === level &&
      (definition.required === true || (Array.isArray(definition.required) && definition.required.includes(channel))) &&
      !Object.hasOwn(attributes, definition.code)
  )

/** What is expected instead of a value; `undefined` when it fits. */
const problem = (type: AttributeType, value: AttributeValue): string | undefined => {
  switch (type.type) {
    case "text":
      return ok(
        typeof value === "string" && value.length >= (type.minLength ?? 0) && value.length <= (type.maxLength ?? 2_000),
        () => `A text of ${type.minLength ?? 0} to ${type.maxLength ?? 2_000} characters`
      )
    case "localised-text":
      return ok(
        Texts.safeParse(value).success && Object.values(value as object).every((text: string) => text.length <= (type.maxLength ?? 10_000)),
        () => `A text for each language, of at most ${type.maxLength ?? 10_000} characters`
      )
    case "number":
      return ok(
        typeof value === "number" &&
          (type.integer !== true || Number.isInteger(value)) &&
          value >= (type.min ?? -Infinity) &&
          value <= (type.max ?? Infinity),
        () => `A ${type.integer === true ? "whole " : ""}number${bounds(type.min, type.max)}`
      )
    case "enum":
      return ok(typeof value === "string" && type.values.some(({ id }) => id === value), () => `One of: ${idsOf(type.values)}`)
    case "set":
      return ok(
        isSetOf(type, value),
        () => `A set of ${type.max === undefined ? "" : `at most ${type.max} `}values of: ${idsOf(type.values)}`
      )
    case "boolean":
      return ok(typeof value === "boolean", () => "true or false")
    case "date":
      return ok(CivilDate.safeParse(value).success, () => 'A day that exists, as "2026-03-07"')
    case "money":
      return ok(
        isMoney(value) && (type.currencies === undefined || type.currencies.includes(value.currency)),
        () => `An amount with its currency${type.currencies === undefined ? "" : `: ${type.currencies.join(", ")}`}`
      )
    case "measure":
      return ok(isWithin(type, value), () => `A measure of ${type.dimension}${bounds(type.min, type.max)} ${type.unit}`)
  }
}

const Texts = Localised(z.string())

const isMoney = (value: unknown): value is Money => Money.safeParse(value).success

/** Whether a value is a measure, whatever it measures. */
export const isMeasure = (value: unknown): value is Measure => Measure.safeParse(value).success

const isSetOf = (type: Extract<AttributeType, { readonly type: "set" }>, value: AttributeValue): boolean =>
  Array.isArray(value) &&
  new Set(value).size === value.length &&
  value.length <= (type.max ?? Infinity) &&
  value.every((one) => type.values.some(({ id }) => id === one))

const isWithin = ({ dimension, unit, min, max }: Extract<AttributeType, { readonly type: "measure" }>, value: AttributeValue): boolean =>
  isMeasure(value) &&
  dimensionOf(value.unit) === dimension &&
  (min === undefined || compareMeasure(value, { value: min, unit }) >= 0) &&
  (max === undefined || compareMeasure(value, { value: max, unit }) <= 0)

const ok = (fits: boolean, expected: () => string): string | undefined => (fits ? undefined : expected())

const idsOf = (values: ReadonlyArray<{ readonly id: string }>): string =>
  values.length <= 20
    ? values.map(({ id }) => id).join(", ")
    : `${values
        .slice(0, 20)
        .map(({ id }) => id)
        .join(", ")} and more`

const bounds = (min: number | string | undefined, max: number | string | undefined): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  return max === undefined ? "" : ` of at most ${max}`
}
