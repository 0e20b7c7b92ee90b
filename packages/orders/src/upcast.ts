import type { Fulfilment } from "./fulfilment.ts"
import type { HistoryEntry, Order, OrderLine } from "./model.ts"
import type { LineStatus } from "./states.ts"

/** What an order of version 1 has otherwise: one fulfilment, and one status for each line. */
export interface OrderOfVersion1 extends Omit<Order, "fulfilments" | "lines" | "status" | "history"> {
  readonly fulfilment: { readonly kind: "pickup" | "carry-out"; readonly location?: string }
  readonly status: OldStatus
  readonly lines: ReadonlyArray<Omit<OrderLine, "parts" | "status"> & { readonly status: OldStatus }>
  readonly history: ReadonlyArray<
    Omit<HistoryEntry, "lines" | "change"> & { readonly change: OldStatus; readonly lines: ReadonlyArray<string> }
  >
}
type OldStatus = "placed" | "ready" | "collected" | "cancelled"

/** The id of the fulfilment that an order of version 1 is taken to have had. */
const fulfilmentId = (order: string): string => `${order} pickup`

/** An order of version 1 as one of version 2: its stock was kept from placing on, and each line was in one state. */
export const fromVersion1 = ({ fulfilment, ...order }: OrderOfVersion1): Order => {
  const isPickup = fulfilment.kind === "pickup"
  const at = isPickup ? { fulfilment: fulfilmentId(order.id) } : {}
  const now = (status: OldStatus): LineStatus => (status === "placed" ? "allocated" : status)
  const quantities = new Map(order.lines.map((line) => [line.id, line.quantity]))
  return {
    ...order,
    fulfilments: isPickup ? [fulfilmentId(order.id)] : [],
    status: now(order.status),
    lines: order.lines.map((line) => ({
      ...line,
      status: now(line.status),
      parts: [{ count: line.quantity, status: now(line.status), ...at }]
    })),
    history: order.history.map(({ lines, ...entry }) => ({
      ...entry,
      lines: lines.map((line) => ({ line, quantity: quantities.get(line) ?? 1 }))
    }))
  }
}

/** The fulfilment that an order of version 1 had without a row of its own; it gets one with its next change. */
export const unwritten = (order: Order, id: string): Fulfilment | undefined =>
  id !== fulfilmentId(order.id)
    ? undefined
    : {
        id,
        order: order.id,
        ...(order.customer === undefined ? {} : { customer: order.customer }),
        kind: "pickup",
        ...(order.location === undefined ? {} : { location: order.location }),
        status: "open",
        lines: [],
        worth: order.totals,
        placedAt: order.placedAt,
        ...(order.pickupCode === undefined ? {} : { code: order.pickupCode }),
        parcels: [],
        holds: []
      }
