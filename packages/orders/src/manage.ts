import { fail, Id, Instant, operation, type Tx } from "@omni/core"
import { LocationId } from "@omni/inventory"
import * as z from "zod"

import { allocateAll, allocateWhatIsFree } from "./allocate.ts"
import { freeCodes } from "./cancel.ts"
import { FulfilmentsDiffer, InvalidOrder } from "./errors.ts"
import { OrderCollected } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import { type Fulfilment, FulfilmentRequest, PlannedLines } from "./fulfilment.ts"
import { namedFor, noteSent, SomeGoods } from "./goods.ts"
import { hasLeft, isKept } from "./machine.ts"
import type { Order } from "./model.ts"
import { stopTimer, scheduleOpening, tellFulfilment } from "./open.ts"
import { type Move, unitsWhere } from "./parts.ts"
import { fulfilmentRow, goodsOf, opensLate, plansFor } from "./plan.ts"
import { moved, save } from "./save.ts"
import { leavePlace, withoutSlot } from "./shipping/places.ts"
import { putBack, sellNow } from "./stock.ts"
import { fulfilmentIn, mayChange, type OpenOrder, openOrder, select } from "./transition.ts"

const Named = { order: Id, fulfilment: Id }
const Reason = z.string().max(500)

/**
 * Gives units that are nobody's yet (all, unless `lines` are named) to a location to fulfil; their stock is kept there. With `backorder`
 * what is not free waits for stock. The order's reply lists the new fulfilment last. `goods` says which lots or pieces are handed over, when
 * they are at once (`carry-out`).
 *
 * Errors: `OrderNotFound`, `LineNotFound`, `IllegalTransition`, `InvalidOrder`, `InsufficientStock`, `WrongGoods`.
 */
export const assign = operation(
  "orders.assign",
  z.object({ order: Id, fulfilment: FulfilmentRequest, backorder: z.boolean().exactOptional(), goods: SomeGoods.exactOptional() }),
  function* (tx, { order: id, fulfilment: request, backorder = false, goods = [] }) {
    const found = yield* openOrder(tx, id)
    const { lines: named } = request
    const moves = yield* select(found, "assign", named === undefined ? {} : { lines: named })
    const counts = [...Map.groupBy(moves, ({ line }) => line.id)].map(([line, units]) => ({
      id: line,
      quantity: units.reduce((sum, { count }) => sum + count, 0)
    }))
    const [plan] = yield* plansFor(tx, [{ ...request, lines: counts.map(({ id: line, quantity }) => ({ line, quantity })) }], counts)
    if (plan!.id !== undefined && goods.length > 0)
      yield* fail(InvalidOrder.of(goods.map(({ line: at }) => ({ code: "not-handed-over", at }))))
    if (plan!.id === undefined) {
      yield* namedFor(id, moves, goods)
      const { taken } = goodsOf([plan!], found.order.lines, goods)
      if (taken.length > 0) yield* sellNow(tx, id, taken)
      noteSent(tx, found.order, goods)
      const after = save(
        tx,
        found,
        moved(found.order, moves, (part) => ({ ...part, status: "collected" })),
        { change: "collected", moves }
      )
      const facts = factsOfUnits(after.order, moves, request.location === undefined ? undefined : { location: request.location })
      tx.emit(OrderCollected, id, { ...facts, complete: after.order.status === "collected" })
      return after.order
    }
    const row = fulfilmentRow(tx, { ...found.order, placedAt: found.order.placedAt }, plan!)
    const at: OpenOrder = {
      order: { ...found.order, fulfilments: [...found.order.fulfilments, row.id] },
      fulfilments: new Map([...found.fulfilments, [row.id, row]])
    }
    const after =
      row.allocate === "due"
        ? save(
            tx,
            at,
            moved(at.order, moves, (part) => ({ ...part, fulfilment: row.id })),
            { change: "moved", moves, fulfilment: row.id },
            [row]
          )
        : backorder
          ? yield* allocateWhatIsFree(tx, at, moves, row)
          : yield* allocateAll(tx, at, moves, row)
    scheduleOpening(tx, row)
    tellFulfilment(tx, after.fulfilments.get(row.id)!, "assigned")
    return after.order
  }
)

/**
 * Nobody is to touch a fulfilment, for a reason ("address", "fraud-check"); there may be several. Its stock stays kept.
 * Errors: `OrderNotFound`, `FulfilmentNotFound`, `IllegalFulfilmentChange`.
 */
export const holdFulfilment = operation(
  "orders.holdFulfilment",
  z.object({ ...Named, reason: Id, note: Reason.exactOptional() }),
  function* (tx, { order: id, fulfilment, reason, note }) {
    const found = yield* openOrder(tx, id)
    const row = yield* fulfilmentIn(found, fulfilment)
    yield* mayChange(row, "hold")
    const others = row.holds.filter((hold) => hold.reason !== reason)
    const hold = { reason, ...(note === undefined ? {} : { note }), at: tx.now }
    const after = save(tx, found, found.order, { change: "held", fulfilment, reason }, [{ ...row, holds: [...others, hold] }])
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "held", { reason })
    return after.order
  }
)

/** Takes one of the reasons away, or all; a fulfilment without any goes on. Errors: those of `holdFulfilment`. */
export const releaseFulfilment = operation(
  "orders.releaseFulfilment",
  z.object({ ...Named, reason: Id.exactOptional() }),
  function* (tx, { order: id, fulfilment, reason }) {
    const found = yield* openOrder(tx, id)
    const row = yield* fulfilmentIn(found, fulfilment)
    yield* mayChange(row, "release")
    const holds = reason === undefined ? [] : row.holds.filter((hold) => hold.reason !== reason)
    const why = reason === undefined ? {} : { reason }
    const after = save(tx, found, found.order, { change: "released", fulfilment, ...why }, [{ ...row, holds }])
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "released", why)
    return after.order
  }
)

/**
 * Another location fulfils it: stock is kept there, and free again here. With `backorder` what is not free there waits for it. What is
 * picked or packed has to be put back first (`unassign`). Errors: those of `holdFulfilment`, `InsufficientStock`, and those of `releaseHold`.
 */
export const moveFulfilment = operation(
  "orders.moveFulfilment",
  z.object({ ...Named, to: LocationId, backorder: z.boolean().exactOptional() }),
  function* (tx, { order: id, fulfilment, to, backorder = false }) {
    const found = yield* openOrder(tx, id)
    const row = yield* fulfilmentIn(found, fulfilment)
    const mine = unitsWhere(found.order.lines, (part) => part.fulfilment === fulfilment)
    const isBegun = mine.some(({ part }) => hasLeft(part.status) || (isKept(part.status) && part.status !== "allocated"))
    yield* mayChange(row, "move", !isBegun)
    yield* putBack(tx, found.order, found.fulfilments, mine)
    const going = mine.filter(({ part }) => part.status === "allocated" || part.status === "backordered")
    const there: Fulfilment = { ...row, location: to }
    const at: OpenOrder = { order: whereIs(found, there), fulfilments: new Map([...found.fulfilments, [fulfilment, there]]) }
    const told = [{ change: "moved", fulfilment }] as const
    const after = backorder ? yield* allocateWhatIsFree(tx, at, going, there, told) : yield* allocateAll(tx, at, going, there, told)
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "moved")
    return after.order
  }
)

/** The order, with the location that all of it comes from now, if there is one. */
const whereIs = (found: OpenOrder, moving: Fulfilment): Order => {
  const { location: _, ...order } = found.order
  const others = [...found.fulfilments.values()].filter(({ id, status }) => id !== moving.id && status !== "cancelled")
  const isOne = moving.location !== undefined && others.every(({ location }) => location === moving.location)
  return isOne ? { ...order, location: moving.location! } : order
}

/**
 * Takes units (so many of each line) out of a fulfilment into one of their own, at the same place: another parcel, another day. Each
 * unit keeps what it is worth. It has no slot until it takes one. The order's reply lists the new fulfilment last.
 *
 * Errors: those of `holdFulfilment`, `LineNotFound`, `IllegalTransition` when so many are not there to be moved, `InvalidOrder` when it would
 * open after it is to be there.
 */
export const splitFulfilment = operation(
  "orders.splitFulfilment",
  z.object({ ...Named, lines: PlannedLines, opens: Instant.exactOptional(), on: Instant.exactOptional() }),
  function* (tx, { order: id, fulfilment, lines, opens, on }) {
    const found = yield* openOrder(tx, id)
    const row = yield* fulfilmentIn(found, fulfilment)
    yield* mayChange(row, "split")
    const moves = yield* select(found, "unassign", { fulfilment, lines })
    const { opensAt: _, code: __, collectBy: ___, handedOverAt: ____, slot: _____, slotAsked: ______, ...rest } = row
    const own: Fulfilment = {
      ...rest,
      id: tx.newId("ful"),
      parcels: [],
      ...(on === undefined ? {} : { on }),
      ...when(tx, opens ?? row.opensAt)
    }
    const order = { ...found.order, fulfilments: [...found.order.fulfilments, own.id] }
    const after = save(
      tx,
      found,
      moved(order, moves, (part) => ({ ...part, fulfilment: own.id })),
      { change: "split", moves, fulfilment },
      [row, own]
    )
    const late = opensLate(own.id, own.opensAt, own.on)
    if (late.length > 0) yield* fail(InvalidOrder.of(late))
    scheduleOpening(tx, own)
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "split", { other: own.id })
    return after.order
  }
)

const when = (tx: Tx, opens: number | undefined) => (opens === undefined || opens <= tx.now ? {} : { opensAt: opens })

/**
 * Brings a fulfilment into another of the order, of the same kind at the same place; it is then empty, and cancelled.
 * Errors: those of `holdFulfilment`, `FulfilmentsDiffer`.
 */
export const mergeFulfilments = operation(
  "orders.mergeFulfilments",
  z.object({ ...Named, into: Id }),
  function* (tx, { order: id, fulfilment, into }) {
    const found = yield* openOrder(tx, id)
    const [from, to] = [yield* fulfilmentIn(found, fulfilment), yield* fulfilmentIn(found, into)]
    yield* mayChange(from, "merge")
    yield* mayChange(to, "merge")
    if (fulfilment === into || from.kind !== to.kind || from.location !== to.location)
      return yield* fail(
        new FulfilmentsDiffer({
          fulfilment,
          into,
          message: `"${fulfilment}" (${from.kind}, ${from.location}) cannot go into "${into}" (${to.kind}, ${to.location}). Merge two of one kind at one place; move one first.`
        })
      )
    const moves = unitsWhere(found.order.lines, (part) => part.fulfilment === fulfilment)
    stopTimer(tx, fulfilment)
    const after = save(
      tx,
      found,
      moved(found.order, moves, (part) => ({ ...part, fulfilment: into })),
      { change: "merged", moves, fulfilment },
      [from, to]
    )
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "merged", { other: into })
    return after.order
  }
)

/**
 * Another day: when work may begin (an instant that is past begins it at once), when it is to be there. What is not told stays; a slot is
 * left when it is to be there at another time (`takeSlot` goes from slot to slot).
 * Errors: those of `holdFulfilment`, `InvalidOrder` when it would open after it is to be there.
 */
export const reschedule = operation(
  "orders.reschedule",
  z.object({ ...Named, opens: Instant.exactOptional(), on: Instant.exactOptional() }),
  function* (tx, { order: id, fulfilment, opens, on }) {
    const found = yield* openOrder(tx, id)
    const row = yield* fulfilmentIn(found, fulfilment)
    yield* mayChange(row, "reschedule")
    const isElsewhen = row.slot !== undefined && on !== undefined && on !== row.on
    if (isElsewhen) leavePlace(tx, row.slot!, row.id)
    const next: Fulfilment = {
      ...(isElsewhen ? withoutSlot(row) : row),
      ...(opens === undefined ? {} : { opensAt: opens }),
      ...(on === undefined ? {} : { on })
    }
    const late = opensLate(fulfilment, next.opensAt, next.on)
    if (late.length > 0) yield* fail(InvalidOrder.of(late))
    scheduleOpening(tx, next)
    const after = save(tx, found, found.order, { change: "rescheduled", fulfilment }, [next])
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "rescheduled")
    return after.order
  }
)

/**
 * A location gives up what it has not handed over: it goes back to the order, to be assigned anew, and its stock is free again.
 * Errors: those of `holdFulfilment`, and those of `releaseHold`.
 */
export const closeFulfilment = operation(
  "orders.closeFulfilment",
  z.object({ ...Named, reason: Reason.exactOptional() }),
  function* (tx, { order: id, fulfilment, reason }) {
    const found = yield* openOrder(tx, id)
    const row = yield* fulfilmentIn(found, fulfilment)
    yield* mayChange(row, "close")
    const moves: ReadonlyArray<Move> = unitsWhere(
      found.order.lines,
      (part) => part.fulfilment === fulfilment && (isKept(part.status) || part.status === "backordered" || part.status === "placed")
    )
    yield* putBack(tx, found.order, found.fulfilments, moves)
    stopTimer(tx, fulfilment)
    const why = reason === undefined ? {} : { reason }
    const order = moved(found.order, moves, ({ count }) => ({ count, status: "placed" }))
    const after = save(tx, found, order, { change: "closed", moves, fulfilment, ...why }, [{ ...row, givenUp: true }])
    freeCodes(tx, after, moves)
    tellFulfilment(tx, after.fulfilments.get(fulfilment)!, "closed", why)
    return after.order
  }
)
