import type { Quantity, Unit } from "@omni/core/values"

import { InvalidCart } from "../errors.ts"
import type { CartToPrice, LineToPrice } from "../model.ts"
import type { PriceCandidate } from "../selection/candidate.ts"
import type { RowKind, Sheet } from "../sheet.ts"

const whole = Number.isSafeInteger

/** A cart has a list of lines; charges and coupons are lists where there are any. */
export const checkLists = (cart: CartToPrice): void => {
  if (!isObject(cart)) throw notA("cart", "an object with lines")
  if (!Array.isArray(cart.lines)) throw notA("lines", "a list, if need be an empty one")
  for (const field of ["shipping", "fees", "coupons"] as const)
    if (cart[field] !== undefined && !Array.isArray(cart[field])) throw notA(field, "a list")
}

/** A line has an id, prices, and a quantity that can be counted. */
export const checkLine = (line: LineToPrice, at: number): void => {
  if (!isObject(line)) throw notA(`lines[${at}]`, "an object")
  const { id, quantity, unit, prices, content } = line
  if (typeof id !== "string") throw notA(`lines[${at}].id`, "a text")
  if (!Array.isArray(prices)) throw notA(`lines[${at}].prices`, "a list")
  if (!whole(quantity) || quantity < 1)
    throw wrong(id, `lines[${at}].quantity`, `has the quantity ${String(quantity)}; a quantity is a whole number of at least one`)
  if (unit !== undefined) checkUnit(unit, `lines[${at}].unit`, id)
  if (content !== undefined) checkContent(content, `lines[${at}].content`, id)
  if (line.deposits !== undefined && !Array.isArray(line.deposits)) throw notA(`lines[${at}].deposits`, "a list")
}

const checkUnit = (unit: Unit, field: string, id: string): void => {
  if (!isObject(unit)) throw notA(field, "a unit of measure")
  if (!isCount(unit.precision, 9))
    throw wrong(id, `${field}.precision`, `is counted in ${unit.precision} decimals of ${unit.code}; write 0 to 9`)
}

const checkContent = ({ quantity, reference }: NonNullable<LineToPrice["content"]>, field: string, id: string): void => {
  const isQuantity = (one: Quantity): boolean => isObject(one) && whole(one.amount) && isObject(one.unit) && isCount(one.unit.precision, 9)
  if (!isQuantity(quantity) || !isQuantity(reference)) throw wrong(id, field, "has a content that is not two quantities")
}

const isCount = (value: number, most: number): boolean => whole(value) && value >= 0 && value <= most

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null

/** All prices that a line brings are objects. */
export const checkPrices = (prices: ReadonlyArray<PriceCandidate>, line: number): void => {
  for (let at = 0; at < prices.length; at++) if (!isObject(prices[at])) throw notA(`lines[${line}].prices[${at}]`, "an object")
}

/** A price is a whole number of minor units or of parts of them, and so are those of its tiers. */
export const checkPrice = ({ amount, decimals = 0, tiers }: PriceCandidate, id: string, at: number): void => {
  const field = `lines[${at}].prices`
  if (!whole(amount) || amount < 0) throw wrong(id, `${field}.amount`, costs(amount))
  if (!isCount(decimals, 6)) throw wrong(id, `${field}.decimals`, `has a price with ${decimals} decimals of a minor unit; write 0 to 6`)
  if (tiers === undefined) return
  let last = 0
  for (const tier of tiers) {
    if (!whole(tier.amount) || tier.amount < 0) throw wrong(id, `${field}.tiers.amount`, costs(tier.amount))
    if (!whole(tier.from) || tier.from <= last)
      throw wrong(id, `${field}.tiers.from`, `has a tier from ${tier.from} on; tiers are whole numbers above zero, in rising order`)
    last = tier.from
  }
}

/** A charge is whole minor units of the cart's currency; only a fee may be below zero. */
export const checkCharge = (
  id: string,
  amount: number,
  currency: string | undefined,
  expected: string,
  kind: RowKind,
  field: string
): void => {
  if (!whole(amount) || (amount < 0 && kind !== "fee")) throw wrong(id, `${field}.amount`, costs(amount))
  if (currency !== undefined && currency !== expected)
    throw wrong(id, `${field}.currency`, `is charged in ${currency}, but the cart is priced in ${expected}`)
}

/** Lines and charges each have ids of their own. */
export const checkIds = ({ ids, lines, kinds }: Sheet): void => {
  if (!isRising(ids, lines) && new Set(ids.length === lines ? ids : ids.slice(0, lines)).size !== lines)
    throw twice(ids.slice(0, lines), "lines")
  if (ids.length === lines) return
  const charges = ids.slice(lines)
  if (new Set(charges).size !== charges.length) throw twice(charges, kinds.includes("fee") ? "fees" : "shipping")
}

/** Ids that were given in the order of time rise, and then none is there twice. */
const isRising = (ids: ReadonlyArray<string>, count: number): boolean => {
  for (let at = 1; at < count; at++) if (!(ids[at]! > ids[at - 1]!)) return false
  return true
}

/** All sums of these amounts are whole numbers that can be told apart. Throws `InvalidCart`, naming the row that is too much. */
export const checkTotal = ({ ids, lines }: Sheet, amounts: ReadonlyArray<number>, more?: ReadonlyArray<number>): void => {
  let sum = 0
  for (let row = 0; row < amounts.length; row++)
    if (!whole(amounts[row]) || !whole((sum += more === undefined ? amounts[row]! : amounts[row]! + more[row]!)))
      throw wrong(ids[row]!, row < lines ? `lines[${row}]` : "shipping", "costs more than can be counted")
}

const twice = (ids: ReadonlyArray<string>, list: string): InvalidCart => {
  const at = ids.findIndex((id, index) => ids.indexOf(id) < index)
  return wrong(ids[at]!, `${list}[${at}].id`, "is there twice; give each line and each charge its own id")
}

const costs = (amount: unknown): string => `costs ${String(amount)}; prices are whole numbers of minor units, zero or more`

/** The error of what is not there, or is something else. */
export const notA = (field: string, wanted: string): InvalidCart => invalid("", field, `"${field}" has to be ${wanted}.`)

const wrong = (id: string, field: string, why: string): InvalidCart => invalid(id, field, `"${id}" ${why} (${field}).`)

const invalid = (line: string, field: string, message: string): InvalidCart => new InvalidCart({ line, field, message })
