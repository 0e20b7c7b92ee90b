import { fail, type Tx } from "@omni/core"

import type { MissingGift, Order } from "./model.ts"
import type { LineRequest, OrderRequest } from "./request.ts"

interface Refusal {
  readonly _tag: string
  readonly shortages?: ReadonlyArray<{ readonly sku: string }>
  readonly plan?: { readonly lines: ReadonlyArray<{ readonly line: string; readonly short: number }> }
}

type Asked = Pick<OrderRequest, "lines" | "fulfilment" | "fulfilments">

/**
 * Does something for a request that takes its goods. Where there are not so many, it is done without its gifts, one after the other from the last on, those that
 * are short first: nobody is refused what he buys for want of what he gets with it. What is sold already (a fact) was given with its gifts. `act` is told what is
 * left of the request, and what is missing by then.
 */
export function* withGifts<R extends Asked, A, E extends Refusal>(
  tx: Tx,
  request: R,
  before: ReadonlyArray<MissingGift>,
  act: (request: R, missing: ReadonlyArray<MissingGift>) => Generator<E, A, unknown>
): Generator<E, A, unknown> {
  const missing = [...before]
  const named = numbered(request)
  let left = without(named, before)
  while (!tx.fact && giftsOf(left).length > 0) {
    const done = tx.attempt(act(left, missing))
    if (done.ok) return done.value
    const gone = isShort(done.error) ? shortOf(left, done.error) : undefined
    if (gone === undefined) return yield* fail(done.error)
    missing.push(gone)
    left = without(named, missing)
  }
  return yield* act(left, missing)
}

/** Whether it is for goods that something was refused: there are not so many, or the inventory does not know them. */
const isShort = ({ _tag }: Refusal): boolean => ["InsufficientStock", "OrderNotCovered", "InvalidInput"].includes(_tag)

/** The gift that a request is to do without next. */
const shortOf = (request: Asked, { shortages = [], plan }: Refusal): MissingGift | undefined => {
  const skus = new Set(shortages.map(({ sku }) => sku))
  const lines = new Set(plan?.lines.flatMap(({ line, short }) => (short > 0 ? [line] : [])))
  const gifts = giftsOf(request)
  return gifts.findLast(({ sku, line }) => skus.has(sku) || lines.has(line)) ?? gifts.at(-1)
}

/** The gifts of a request, in its order. */
const giftsOf = ({ lines }: Asked): ReadonlyArray<MissingGift> =>
  lines.flatMap(({ id: line = "", sku, quantity, gift }: LineRequest) => (gift === undefined ? [] : [{ line, sku, quantity, gift }]))

/** A request whose lines keep their numbers, also when one is left out. */
const numbered = <R extends Asked>(request: R): R =>
  request.lines.every(({ gift }) => gift === undefined)
    ? request
    : { ...request, lines: request.lines.map((line, i) => ({ ...line, id: line.id ?? String(i + 1) })) }

/** What was asked for without some of its gifts, also where its fulfilments name them. */
const without = <R extends Asked>(request: R, missing: ReadonlyArray<MissingGift>): R => {
  if (missing.length === 0) return request
  const gone = new Set(missing.map(({ line }) => line))
  const { fulfilment, fulfilments, ...rest } = request
  const plans = (all: NonNullable<Asked["fulfilments"]>) =>
    all.flatMap((plan) => {
      const lines = plan.lines?.filter(({ line }) => !gone.has(line))
      return lines === undefined ? [plan] : lines.length === 0 ? [] : [{ ...plan, lines }]
    })
  const one = fulfilment === undefined ? undefined : plans([fulfilment])[0]
  const several = fulfilments === undefined ? undefined : plans(fulfilments)
  return {
    ...rest,
    lines: request.lines.filter(({ id }) => id === undefined || !gone.has(id)),
    ...(one === undefined ? {} : { fulfilment: one }),
    ...(several === undefined || several.length === 0 ? {} : { fulfilments: several })
  } as R
}

/** An order says of the gifts that it went through without. */
export const missingIn = (missing: ReadonlyArray<MissingGift>): Pick<Order, "giftsMissing"> =>
  missing.length === 0 ? {} : { giftsMissing: [...missing] }
