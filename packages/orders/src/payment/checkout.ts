import { fail, Id, type InvalidInput, money, type Money, operation, PositiveCount, type Tx } from "@omni/core"
import { extendHold, hold, type HoldClosed, type HoldNotFound, type InsufficientStock, type StockLine } from "@omni/inventory"
import * as z from "zod"

import { serveEarlier } from "../backorder.ts"
import type { HoldMismatch, InvalidOrder } from "../errors.ts"
import { plansOf } from "../place.ts"
import { goodsOf } from "../plan.ts"
import { OrderRequest, priced } from "../request.ts"
import { mismatchOf } from "../stock.ts"
import { tellProvider } from "./command.ts"
import { CheckoutNotFound, CheckoutOver, type ProviderNotFound, type TenderDeclined, TendersMismatch } from "./errors.ts"
import { NOTHING_YET, standing } from "./figures.ts"
import { type Checkout, CheckoutOpened, Checkouts, type Payment, Payments } from "./model.ts"
import { giveBack, tenderRequest } from "./move.ts"
import { assertKnown, type PaymentSettings } from "./settings.ts"
import { closeCheckout, settle } from "./settle.ts"
import { takeOver } from "./take-over.ts"

/** What is paid with. One tender of a checkout may leave its amount out: it gets what the others leave. */
export const TenderInput = z.object({
  provider: Id,
  amount: PositiveCount.exactOptional(),
  returnUrl: z.url().max(2000).exactOptional(),
  /** A provider's word for a card that it knows, made by its script in the browser; a gift card's code; an account. Never a card number. */
  token: z.string().min(1).max(200).exactOptional()
})
export type TenderInput = z.infer<typeof TenderInput>

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

/** Operations of checkouts. */
export const checkoutOperations = (settings: PaymentSettings) => {
  /** Ends a checkout whose time is up. Run by the timer that `openCheckout` sets. */
  const lapse = operation("payments.lapse", z.object({ checkout: Id }), function* (tx, { checkout: id }) {
    const found = tx.get(Checkouts, id)
    if (found?.status !== "open" || found.expiresAt > tx.now) return
    settle(tx, settings, closeCheckout(tx, found, "lapsed", "lapsed"))
  })

  function* begin(
    tx: Tx,
    checkout: Checkout,
    tender: TenderInput,
    amount: number
  ): Generator<ProviderNotFound | TenderDeclined, Payment, unknown> {
    yield* assertKnown(settings, tender.provider)
    const { customer } = checkout
    const { returnUrl, token, provider } = tender
    const ours = settings.tenders.get(provider)
    const row: Payment = {
      id: tx.newId("pay"),
      checkout: checkout.id,
      ...(customer === undefined ? {} : { customer }),
      provider,
      currency: checkout.total.currency,
      amount,
      ...NOTHING_YET,
      ...(ours === undefined || token === undefined ? {} : { reference: token }),
      begunAt: tx.now
    }
    tx.put(Payments, row.id, row)
    if (ours !== undefined) {
      yield* ours.authorise(tx, tenderRequest(row, amount))
      return takeOver(tx, row, { authorised: amount })
    }
    const about = { payment: row.id, checkout: checkout.id, amount, currency: row.currency }
    tellProvider(tx, row, {
      kind: "begin",
      ...about,
      ...(customer === undefined ? {} : { customer }),
      ...(returnUrl === undefined ? {} : { returnUrl }),
      ...(token === undefined ? {} : { token })
    })
    return row
  }

  /**
   * Fixes an order and holds its goods while the payer is asked for the money: by one tender or several. When what they promise covers the
   * total, by whatever way that is told, the order is placed in the same commit; the browser need not come back for it.
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
    function* (tx, { order, tenders, ttl = settings.ttl }): Generator<CheckoutDeclined, CheckoutState, unknown> {
      const { lines, totals } = yield* priced(order)
      const id = tx.newId("chk")
      const { hold: given, ...request } = order
      const { customer, cart } = request
      const amounts = yield* shares(totals.total, tenders)
      const goods = goodsOf(yield* plansOf(tx, order, { lines }), lines)
      // What may be waited for is not held: it is looked for when the order is placed.
      const needed = order.backorder === true ? [] : [...goods.taken, ...goods.kept]
      if (given === undefined) yield* serveEarlier(tx, { id, placedAt: tx.now }, needed)
      const kept = yield* keep(tx, id, given, needed, ttl)
      const expiresAt = tx.now + ttl
      const draft: Checkout = {
        id,
        status: "open",
        ...(customer === undefined ? {} : { customer }),
        ...(cart === undefined ? {} : { cart }),
        request: { ...channelOf(tx), ...request, total: totals.total },
        total: totals.total,
        ...(kept === undefined ? {} : { hold: kept }),
        payments: [],
        openedAt: tx.now,
        expiresAt
      }
      const payments: Array<string> = []
      for (const [i, tender] of tenders.entries()) payments.push((yield* begin(tx, draft, tender, amounts[i]!)).id)
      const row = tx.put(Checkouts, id, { ...draft, payments })
      tx.schedule(expiresAt, lapse, { checkout: id }, { key: timerOf(id) })
      tx.emit(CheckoutOpened, id, {
        checkout: id,
        ...(customer === undefined ? {} : { customer }),
        ...(cart === undefined ? {} : { cart }),
        total: totals.total,
        expiresAt
      })
      return ended(tx, settle(tx, settings, row))
    }
  )

  /**
   * Another tender for what is not covered yet: when a card was declined, or promised only a part. What was begun before and nothing has
   * come of is not wanted any more, so that nobody pays twice.
   *
   * Errors: `CheckoutNotFound`, `CheckoutOver`, and those of a tender.
   */
  const pay = operation("payments.pay", z.object({ checkout: Id, tender: TenderInput }), function* (tx, { checkout: id, tender }) {
    const found = yield* openOne(tx, id)
    const rows = tx.getMany(Payments, found.payments).filter((row) => row !== undefined)
    const missing = found.total.amount - rows.filter(({ unwanted }) => unwanted !== true).reduce((sum, row) => sum + standing(row), 0)
    const amount = tender.amount ?? missing
    if (amount > missing || amount <= 0)
      return yield* fail(TendersMismatch.of(money(missing, found.total.currency), money(amount, found.total.currency)))
    for (const row of rows) if (row.unwanted !== true && standing(row) === 0) giveBack(tx, settings, row)
    const payment = yield* begin(tx, found, tender, amount)
    return ended(tx, settle(tx, settings, tx.put(Checkouts, id, { ...found, payments: [...found.payments, payment.id] })))
  })

  /** Calls a checkout off: its goods are free, its money is given back, and what still comes is given back too. Errors: `CheckoutNotFound`, `CheckoutOver`. */
  const cancelCheckout = operation("payments.cancelCheckout", z.object({ checkout: Id }), function* (tx, { checkout: id }) {
    const found = tx.get(Checkouts, id)
    if (found === undefined) return yield* fail(CheckoutNotFound.of(id))
    if (found.status === "cancelled") return stateOf(found)
    if (found.status === "placed") return yield* fail(CheckoutOver.of(found))
    tx.cancel(timerOf(id))
    return stateOf(settle(tx, settings, closeCheckout(tx, found, "cancelled", "cancelled")))
  })
  return { operations: { openCheckout, pay, cancelCheckout }, lapse }
}

const timerOf = (checkout: string): string => `payments.lapse/${checkout}`

/** A checkout without what is ordered: an answer is kept under its key, and holds nothing that is personal. */
export type CheckoutState = Omit<Checkout, "request">

const stateOf = (checkout: Checkout): CheckoutState => {
  const { request: _, ...state } = checkout
  return state
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

/** What each tender is for. */
function* shares(total: Money, tenders: ReadonlyArray<TenderInput>): Generator<TendersMismatch, ReadonlyArray<number>, unknown> {
  const named = tenders.reduce((sum, { amount = 0 }) => sum + amount, 0)
  const open = tenders.filter(({ amount }) => amount === undefined).length
  const rest = total.amount - named
  const fits = open === 0 ? rest === 0 || tenders.length === 0 : open === 1 && rest > 0
  if (!fits) return yield* fail(TendersMismatch.of(total, money(named, total.currency)))
  return tenders.map(({ amount }) => amount ?? rest)
}

function* keep(
  tx: Tx,
  checkout: string,
  given: string | undefined,
  lines: Array<StockLine>,
  ttl: number
): Generator<InsufficientStock | HoldMismatch | HoldNotFound | HoldClosed | InvalidInput, string | undefined, unknown> {
  if (given !== undefined) {
    const { lines: kept } = yield* extendHold(tx, { hold: given, ttl })
    // Said now, and not when somebody has paid.
    const mismatch = mismatchOf(given, kept, lines)
    return mismatch === undefined ? given : yield* fail(mismatch)
  }
  return lines.length === 0 ? undefined : (yield* hold(tx, { lines, ttl, reference: checkout })).id
}

const channelOf = ({ actor }: Tx) => (actor.channel === undefined ? {} : { channel: actor.channel })
