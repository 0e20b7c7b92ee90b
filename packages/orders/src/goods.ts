import { collection, Count, fail, Id, PositiveCount, type Tx } from "@omni/core"
import { GoodsLine, Sku } from "@omni/inventory"
import * as z from "zod"

import { NotReturnable, type ReturnProblem, WrongGoods } from "./errors.ts"
import { hasLeft } from "./machine.ts"
import type { Order, Part } from "./model.ts"
import type { Move } from "./parts.ts"

/** Which lots, or which pieces by their serial numbers, of a line; of a kit, `parts` says it for its components. */
export const LineGoods = GoodsLine.pick({ lots: true, serials: true, parts: true }).extend({ line: Id })
export type LineGoods = z.infer<typeof LineGoods>

/** The lines of one call. */
export const SomeGoods = z.array(LineGoods).min(1).max(1000)

type Named = Pick<GoodsLine, "lots" | "serials" | "parts">

/** The lots and pieces that are named. */
export const namedIn = ({ lots, serials, parts }: Named): Named => ({
  ...(lots === undefined ? {} : { lots }),
  ...(serials === undefined ? {} : { serials }),
  ...(parts === undefined ? {} : { parts })
})

/** Which lots and pieces have left with an order, as far as they were named, and how many of them are back; the id is the order's. */
export const SentGoods = collection("orders.goods", {
  schema: z.object({
    goods: z.array(
      z.object({ line: Id, sku: Sku, kind: z.enum(["lot", "serial"]), number: Id.max(60), quantity: PositiveCount, back: Count })
    )
  })
})
type Sent = z.infer<typeof SentGoods.schema>["goods"][number]

/**
 * What is named of lines, shared out over units that leave, in their order. Errors: `WrongGoods` when it is not of as many as leave, or of
 * lines of which nothing does.
 */
export function* namedFor(
  order: string,
  moves: ReadonlyArray<Pick<Move, "line" | "count">>,
  goods: ReadonlyArray<LineGoods>
): Generator<WrongGoods, (index: number) => Named, unknown> {
  if (goods.length === 0) return () => ({})
  const leaving = new Map<string, number>()
  for (const { line, count } of moves) leaving.set(line.id, (leaving.get(line.id) ?? 0) + count)
  const problems = goods.flatMap((one) => {
    const expected = leaving.get(one.line) ?? 0
    return countsOf(one).flatMap((named) => (named === expected ? [] : [{ at: one.line, named, expected }]))
  })
  if (problems.length > 0) yield* fail(WrongGoods.of(order, problems))
  const left = new Map(goods.map((one) => [one.line, { ...one, lots: [...(one.lots ?? [])], serials: [...(one.serials ?? [])] }]))
  const shares = moves.map(({ line, count }): Named => {
    const rest = left.get(line.id)
    if (rest === undefined) return {}
    const { parts } = rest
    const serials = rest.serials.splice(0, count)
    const lots = takeLots(rest.lots, count)
    delete rest.parts
    return {
      ...(serials.length === 0 ? {} : { serials }),
      ...(lots.length === 0 ? {} : { lots }),
      ...(parts === undefined ? {} : { parts })
    }
  })
  return (index) => shares[index]!
}

type Lots = NonNullable<Named["lots"]>

const countsOf = ({ lots, serials }: Named): ReadonlyArray<number> => [
  ...(lots === undefined ? [] : [lots.reduce((sum, { quantity }) => sum + quantity, 0)]),
  ...(serials === undefined ? [] : [new Set(serials).size])
]

const takeLots = (lots: Lots, count: number): Lots => {
  const taken: Lots = []
  for (let rest = count; rest > 0 && lots.length > 0;) {
    const [first] = lots.splice(0, 1)
    const quantity = Math.min(rest, first!.quantity)
    taken.push({ ...first!, quantity })
    if (quantity < first!.quantity) lots.unshift({ ...first!, quantity: first!.quantity - quantity })
    rest -= quantity
  }
  return taken
}

/** Notes which lots and pieces have left with an order. */
export const noteSent = (tx: Tx, order: Pick<Order, "id" | "lines">, named: ReadonlyArray<LineGoods>): void => {
  if (named.length === 0) return
  const lines = linesOf(order)
  const more = named.flatMap(({ line, parts = [], ...own }) => {
    const { sku } = lines.get(line)!
    return [{ sku, ...own }, ...parts].flatMap((one) => sentOf(line, one.sku, one))
  })
  const goods = [...(tx.get(SentGoods, order.id)?.goods ?? [])]
  const lots = new Map(goods.flatMap((sent, at) => (sent.kind === "lot" ? [[numberKey(sent), at] as const] : [])))
  for (const one of more) {
    // A lot that leaves in parts is one; a piece that leaves again, after it came back, is not.
    const at = one.kind === "lot" ? lots.get(numberKey(one)) : undefined
    if (at !== undefined) goods[at] = { ...goods[at]!, quantity: goods[at]!.quantity + one.quantity }
    else {
      if (one.kind === "lot") lots.set(numberKey(one), goods.length)
      goods.push(one)
    }
  }
  tx.put(SentGoods, order.id, { goods })
}

const sentOf = (line: string, sku: string, { lots = [], serials = [] }: Omit<Named, "parts">): ReadonlyArray<Sent> => [
  ...lots.map(({ lot, quantity }): Sent => ({ line, sku, kind: "lot", number: lot, quantity, back: 0 })),
  ...serials.map((number): Sent => ({ line, sku, kind: "serial", number, quantity: 1, back: 0 }))
]

/** What has come of a line. */
export interface CameBack extends Named {
  readonly line: string
  readonly quantity: number
}

/**
 * Checks lots and pieces that come back against those that have left with the order, and notes them. Where all units of a line left in one lot,
 * it need not be named. What left without being named cannot be checked here. Errors: `NotReturnable`.
 */
export function* noteBack<L extends CameBack>(
  tx: Tx,
  order: Order,
  lines: ReadonlyArray<L>
): Generator<NotReturnable, ReadonlyArray<L>, unknown> {
  const row = tx.get(SentGoods, order.id)
  if (row === undefined) return lines
  const goods = [...row.goods]
  const problems: Array<ReturnProblem> = []
  const ordered = linesOf(order)
  const sentByLine = Map.groupBy(row.goods, ({ line, sku }) => goodsKey(line, sku))
  const places = Map.groupBy(goods.keys(), (at) => numberKey(goods[at]!))
  const all = lines.map((came): L => {
    const { sku, parts } = ordered.get(came.line)!
    const own = sentByLine.get(goodsKey(came.line, sku)) ?? []
    const isKnown = own.reduce((sum, { quantity }) => sum + quantity, 0) >= unitsLeft(parts)
    const known = isKnown ? withOnlyLot(came, own) : came
    const named = [
      ...(isKnown ? sentOf(came.line, sku, known) : []),
      ...(came.parts ?? []).flatMap((part) => (sentByLine.has(goodsKey(came.line, part.sku)) ? sentOf(came.line, part.sku, part) : []))
    ]
    for (const one of named) {
      const at = places.get(numberKey(one))?.find((place) => goods[place]!.back + one.quantity <= goods[place]!.quantity)
      if (at !== undefined) goods[at] = { ...goods[at]!, back: goods[at]!.back + one.quantity }
      else problems.push({ code: one.kind === "lot" ? "wrong-lot" : "wrong-serial", at: came.line, named: one.number })
    }
    return known
  })
  if (problems.length > 0) yield* fail(NotReturnable.of(order.id, problems))
  tx.put(SentGoods, order.id, { goods })
  return all
}

const linesOf = ({ lines }: Pick<Order, "lines">): ReadonlyMap<string, Order["lines"][number]> =>
  new Map(lines.map((line) => [line.id, line]))

const goodsKey = (line: string, sku: string): string => JSON.stringify([line, sku])

const numberKey = ({ line, sku, kind, number }: Sent): string => JSON.stringify([line, sku, kind, number])

const withOnlyLot = <L extends CameBack>(came: L, sent: ReadonlyArray<Sent>): L => {
  const lots = new Set(sent.flatMap(({ kind, number }) => (kind === "lot" ? [number] : [])))
  const [lot] = lots
  return lot === undefined || lots.size > 1 || came.lots !== undefined ? came : { ...came, lots: [{ lot, quantity: came.quantity }] }
}

/** How many units of a line have left, back or not. */
const unitsLeft = (parts: ReadonlyArray<Part>): number => parts.reduce((sum, { status, count }) => sum + (hasLeft(status) ? count : 0), 0)
