import { addCivilDays, CivilDate, Country, fail, Id, Instant, operation, query, reactor, toCivilDate, type Tx } from "@omni/core"
import { LocationId } from "@omni/inventory"
import * as z from "zod"

import type { FulfilmentNotFound, IllegalFulfilmentChange, OrderNotFound } from "../errors.ts"
import { FulfilmentChanged, OrderPlaced } from "../events.ts"
import { type Fulfilment, Fulfilments } from "../fulfilment.ts"
import { fulfilmentMachine } from "../machine.ts"
import { Orders } from "../model.ts"
import { scheduleOpening, tellFulfilment } from "../open.ts"
import { save } from "../save.ts"
import { openTask } from "../tasks.ts"
import { fulfilmentIn, mayChange, type OpenOrder, openOrder } from "../transition.ts"
import { type LocationNotServed, type MethodNotFound, SlotFull, SlotMismatch, SlotNotFound, type SlotProblem } from "./errors.ts"
import type { ShippingMethod } from "./method.ts"
import { type SlotRef, SlotRef as SlotRefSchema, SlotReferences, Slots } from "./model.ts"
import { keepPlace, leavePlace, leaveReference, placesIn, slotKey, withoutSlot } from "./places.ts"
import { isOffered, type Methods, type Slot, slotsAt, type Window, windowsOn } from "./windows.ts"
import { type Destination, isInZone } from "./zone.ts"

const whose = { order: Id.exactOptional(), fulfilment: Id.exactOptional(), reference: Id.exactOptional() }

const isOfOrder = ({ order, fulfilment }: { readonly order?: string; readonly fulfilment?: string }): boolean =>
  (order === undefined) === (fulfilment === undefined)

const Take = z
  .object({
    slot: SlotRefSchema,
    ...whose,
    /** How long a place is kept for a `reference`. */
    until: Instant.exactOptional(),
    /** Where it is to go, as far as it is known: a fulfilment has its own address. */
    destination: z
      .object({ country: Country, region: z.string().max(200).exactOptional(), postalCode: z.string().max(20).exactOptional() })
      .exactOptional()
  })
  .refine(isOfOrder, { error: "Name a fulfilment together with its order" })
  .refine(({ fulfilment, reference }) => (fulfilment ?? reference) !== undefined, { error: "Say for whom: a fulfilment or a reference" })
  .refine(({ fulfilment, until }) => fulfilment === undefined || until === undefined, {
    path: ["until"],
    error: "A fulfilment has its place for as long as it needs it"
  })
  .refine(({ fulfilment, until }) => fulfilment !== undefined || until !== undefined, {
    path: ["until"],
    error: "Say until when a place is kept for a reference: as long as the customer has to pay, say"
  })

const Leave = z
  .object({ slot: SlotRefSchema.exactOptional(), ...whose })
  .refine(isOfOrder, { error: "Name a fulfilment together with its order" })
  .refine(({ fulfilment, slot, reference }) => fulfilment !== undefined || (slot !== undefined && reference !== undefined), {
    error: "Name a fulfilment, or a slot and a reference"
  })

type TakeRefused =
  | MethodNotFound
  | LocationNotServed
  | SlotNotFound
  | SlotFull
  | SlotMismatch
  | OrderNotFound
  | FulfilmentNotFound
  | IllegalFulfilmentChange

/** Operations and queries of delivery and pickup slots. */
export const slotOperations = (methods: Methods) => {
  /**
   * Takes a place in a slot. For a `reference`, a cart or a checkout, it is kept until a time, while the customer pays, say; a reference has one
   * place, and leaves the one that it had when it takes another (a cart of which two things come apart has a reference for each). For a
   * fulfilment it is kept until nothing of it is to come: cancelled, given up, moved elsewhere or rescheduled, it leaves the slot in the same
   * commit; one that takes another slot goes over to it, opens as long before as it did, and keeps the old one when that is full. With both, the fulfilment takes the place
   * of the reference over. Who has a place already keeps it. No slot has more than its capacity, however many ask at once.
   *
   * Errors: `MethodNotFound`, `LocationNotServed`, `SlotNotFound`, `SlotFull`; `SlotMismatch` when it is not a slot for this fulfilment or
   * destination; `OrderNotFound`, `FulfilmentNotFound`, `IllegalFulfilmentChange`.
   */
  const takeSlot = operation("shipping.takeSlot", Take, function* (tx, input): Generator<TakeRefused, Slot, unknown> {
    const { slot, order, fulfilment, reference, until, destination } = input
    const method = yield* slotsAt(methods, slot.method, slot.location)
    const found = order === undefined ? undefined : yield* openOrder(tx, order)
    const row = found === undefined ? undefined : yield* fulfilmentIn(found, fulfilment!)
    if (row !== undefined) yield* mayChange(row, "book")
    const problems = problemsOf(method, slot, row, destination)
    if (problems.length > 0) yield* fail(mismatch(slot, problems))
    const mine = new Set([fulfilment, reference])
    const live = placesIn(tx, slot, tx.now)
    const others = live.filter((place) => !mine.has(place.reference))
    const { capacity, ...about } = yield* windowFor(method, slot, tx.now, others.length < live.length)
    if (others.length >= capacity)
      return yield* fail(new SlotFull({ slot, capacity, message: `All ${capacity} places at ${slot.from} on ${slot.date} are taken.` }))
    const place = fulfilment === undefined ? { reference: reference!, until: until! } : { reference: fulfilment, order: order! }
    if (fulfilment === undefined) keepPlace(tx, slot, reference!, until!)
    else if (reference !== undefined) leaveReference(tx, reference)
    tx.put(Slots, slotKey(slot), { places: [...others, place] })
    if (found !== undefined && row !== undefined) goOver(tx, found, row, slot, about.begins)
    return { ...about, left: capacity - others.length - 1 }
  })

  /**
   * Gives a place back: that of a fulfilment, or of a reference in a slot. Nothing happens when there is none.
   * Errors: `OrderNotFound`, `FulfilmentNotFound`.
   */
  const leaveSlot = operation("shipping.leaveSlot", Leave, function* (tx, { slot, order, fulfilment, reference }): Generator<
    OrderNotFound | FulfilmentNotFound,
    void,
    unknown
  > {
    if (order === undefined) {
      const had = tx.get(SlotReferences, reference!)
      return had === undefined || slotKey(had.slot) !== slotKey(slot!) ? undefined : leaveReference(tx, reference!)
    }
    const found = yield* openOrder(tx, order)
    const row = yield* fulfilmentIn(found, fulfilment!)
    if (row.slot === undefined || (slot !== undefined && slotKey(slot) !== slotKey(row.slot))) return
    leavePlace(tx, row.slot, row.id)
    save(tx, found, found.order, { change: "rescheduled", fulfilment: row.id }, [withoutSlot(row)])
  })

  /**
   * The slots of a method that can be had, from a day on (today unless told), full ones with `left: 0`.
   * Errors: `MethodNotFound`, `LocationNotServed`.
   */
  const slots = query(
    "shipping.slots",
    z.object({
      method: Id,
      location: LocationId.exactOptional(),
      from: CivilDate.exactOptional(),
      days: z.int().min(1).max(60).exactOptional()
    }),
    function* (view, { method: id, location, from, days = 7 }) {
      const method = yield* slotsAt(methods, id, location)
      const today = toCivilDate(view.now, method.dispatch.zone)
      const first = from === undefined || from < today ? today : from
      const dates = Array.from({ length: days }, (_, i) => addCivilDays(first, i))
      const windows = dates
        .flatMap((date) => windowsOn(method, date, location))
        .filter((window) => isOffered(method, window, view.now, today))
      view.getMany(Slots, windows.map(slotKey))
      return windows.map(({ capacity, ...window }): Slot => ({
        ...window,
        left: Math.max(0, capacity - placesIn(view, window, view.now).length)
      }))
    }
  )

  /** Who has a place in a slot, in the order in which they took it: what is to be brought, or fetched, in it. */
  const slotPlaces = query("shipping.slotPlaces", z.object({ slot: SlotRefSchema }), function* (view, { slot }) {
    return placesIn(view, slot, view.now)
  })
  const booking = reactor("shipping.bookSlots", [OrderPlaced, FulfilmentChanged], function* (tx, { data }) {
    if ("change" in data && data.change !== "assigned") return
    const ids = "change" in data ? [data.fulfilment] : data.fulfilments
    for (const row of tx.getMany(Fulfilments, ids)) {
      if (row?.slotAsked === undefined) continue
      const { reference, ...slot } = row.slotAsked
      const about = { order: row.order, fulfilment: row.id, ...(reference === undefined ? {} : { reference }) }
      const taken = tx.attempt(takeSlot(tx, { slot, ...about }))
      if (!taken.ok) withoutPlace(tx, row, taken.error)
    }
  })
  return { operations: { takeSlot, leaveSlot }, queries: { slots, slotPlaces }, booking }
}

/** An order cannot be refused any more when its slot turns out to be full: that is a task for somebody. */
const withoutPlace = (tx: Tx, row: Fulfilment, { message }: TakeRefused): void => {
  const order = tx.get(Orders, row.order)
  const { slotAsked, ...rest } = row
  if (slotAsked?.reference !== undefined) leaveReference(tx, slotAsked.reference)
  tx.put(Fulfilments, row.id, rest)
  if (order !== undefined && fulfilmentMachine.book.includes(row.status))
    openTask(tx, order, "slot-lost", message, { key: `${row.id} slot` })
}

/** The window of a slot, if it can still be had; who has a place in it has it also when it is too late for others. */
function* windowFor(method: ShippingMethod, slot: SlotRef, now: number, isHad: boolean): Generator<SlotNotFound, Window, unknown> {
  const window = windowsOn(method, slot.date, slot.location).find(({ from }) => from === slot.from)
  const isOpen =
    window !== undefined && (isHad ? window.ends > now : isOffered(method, window, now, toCivilDate(now, method.dispatch.zone)))
  if (isOpen) return window
  return yield* fail(
    new SlotNotFound({
      slot,
      message: `There is no slot at ${slot.from} on ${slot.date} that could still be had. See which are with slots.`
    })
  )
}

/** All that speaks against a slot: it is of another way, of another location, or for others than whom it shall go to. */
const problemsOf = (
  { kind, locations, rates }: ShippingMethod,
  slot: SlotRef,
  row: Fulfilment | undefined,
  destination: Destination | undefined
): ReadonlyArray<SlotProblem> => {
  const problems: Array<SlotProblem> = []
  if (row !== undefined && (row.kind === "pickup") !== (kind === "pickup")) problems.push("kind")
  if (row !== undefined && locations !== undefined && slot.location !== row.location) problems.push("location")
  const isZoned = kind === "delivery" && rates.every(({ zone }) => zone !== undefined)
  if (!isZoned) return problems
  const to = row?.address ?? destination
  if (to === undefined) return row === undefined ? problems : [...problems, "no-address"]
  return rates.some(({ zone }) => isInZone(zone!, to)) ? problems : [...problems, "zone"]
}

const WHY: { readonly [P in SlotProblem]: string } = {
  kind: "the fulfilment reaches the customer in another way",
  location: "the fulfilment is another location's",
  zone: "the method does not go to its address",
  "no-address": "the method goes to some addresses only, and this one is not known"
}

const mismatch = (slot: SlotRef, problems: ReadonlyArray<SlotProblem>): SlotMismatch =>
  new SlotMismatch({
    slot,
    problems,
    message: `The slot at ${slot.from} on ${slot.date} of "${slot.method}" cannot be taken: ${problems.map((problem) => WHY[problem]).join("; ")}.`
  })

/** A fulfilment goes over to a slot from the one that it had, if it had one. */
const goOver = (tx: Tx, found: OpenOrder, row: Fulfilment, slot: SlotRef, on: number): void => {
  if (row.slot !== undefined && slotKey(row.slot) === slotKey(slot) && row.on === on) return
  if (row.slot !== undefined && slotKey(row.slot) !== slotKey(slot)) leavePlace(tx, row.slot, row.id)
  // Work on it begins as long before as it was to.
  const opens = row.opensAt === undefined || row.on === undefined ? {} : { opensAt: row.opensAt + on - row.on }
  const { slotAsked: _, ...rest } = row
  const next = { ...rest, slot, on, ...opens }
  scheduleOpening(tx, next)
  const after = save(tx, found, found.order, { change: "rescheduled", fulfilment: row.id }, [next])
  tellFulfilment(tx, after.fulfilments.get(row.id)!, "rescheduled")
}
