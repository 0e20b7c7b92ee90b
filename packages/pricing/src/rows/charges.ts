import type { CartToPrice, LineToPrice, ShippingCharge } from "../model.ts"
import type { ChargeOfRow, RowKind } from "../sheet.ts"
import { checkLine, notA } from "./check.ts"

/** A charge that becomes a row: so much for each of so many pieces. Its currency is nothing where it has that of the cart. */
export interface Charge {
  readonly kind: Exclude<RowKind, "line">
  readonly charge: ChargeOfRow
  readonly each: number
  readonly pieces: number
  readonly currency: string | undefined
  readonly field: string
}

/** What is charged beside the lines: shipping, then fees, then the deposits of each line. */
export const chargesOf = ({ lines, shipping, fees }: CartToPrice): ReadonlyArray<Charge> => {
  const charges: Array<Charge> = []
  shipping?.forEach((charge, at) => charges.push(single("shipping", charge, `shipping[${at}]`)))
  fees?.forEach((charge, at) => charges.push(single("fee", charge, `fees[${at}]`)))
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line?.deposits === undefined) continue
    checkLine(line, at)
    charges.push(...depositsOf(line, line.deposits, at))
  }
  return charges
}

const single = (kind: "shipping" | "fee", charge: ShippingCharge, field: string): Charge => {
  checkId(charge, field)
  return { kind, charge, each: charge.amount, pieces: 1, currency: charge.currency, field }
}

const checkId = (charge: { readonly id: string }, field: string): void => {
  if (typeof charge?.id !== "string") throw notA(field, "an object with an id")
}

const depositsOf = (line: LineToPrice, deposits: NonNullable<LineToPrice["deposits"]>, at: number): ReadonlyArray<Charge> =>
  deposits.map((deposit, index) => {
    const field = `lines[${at}].deposits[${index}]`
    checkId(deposit, field)
    const { id, name, amount, taxCategory = line.taxCategory } = deposit
    const charge = { id: `${line.id}/${id}`, line: line.id, taxCategory, ...(name === undefined ? {} : { name }) }
    return { kind: "deposit", charge, each: amount, pieces: line.quantity, currency: undefined, field }
  })
