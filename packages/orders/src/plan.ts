import { fail, type Tx } from "@omni/core"
import { type GoodsLine, stockId, type StockLine } from "@omni/inventory"

import { InvalidOrder, type OrderProblem } from "./errors.ts"
import type { Fulfilment, FulfilmentRequest } from "./fulfilment.ts"
import type { LineGoods } from "./goods.ts"
import { statusOf } from "./machine.ts"
import type { Order, OrderLine, Part } from "./model.ts"
import type { PricedDraft } from "./request.ts"
import type { LineStatus } from "./states.ts"

/** A request for a fulfilment with its id, and how many units of each line it is given. */
export interface Plan {
  readonly request: FulfilmentRequest
  /** `undefined` for what is handed over at once: nothing is left to fulfil. */
  readonly id: string | undefined
  readonly shares: ReadonlyArray<{ readonly line: string; readonly quantity: number }>
}

/** Lines to be shared out, and how many units of each there are. */
type Available = ReadonlyArray<{ readonly id: string; readonly quantity: number }>

/**
 * Shares lines out to fulfilments, in their order; one that names no lines gets what is left. Errors: `InvalidOrder` when a line is not
 * there, or more of it is shared out than there is.
 */
export function* plansFor(
  tx: Tx,
  requests: ReadonlyArray<FulfilmentRequest>,
  lines: Available
): Generator<InvalidOrder, ReadonlyArray<Plan>, unknown> {
  const left = new Map(lines.map(({ id, quantity }) => [id, quantity]))
  const wrong: Array<OrderProblem> = []
  const plans = requests.map((request): Plan => {
    const asked: ReadonlyArray<{ line: string; quantity?: number }> = request.lines ?? [...left.keys()].map((line) => ({ line }))
    const shares = asked.flatMap(({ line, quantity }) => {
      const free = left.get(line)
      if (free === undefined) wrong.push({ code: "unknown-line", at: line })
      const given = quantity ?? free ?? 0
      if (free !== undefined && given > free) wrong.push({ code: "too-many", at: line })
      left.set(line, (free ?? 0) - given)
      return given === 0 ? [] : [{ line, quantity: given }]
    })
    return { request, id: request.kind === "carry-out" ? undefined : tx.newId("ful"), shares }
  })
  wrong.push(
    ...requests.flatMap((request, i) => (request.kind === "delivery" ? opensLate(`fulfilments.${i}`, request.opens, request.on) : []))
  )
  return wrong.length === 0 ? plans : yield* fail(InvalidOrder.of(wrong))
}

/** That a delivery is due before work on it may begin, if it is. */
export const opensLate = (at: string, opens: number | undefined, on: number | undefined): ReadonlyArray<OrderProblem> =>
  opens !== undefined && on !== undefined && opens > on ? [{ code: "opens-late", at }] : []

/** What plans ask of the stock: what leaves now, in which lots and pieces, and what is to be kept from now on. */
export const goodsOf = (
  plans: ReadonlyArray<Plan>,
  lines: ReadonlyArray<Pick<OrderLine, "id" | "sku" | "stocked">>,
  goods: ReadonlyArray<LineGoods> = []
): { readonly taken: ReadonlyArray<GoodsLine>; readonly kept: ReadonlyArray<StockLine> } => {
  const known = new Map(lines.map((line) => [line.id, line]))
  const named = new Map(goods.map(({ line, ...about }) => [line, about]))
  const [taken, kept]: [Array<GoodsLine>, Array<StockLine>] = [[], []]
  for (const { request, shares } of plans) {
    const { location } = request
    if (location === undefined || (request.kind !== "carry-out" && request.allocate === "due")) continue
    for (const { line, quantity } of shares) {
      const { sku, stocked } = known.get(line)!
      if (!stocked) continue
      if (request.kind === "carry-out") taken.push({ sku, location, quantity, ...named.get(line) })
      else kept.push({ sku, location, quantity })
    }
  }
  return { taken, kept }
}

/** Of kept goods the units that are allocated, as far as they reach; `undefined`: all are. */
export type Kept = Map<string, number> | undefined

/** How many of these units are allocated: all, when it is not kept count of, or no stock is. It takes them off the count. */
export const allocatable = (
  kept: Kept,
  { sku, stocked }: Pick<OrderLine, "sku" | "stocked">,
  location: string,
  quantity: number
): number => {
  if (kept === undefined || !stocked) return quantity
  const key = stockId({ sku, location })
  const free = kept.get(key) ?? 0
  const given = Math.min(free, quantity)
  kept.set(key, free - given)
  return given
}

/** Where the units of a plan's line stand: what is handed over, allocated, backordered, or waits for its day. */
const partsOf = (
  { request, id }: Plan,
  line: Pick<OrderLine, "sku" | "stocked">,
  quantity: number,
  kept: Kept,
  hold?: string
): ReadonlyArray<Part> => {
  if (request.kind === "carry-out") return [{ count: quantity, status: "collected" }]
  const at = { fulfilment: id! }
  if (request.allocate === "due" && line.stocked) return [{ count: quantity, status: "placed", ...at }]
  const allocated = allocatable(kept, line, request.location, quantity)
  const parts: Array<Part> = []
  if (allocated > 0) parts.push({ count: allocated, status: "allocated", ...at, ...(hold === undefined || !line.stocked ? {} : { hold }) })
  if (allocated < quantity) parts.push({ count: quantity - allocated, status: "backordered", ...at })
  return parts
}

/** The lines of a new order with their units shared out; what nobody is to fulfil yet is `placed`. */
export const shareOut = (lines: ReadonlyArray<PricedDraft>, plans: ReadonlyArray<Plan>, kept: Kept): ReadonlyArray<OrderLine> => {
  const parts = new Map<string, Array<Part>>()
  const known = new Map(lines.map((line) => [line.id, line]))
  for (const plan of plans)
    for (const { line, quantity } of plan.shares) {
      const list = parts.get(line) ?? []
      list.push(...partsOf(plan, known.get(line)!, quantity, kept))
      parts.set(line, list)
    }
  return lines.map((line): OrderLine => {
    const own = parts.get(line.id) ?? []
    const rest = line.quantity - own.reduce((sum, { count }) => sum + count, 0)
    const all = rest === 0 ? own : [...own, { count: rest, status: "placed" as const }]
    return { ...line, status: all.length === 1 ? all[0]!.status : statusOf(all), parts: all }
  })
}

/** A new fulfilment, before its units are looked at. */
export const fulfilmentRow = (tx: Tx, order: Pick<Order, "id" | "customer" | "placedAt" | "totals">, { request, id }: Plan): Fulfilment => {
  const { lines: _, opens, allocate, slot, ...how } = request as Exclude<FulfilmentRequest, { readonly kind: "carry-out" }>
  return {
    ...how,
    id: id!,
    order: order.id,
    ...(order.customer === undefined ? {} : { customer: order.customer }),
    status: "open",
    lines: [],
    worth: order.totals,
    placedAt: order.placedAt,
    ...(opens === undefined || opens <= tx.now ? {} : { opensAt: opens }),
    ...(allocate === "due" ? { allocate } : {}),
    ...(slot === undefined ? {} : { slotAsked: slot }),
    parcels: [],
    holds: []
  }
}

/** How all of an order reaches the customer, in a word. */
export const kindOf = (plans: ReadonlyArray<Plan>, lines: ReadonlyArray<Pick<OrderLine, "parts">>) => {
  const kinds = new Set(plans.map(({ request }) => request.kind))
  const isRest = (part: Part) => part.fulfilment === undefined && (part.status as LineStatus) === "placed"
  if (lines.some(({ parts }) => parts.some(isRest))) return kinds.size === 0 ? "later" : "mixed"
  return kinds.size === 1 ? [...kinds][0]! : "mixed"
}
