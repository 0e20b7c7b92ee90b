import type { Tx } from "@omni/core"

import { type LineFacts, LinesChanged } from "./events.ts"
import type { Fulfilment } from "./fulfilment.ts"
import type { Order, OrderLine } from "./model.ts"
import { byLine, type Move } from "./parts.ts"
import type { LineStatus } from "./states.ts"
import { worthOf } from "./worth.ts"

type Whose = Pick<Order, "id" | "customer" | "channel" | "location" | "totals">

const whose = ({ id, customer, channel, totals }: Whose, location: string | undefined) => ({
  order: id,
  ...(customer === undefined ? {} : { customer }),
  ...(channel === undefined ? {} : { channel }),
  ...(location === undefined ? {} : { location }),
  total: totals.total
})

const lineFacts = ({ id, sku, quantity, unitPrice, total, adjustments, gift }: OrderLine): LineFacts => ({
  line: id,
  sku,
  quantity,
  unitPrice,
  total,
  coupons: [...new Set(adjustments.flatMap(({ coupon }) => coupon ?? []))],
  ...(gift === undefined ? {} : { gift })
})

/** What an event about whole lines says: whose order it is, where, its total, and the lines. */
export const factsOf = (order: Whose, lines: ReadonlyArray<OrderLine>) => ({
  ...whose(order, order.location),
  lines: lines.map(lineFacts)
})

/** What an event about some units says; the location is that of the fulfilment, if there is one. */
export const factsOfUnits = (
  order: Whose & Pick<Order, "currency" | "taxIncluded" | "charges">,
  moves: ReadonlyArray<Move>,
  fulfilment?: Pick<Fulfilment, "location">
) => {
  const lines = byLine(moves)
  const { lines: worth } = worthOf(order, lines)
  return {
    ...whose(order, fulfilment?.location ?? order.location),
    lines: lines.map(({ line, units }, i): LineFacts => {
      const { quantity, total } = worth[i]!
      const all = lineFacts(line)
      if (quantity === line.quantity) return all
      return { ...all, quantity, total, units: units.map(({ from, count }) => ({ from, count })) }
    })
  }
}

/** Tells of units that came into a state of which no event of its own tells. */
export const tellLines = (
  tx: Tx,
  order: Order,
  moves: ReadonlyArray<Move>,
  change: LineStatus,
  about: { readonly fulfilment?: Fulfilment; readonly reason?: string } = {}
): void => {
  const { fulfilment, reason } = about
  tx.emit(LinesChanged, order.id, {
    ...factsOfUnits(order, moves, fulfilment),
    change,
    ...(fulfilment === undefined ? {} : { fulfilment: fulfilment.id }),
    ...(reason === undefined ? {} : { reason })
  })
}
