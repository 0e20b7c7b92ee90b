import { InvalidCart } from "../errors.ts"
import type { CartToPrice, LineToPrice } from "../model.ts"
import type { PriceCandidate } from "../selection/candidate.ts"
import type { RowKind, Sheet } from "../sheet.ts"

const whole = Number.isSafeInteger

/** A cart has a list of lines. */
export const checkCount = ({ lines }: CartToPrice): void => {
  if (!Array.isArray(lines)) throw invalid("", "lines", "The cart has no list of lines. Give it one, if need be an empty one.")
}

/** A line has prices, and a quantity that can be counted. */
export const checkLine = (line: LineToPrice, at: number): void => {
  if (!Array.isArray(line?.prices))
    throw invalid("", `lines[${at}].prices`, `The line at ${at} has no list of prices (lines[${at}].prices).`)
  const { id, quantity, unit } = line
  if (!whole(quantity) || quantity < 1)
    throw wrong(id, `lines[${at}].quantity`, `has the quantity ${quantity}; a quantity is a whole number of at least one`)
  if (unit !== undefined && !(whole(unit.precision) && unit.precision >= 0 && unit.precision <= 9))
    throw wrong(id, `lines[${at}].unit.precision`, `is counted in ${unit.precision} decimals of ${unit.code}; write 0 to 9`)
}

/** A price is a whole number of minor units or of parts of them, and so are those of its tiers. */
export const checkPrice = ({ amount, decimals = 0, tiers }: PriceCandidate, id: string, at: number): void => {
  const field = `lines[${at}].prices`
  if (!whole(amount) || amount < 0) throw wrong(id, `${field}.amount`, costs(amount))
  if (!whole(decimals) || decimals < 0 || decimals > 6)
    throw wrong(id, `${field}.decimals`, `has a price with ${decimals} decimals of a minor unit; write 0 to 6`)
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

const wrong = (id: string, field: string, why: string): InvalidCart => invalid(id, field, `"${id}" ${why} (${field}).`)

const invalid = (line: string, field: string, message: string): InvalidCart => new InvalidCart({ line, field, message })
