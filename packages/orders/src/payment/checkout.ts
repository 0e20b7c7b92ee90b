import { days, fail, Id, type InvalidInput, money, type Money, operation, type Tx } from "@omni/core"
import { extendHold, hold, type HoldClosed, type HoldNotFound, type InsufficientStock, type StockLine } from "@omni/inventory"
import * as z from "zod"

import { serveEarlier } from "../backorder.ts"
import type { HoldMismatch, InvalidOrder } from "../errors.ts"
import { missingIn, withGifts } from "../gifts.ts"
import { plansOf } from "../place.ts"
import { goodsOf } from "../plan.ts"
import { OrderRequest, type Priced, priced } from "../request.ts"
import { mismatchOf } from "../stock.ts"
import { assertFew, begin, begunRow, type PaidFor, TenderInput } from "./begin.ts"
import { orderOfCart } from "./cart-order.ts"
import { CartOrdered, CheckoutNotFound, CheckoutOver, type ProviderNotFound, type TenderDeclined, TendersMismatch } from "./errors.ts"
import { standing } from "./figures.ts"
import { foreseeCheckouts, foreseeOpening } from "./foresee.ts"
import { CartCheckouts, type Checkout, CheckoutOpened, Checkouts, Payments } from "./model.ts"
import { giveBack, tenderRequest } from "./move.ts"
import { type CheckoutState, type PaymentSettings, referenceOf } from "./settings.ts"
import { closeCheckout, settle, stateOf } from "./settle.ts"

/** Why a checkout may not be opened. */
export type CheckoutDeclined =
  | InvalidInput
  | InvalidOrder
  | InsufficientStock
  | HoldMismatch
  | HoldNotFound
  | HoldClosed
  | ProviderNotFound
  | TendersMismatch
  | TenderDeclined
  | CartOrdered

/** How long money that comes late may still buy: a transfer takes days, and what a checkout was for is not kept for ever. */
const LATEST = days(30)

/** Operations of checkouts. */
export const checkoutOperations = (settings: PaymentSettings) => {
  /** What a cart's goods and money were begun for before gives way to what is begun now. */
  const replace = (tx: Tx, before: Checkout, hold: string | undefined): void => {
    tx.cancel(timerOf(before.id))
    // The same hold goes on to the new one.
    const { hold: kept, ...bare } = before
    settle(tx, settings, closeCheckout(tx, settings, kept !== undefined && kept === hold ? bare : before, "cancelled", "replaced"))
  }

  /** The checkout of a cart that is open; one that has lapsed or was called off does not stand in the way. */
  function* openBefore(tx: Tx, cart: string | undefined): Generator<CartOrdered, Checkout | undefined, unknown> {
    if (cart === undefined) return undefined
    const order = orderOfCart(tx, cart)
    if (order !== undefined) return yield* fail(CartOrdered.of(cart, order.id))
    const row = tx.get(CartCheckouts, cart)
    const before = row === undefined ? undefined : tx.get(Checkouts, row.checkout)
    return before?.status === "open" ? before : undefined
  }

  /** Ends a checkout whose time is up. Run by the timer that `openCheckout` sets. */
  const lapse = operation("payments.lapse", z.object({ checkout: Id }), function* (tx, { checkout: id }) {
    const found = tx.get(Checkouts, id)
    if (found?.status !== "open" || found.expiresAt > tx.now) return
    foreseeCheckouts(tx, settings, [found])
    const row = settle(tx, settings, closeCheckout(tx, settings, found, "lapsed", "lapsed"))
    if (row.status === "lapsed") tx.schedule(tx.now + LATEST, forget, { checkout: id }, { key: forgetOf(id), subject: id })
  })

  /** Forgets what a checkout was for that nobody paid: from then on money that comes all the same is given back. Run by a timer. */
  const forget = operation("payments.forgetRequest", z.object({ checkout: Id }), function* (tx, { checkout: id }) {
    const found = tx.get(Checkouts, id)
    if (found?.status !== "lapsed") return
    const { request: _, ...rest } = found
    tx.put(Checkouts, id, rest)
  })

  /**
   * Fixes an order and holds its goods while the payer is asked for the money: by one tender or several. When what they promise covers the
   * total, by whatever way that is told, the order is placed in the same commit; the browser need not come back for it.
   *
   * A gift that is not in stock is left out, as by `place`.
   *
   * A cart has one open checkout. When it is opened again (a double click, another device) for the same goods, at the same prices, by the
   * same tenders, the answer is the one that is open, `as: "again"`. What differs takes its place, `as: "instead"`: what was begun before is given
   * back. So a cart is never bought twice.
   *
   * Errors: `CheckoutDeclined`.
   */
  const openCheckout = operation(
    "payments.openCheckout",
    z.object({
      order: OrderRequest,
      tenders: z.array(TenderInput).max(20),
      ttl: z
        .int()
        .positive()
        .max(30 * 86_400_000)
        .exactOptional()
    }),
    function* (tx, { order, tenders: given, ttl = settings.ttl }): Generator<CheckoutDeclined, OpenedCheckout, unknown> {
      const { lines, totals } = yield* priced(order)
      const { hold, ...request } = order
      const { customer, cart } = request
      const all = yield* shares(totals.total, given)
      // Where a gift card, or a coupon, pays for all of it, nobody is asked for nothing.
      const tenders = given.filter((_, i) => all[i]! > 0)
      const amounts = all.filter((amount) => amount > 0)
      const ordered: Checkout["request"] = { ...channelOf(tx), ...request, total: totals.total }
      const whose = { ...(customer === undefined ? {} : { customer }), currency: totals.total.currency }
      const ids = tenders.map(() => tx.newId("pay"))
      const begun = tenders.map((tender, i) => ({ id: ids[i]!, about: whose, tender, amount: amounts[i]! }))
      foreseeOpening(
        tx,
        settings,
        order,
        begun.map((one) => ({
          provider: one.tender.provider,
          request: tenderRequest(begunRow(tx, settings, one), one.amount, one.tender.token)
        }))
      )
      const before = yield* openBefore(tx, cart)
      if (before !== undefined) foreseeCheckouts(tx, settings, [before])
      if (before !== undefined && isSame(tx, settings, before, ordered, { given: hold, tenders, amounts }))
        return { ...stateOf(before), as: "again" }
      const id = tx.newId("chk")
      if (before !== undefined) replace(tx, before, hold)
      const { hold: kept, ...without } = yield* withGifts(tx, order, [], (left, missing) =>
        holdFor(tx, id, left, lines, ttl, missingIn(missing))
      )
      const expiresAt = tx.now + ttl
      const draft: Checkout = {
        id,
        status: "open",
        ...(customer === undefined ? {} : { customer }),
        ...(cart === undefined ? {} : { cart }),
        request: ordered,
        total: totals.total,
        ...without,
        ...(kept === undefined ? {} : { hold: kept }),
        payments: [],
        openedAt: tx.now,
        expiresAt
      }
      const payments: Array<string> = []
      for (const [i, tender] of tenders.entries())
        payments.push((yield* begin(tx, settings, paidFor(draft), tender, amounts[i]!, ids[i])).id)
      const row = tx.put(Checkouts, id, { ...draft, payments })
      if (cart !== undefined) tx.put(CartCheckouts, cart, { checkout: id })
      tx.schedule(expiresAt, lapse, { checkout: id }, { key: timerOf(id) })
      tx.emit(CheckoutOpened, id, {
        checkout: id,
        ...(customer === undefined ? {} : { customer }),
        ...(cart === undefined ? {} : { cart }),
        total: totals.total,
        expiresAt
      })
      settings.checkouts?.opened(tx, stateOf(row))
      const state = ended(tx, settle(tx, settings, row))
      return before === undefined ? { ...state, as: "new" } : { ...state, as: "instead", replaced: before.id }
    }
  )

  /**
   * Another tender for what is not covered yet: when a card was declined, or promised only a part. What was begun before and nothing has
   * come of is not wanted any more, so that nobody pays twice.
   *
   * Errors: `CheckoutNotFound`, `CheckoutOver`, `TooManyPayments`, and those of a tender.
   */
  const pay = operation("payments.pay", z.object({ checkout: Id, tender: TenderInput }), function* (tx, { checkout: id, tender }) {
    const found = yield* openOne(tx, id)
    const rows = tx.getMany(Payments, found.payments).filter((row) => row !== undefined)
    const missing = found.total.amount - rows.filter(({ unwanted }) => unwanted !== true).reduce((sum, row) => sum + standing(row), 0)
    const amount = tender.amount ?? missing
    if (amount > missing || amount <= 0)
      return yield* fail(TendersMismatch.of(money(missing, found.total.currency), money(amount, found.total.currency)))
    for (const row of rows) if (row.unwanted !== true && standing(row) === 0) giveBack(tx, settings, row)
    yield* assertFew(id, rows)
    const payment = yield* begin(tx, settings, paidFor(found), tender, amount)
    return ended(tx, settle(tx, settings, tx.put(Checkouts, id, { ...found, payments: [...found.payments, payment.id] })))
  })

  /** Calls a checkout off: its goods are free, its money is given back, and what still comes is given back too. Errors: `CheckoutNotFound`, `CheckoutOver`. */
  const cancelCheckout = operation("payments.cancelCheckout", z.object({ checkout: Id }), function* (tx, { checkout: id }) {
    const found = tx.get(Checkouts, id)
    if (found === undefined) return yield* fail(CheckoutNotFound.of(id))
    if (found.status === "cancelled") return stateOf(found)
    if (found.status === "placed") return yield* fail(CheckoutOver.of(found))
    foreseeCheckouts(tx, settings, [found])
    tx.cancel(timerOf(id))
    return stateOf(settle(tx, settings, closeCheckout(tx, settings, found, "cancelled", "cancelled")))
  })
  return { operations: { openCheckout, pay, cancelCheckout }, internal: [lapse, forget] }
}

/** What is asked of a provider says for what. */
const paidFor = ({ id, customer, total }: Checkout): PaidFor => ({
  checkout: id,
  ...(customer === undefined ? {} : { customer }),
  currency: total.currency
})

interface Means {
  readonly given: string | undefined
  readonly tenders: ReadonlyArray<TenderInput>
  readonly amounts: ReadonlyArray<number>
}

/** Whether a checkout is for the same goods, at the same prices, by the same tenders, none of which has come to nothing, and in time. */
const isSame = (tx: Tx, settings: PaymentSettings, before: Checkout, ordered: Checkout["request"], means: Means): boolean => {
  const { given, tenders, amounts } = means
  if (before.expiresAt <= tx.now || (given !== undefined && given !== before.hold)) return false
  // It may be at another till or device: that does not make it another purchase.
  const bare = (request: Checkout["request"]): string => JSON.stringify({ ...request, channel: undefined })
  if (before.request === undefined || bare(before.request) !== bare(ordered)) return false
  const rows = tx.getMany(Payments, before.payments).filter((row) => row !== undefined && row.unwanted !== true)
  if (tenders.length === 0) return true
  // Which card is nobody's to know here; which gift card is.
  const asks = (provider: string, amount: number, token: string | undefined): string =>
    JSON.stringify([provider, amount, settings.tenders.has(provider) ? token : undefined])
  const kept = (provider: string, token: string | undefined): string | undefined => {
    const tender = settings.tenders.get(provider)
    return tender === undefined || token === undefined ? token : referenceOf(tender, token)
  }
  const known = rows.map((row) => asks(row!.provider, row!.amount, row!.reference))
  const live = rows.every((row) => row!.status === "pending" || standing(row!) > 0)
  return (
    live &&
    JSON.stringify(known) === JSON.stringify(tenders.map(({ provider, token }, i) => asks(provider, amounts[i]!, kept(provider, token))))
  )
}

const forgetOf = (checkout: string): string => `payments.forgetRequest/${checkout}`

const timerOf = (checkout: string): string => `payments.lapse/${checkout}`

/** A checkout that was opened, or was open: `again` is the one that the cart had, `instead` has taken the place of `replaced`. */
export interface OpenedCheckout extends CheckoutState {
  readonly as: "new" | "again" | "instead"
  readonly replaced?: string
}

/** A checkout that is over needs no timer. */
const ended = (tx: Tx, checkout: Checkout): CheckoutState => {
  if (checkout.status !== "open") tx.cancel(timerOf(checkout.id))
  return stateOf(checkout)
}

function* openOne(tx: Tx, id: string): Generator<CheckoutNotFound | CheckoutOver, Checkout, unknown> {
  const found = tx.get(Checkouts, id)
  if (found === undefined) return yield* fail(CheckoutNotFound.of(id))
  return found.status === "open" ? found : yield* fail(CheckoutOver.of(found))
}

/** What each tender is for: of nothing where the others leave nothing. */
function* shares(total: Money, tenders: ReadonlyArray<TenderInput>): Generator<TendersMismatch, ReadonlyArray<number>, unknown> {
  const named = tenders.reduce((sum, { amount = 0 }) => sum + amount, 0)
  const open = tenders.filter(({ amount }) => amount === undefined).length
  const rest = total.amount - named
  const fits = open === 0 ? rest === 0 || tenders.length === 0 : open === 1 && rest >= 0
  if (!fits) return yield* fail(TendersMismatch.of(total, money(named, total.currency)))
  return tenders.map(({ amount }) => amount ?? rest)
}

/** Holds the goods of what is ordered: all that it is to have, or by the hold that was given. */
function* holdFor(
  tx: Tx,
  checkout: string,
  order: OrderRequest,
  all: Priced["lines"],
  ttl: number,
  missing: Pick<Checkout, "giftsMissing">
): Generator<HoldRefused, Pick<Checkout, "giftsMissing" | "hold">, unknown> {
  const gone = new Set(missing.giftsMissing?.map(({ line }) => line))
  const lines = all.filter(({ id }) => !gone.has(id))
  const goods = goodsOf(yield* plansOf(tx, order, { lines }), lines)
  // What may be waited for is not held: it is looked for when the order is placed.
  const needed = order.backorder === true ? [] : [...goods.taken, ...goods.kept]
  if (order.hold === undefined) yield* serveEarlier(tx, { id: checkout, placedAt: tx.now }, needed)
  const hold = yield* keep(tx, checkout, order.hold, needed, ttl)
  return hold === undefined ? missing : { ...missing, hold }
}

type HoldRefused = InvalidOrder | InsufficientStock | HoldMismatch | HoldNotFound | HoldClosed | InvalidInput

function* keep(
  tx: Tx,
  checkout: string,
  given: string | undefined,
  lines: Array<StockLine>,
  ttl: number
): Generator<HoldRefused, string | undefined, unknown> {
  if (given !== undefined) {
    const { lines: kept } = yield* extendHold(tx, { hold: given, ttl })
    // Said now, and not when somebody has paid.
    const mismatch = mismatchOf(given, kept, lines)
    return mismatch === undefined ? given : yield* fail(mismatch)
  }
  return lines.length === 0 ? undefined : (yield* hold(tx, { lines, ttl, reference: checkout })).id
}

const channelOf = ({ actor }: Tx) => (actor.channel === undefined ? {} : { channel: actor.channel })
