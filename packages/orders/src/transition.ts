import { fail, type Tx } from "@omni/core"

import { IllegalTransition, LineNotFound, OrderNotFound, type Transition } from "./errors.ts"
import { type LineStatus, type Order, type OrderLine, Orders } from "./model.ts"

/** From which states each transition leads, and where to. */
const transitions: { readonly [T in Transition]: { readonly from: ReadonlyArray<LineStatus>; readonly to: LineStatus } } = {
  ready: { from: ["placed"], to: "ready" },
  collect: { from: ["ready"], to: "collected" },
  cancel: { from: ["placed", "ready"], to: "cancelled" }
}

const verbs = ["ready", "collect", "cancel"] as const

/** What can be done to a line in a state. */
export const allowedFrom = (state: LineStatus): ReadonlyArray<Transition> => verbs.filter((verb) => transitions[verb].from.includes(state))

/** The status of an order: that of its least advanced line that is not cancelled; `cancelled` when all are. */
export const statusOf = (lines: ReadonlyArray<Pick<OrderLine, "status">>): LineStatus =>
  (["placed", "ready", "collected"] as const).find((status) => lines.some((line) => line.status === status)) ?? "cancelled"

/** The order, or the refusal. */
export function* openOrder(tx: Tx, id: string): Generator<OrderNotFound, Order, unknown> {
  return tx.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
}

/** The lines named, if the transition is open to each; when none are named, all to which it is open, of which there must be one. */
export function* linesFor(
  order: Order,
  attempted: Transition,
  ids: ReadonlyArray<string> | undefined
): Generator<IllegalTransition | LineNotFound, ReadonlyArray<OrderLine>, unknown> {
  const isOpen = ({ status }: OrderLine) => transitions[attempted].from.includes(status)
  if (ids === undefined) {
    const open = order.lines.filter(isOpen)
    return open.length > 0 ? open : yield* fail(illegal(order.id, order.status, attempted))
  }
  for (const id of ids) {
    const line = order.lines.find((some) => some.id === id)
    if (line === undefined)
      return yield* fail(
        new LineNotFound({ order: order.id, line: id, message: `The order "${order.id}" has no line "${id}". Name a line by its id.` })
      )
    if (!isOpen(line)) return yield* fail(illegal(order.id, line.status, attempted, id))
  }
  return order.lines.filter((line) => ids.includes(line.id))
}

/** The order after the transition of these lines, written, with its entry in the history. */
export const advance = (
  tx: Tx,
  order: Order,
  verb: Transition,
  lines: ReadonlyArray<OrderLine>,
  note: { readonly reason?: string } = {}
): Order => {
  const { to } = transitions[verb]
  const moved = new Set(lines.map(({ id }) => id))
  const after = order.lines.map((line) => (moved.has(line.id) ? { ...line, status: to } : line))
  const entry = { at: tx.now, change: to, lines: [...moved], by: tx.actor, ...note }
  return tx.put(Orders, order.id, { ...order, lines: after, status: statusOf(after), history: [...order.history, entry] })
}

const illegal = (order: string, state: LineStatus, attempted: Transition, line?: string): IllegalTransition => {
  const allowed = allowedFrom(state)
  const what = line === undefined ? `The order "${order}"` : `The line "${line}" of the order "${order}"`
  const open = allowed.length === 0 ? "nothing more can be done to it" : `what can be done is: ${allowed.join(", ")}`
  return new IllegalTransition({
    order,
    ...(line === undefined ? {} : { line }),
    state,
    attempted,
    allowed,
    message: `${what} is ${state}, so "${attempted}" cannot be done; ${open}.`
  })
}
