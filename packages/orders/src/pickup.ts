import { fail, Id, Instant, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { freeCodes, noShowTimer } from "./cancel.ts"
import type { cancelOperations } from "./cancel.ts"
import { codeFrom, codeKey, normaliseCode } from "./code.ts"
import { PickupCodeTaken, WrongPickupCode } from "./errors.ts"
import type { FulfilmentNotFound, IllegalFulfilmentChange, OrderNotFound } from "./errors.ts"
import { OrderCollected, OrderReady } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import type { Fulfilment } from "./fulfilment.ts"
import { SomeGoods } from "./goods.ts"
import { isOpen } from "./machine.ts"
import { type Order, PickupCodes } from "./model.ts"
import { tellFulfilment } from "./open.ts"
import { moved, save } from "./save.ts"
import { handedOver, isHandedOver } from "./ship.ts"
import { leave } from "./stock.ts"
import { fulfilmentIn, mayChange, openOrder, select, type SelectRefused, selection } from "./transition.ts"

/** A code as somebody types it: at most 20 characters, at least four of them letters or digits. */
export const PickupCode = z
  .string()
  .max(20)
  .refine((code) => /^[0-9A-Z]{4,}$/.test(normaliseCode(code)), { error: "At least four letters or digits" })

const Ready = z.object({
  ...selection,
  code: PickupCode.exactOptional(),
  /** Until when it is kept; then it counts as not wanted. As the fulfilment says, unless told; without either for as long as it takes. */
  collectBy: Instant.exactOptional()
})

/** What makes orders ready; what was not collected in time is given up by `noShow`. */
export const pickupOperations = ({ noShow }: Pick<ReturnType<typeof cancelOperations>, "noShow">) => ({
  /**
   * Units (all that are to be picked up and can be, unless named) lie ready at the location. The order gets its pickup code, unique among
   * the open orders there and the same for what becomes ready later. The code made here is a name to find an order by, not a secret: an
   * app that hands goods over for the code alone gives its own, random one.
   *
   * Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition`, `IllegalFulfilmentChange`, `PickupCodeTaken`.
   */
  ready: operation("orders.ready", Ready, function* (tx, { code: given, collectBy, ...input }): Generator<
    OrderNotFound | SelectRefused | PickupCodeTaken,
    Order,
    unknown
  > {
    const found = yield* openOrder(tx, input.order)
    const moves = yield* select(found, "ready", input)
    const groups = Map.groupBy(moves, ({ part }) => part.fulfilment!)
    let { pickupCode } = found.order
    const rows: Array<Fulfilment> = []
    for (const id of groups.keys()) {
      const row = found.fulfilments.get(id)!
      const code = row.code ?? (yield* newCode(tx, found.order, row, pickupCode, given))
      pickupCode ??= code
      const until = collectBy ?? row.collectBy ?? (row.keptFor === undefined ? undefined : tx.now + row.keptFor)
      if (until !== undefined) tx.schedule(until, noShow, { fulfilment: id }, { key: noShowTimer(id), subject: found.order.id })
      rows.push({ ...row, code, ...(until === undefined ? {} : { collectBy: until }) })
    }
    const after = save(
      tx,
      found,
      moved({ ...found.order, pickupCode: pickupCode! }, moves, (part) => ({ ...part, status: "ready" })),
      [...groups].map(([fulfilment, units]) => ({ change: "ready", moves: units, fulfilment })),
      rows
    )
    const states = after.order.lines.flatMap(({ parts }) => parts.map(({ status }) => status))
    const complete = !states.some((status) => isOpen(status) && status !== "ready")
    for (const row of rows)
      tx.emit(OrderReady, after.order.id, {
        ...factsOfUnits(after.order, groups.get(row.id)!, row),
        fulfilment: row.id,
        code: row.code!,
        ...(row.collectBy === undefined ? {} : { collectBy: row.collectBy }),
        complete
      })
    return after.order
  }),
  /**
   * Keeps what is to be picked up until another time, longer or shorter: it counts as not wanted then. Before it is ready, it is how long it will be
   * kept. Errors: `OrderNotFound`, `FulfilmentNotFound`, `IllegalFulfilmentChange`.
   */
  extendPickup: operation(
    "orders.extendPickup",
    z.object({ order: Id, fulfilment: Id, collectBy: Instant }),
    function* (
      tx,
      { order: id, fulfilment, collectBy }
    ): Generator<OrderNotFound | FulfilmentNotFound | IllegalFulfilmentChange, Order, unknown> {
      const found = yield* openOrder(tx, id)
      const row = yield* fulfilmentIn(found, fulfilment)
      yield* mayChange(row, "extend")
      const isReady = row.lines.some(({ states }) => states.ready !== undefined)
      if (isReady) tx.schedule(collectBy, noShow, { fulfilment }, { key: noShowTimer(fulfilment), subject: id })
      const after = save(tx, found, found.order, { change: "rescheduled", fulfilment }, [{ ...row, collectBy }])
      tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "rescheduled")
      return after.order
    }
  )
})

/**
 * The customer takes units (all that are ready for the code, unless named); their goods leave the stock, those lots or pieces that `goods` names.
 * Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition`, `WrongPickupCode`, `WrongGoods`, and those of `commitHold`.
 */
export const collect = operation(
  "orders.collect",
  z.object({ ...selection, code: PickupCode, goods: SomeGoods.exactOptional() }),
  function* (tx, { code, goods, ...input }) {
    const found = yield* openOrder(tx, input.order)
    const typed = normaliseCode(code)
    const isFor = (id: string | undefined) => id !== undefined && found.fulfilments.get(id)?.code === typed
    const any = yield* select(found, "collect", input)
    if (!any.some(({ part }) => isFor(part.fulfilment)))
      return yield* fail(
        new WrongPickupCode({
          order: found.order.id,
          message: `This is not the pickup code of the order "${found.order.id}". Look it up by its code.`
        })
      )
    const moves = yield* select(found, "collect", input, ({ fulfilment }) => isFor(fulfilment))
    yield* leave(tx, found.order, found.fulfilments, moves, goods)
    const groups = Map.groupBy(moves, ({ part }) => part.fulfilment!)
    const after = save(
      tx,
      found,
      moved(found.order, moves, (part) => ({ ...part, status: "collected" })),
      [...groups].map(([fulfilment, units]) => ({ change: "collected", moves: units, fulfilment })),
      handedOver(tx, found.fulfilments, groups.keys())
    )
    freeCodes(tx, after, moves)
    for (const [id, units] of groups) {
      const facts = factsOfUnits(after.order, units, after.fulfilments.get(id)!)
      tx.emit(OrderCollected, after.order.id, { ...facts, fulfilment: id, complete: isHandedOver(after.order) })
    }
    return after.order
  }
)

/** A code for a fulfilment: the given one, that of the order, or one that is free. */
function* newCode(
  tx: Tx,
  order: Order,
  { location = "" }: Fulfilment,
  known: string | undefined,
  given: string | undefined
): Generator<PickupCodeTaken, string, unknown> {
  const made = () => [1, 2, 3, 4].map(() => codeFrom(tx.newId("code")))
  const codes = known !== undefined ? [known, ...made()] : given !== undefined ? [normaliseCode(given)] : made()
  const keys = codes.map((code) => codeKey(location, code))
  const free = tx.getMany(PickupCodes, keys).findIndex((taken) => taken === undefined || taken.order === order.id)
  if (free < 0)
    return yield* fail(
      new PickupCodeTaken({ code: codes[0]!, message: `Another open order at the location has the pickup code ${codes[0]}. Give another.` })
    )
  tx.put(PickupCodes, keys[free]!, { order: order.id })
  return codes[free]!
}
