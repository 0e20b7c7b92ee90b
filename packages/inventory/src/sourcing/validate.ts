import type * as z from "zod"

import { InvalidSourcing } from "./errors.ts"
import { SourcingLocation, SourcingOrder, SourcingRules, type SourcingStock } from "./model.ts"

/** Throws `InvalidSourcing` for what is not of its form, so that a slip in the app is no strange plan. */
export const validate = (order: SourcingOrder, stock: SourcingStock, rules: SourcingRules): void => {
  check("order", SourcingOrder, order)
  check("rules", SourcingRules, rules)
  stock.locations?.forEach((location, i) => check(`stock.locations.${i}`, SourcingLocation, location))
  // By hand: there may be as many of them as the shop has articles and locations.
  stock.levels.forEach(({ available, floor, backorder, fullness }, i) => {
    const at = `stock.levels.${i}`
    if (!Number.isSafeInteger(available)) throw InvalidSourcing.of(`${at}.available`, "expected a whole number of pieces.")
    if (floor !== undefined && !isCount(floor)) throw InvalidSourcing.of(`${at}.floor`, COUNT)
    if (fullness !== undefined && !Number.isSafeInteger(fullness)) throw InvalidSourcing.of(`${at}.fullness`, "expected a whole number.")
    if (typeof backorder === "number" && !isCount(backorder))
      throw InvalidSourcing.of(`${at}.backorder`, `${COUNT.slice(0, -1)}, or true or false.`)
  })
  unique("order.lines", order.lines, ({ id }) => id)
  unique("stock.locations", stock.locations ?? [], ({ id }) => id)
  unique("rules.rank", rules.rank, (rule) => rule)
}

const COUNT = "expected a whole number of pieces, zero or more."

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

const check = (field: string, schema: z.ZodType, value: unknown): void => {
  const issue = schema.safeParse(value).error?.issues[0]
  if (issue !== undefined) throw InvalidSourcing.of([field, ...issue.path].join("."), `${issue.message}.`)
}

const unique = <A>(field: string, some: ReadonlyArray<A>, idOf: (one: A) => string): void => {
  const seen = new Set<string>()
  for (const one of some) {
    if (seen.has(idOf(one))) throw InvalidSourcing.of(field, `"${idOf(one)}" is there twice. Name each once.`)
    seen.add(idOf(one))
  }
}
