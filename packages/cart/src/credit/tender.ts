import { Currency, type Duration, fail, type Tx } from "@omni/core"
import { type Tender, TenderDeclined } from "@omni/orders"

import { added, declined, findAccount, GRACE, openStoreCredit, storeCreditId } from "./ledger.ts"
import { lot } from "./lots.ts"
import { CreditAccounts, CreditReferences } from "./model.ts"
import { giveBackUnder, takeUnder } from "./taken.ts"

type TenderRequest = Parameters<Tender["authorise"]>[1]

interface Request {
  readonly payment: string
  readonly amount: number
  readonly currency: string
}

const take = function* (tx: Tx, provider: string, id: string | undefined, { payment, amount, currency }: Request) {
  const account = id === undefined ? undefined : findAccount(tx, id)
  const refuse = (available: number, message: string) => fail(new TenderDeclined({ provider, available, message }))
  if (account === undefined)
    return yield* refuse(0, id === undefined ? "Store credit needs a customer." : `There is no ${provider} "${id}": is it the right token?`)
  const error = declined(account, { amount, currency: Currency.parse(currency) }, tx.now)
  if (error !== undefined) return yield* refuse(error.available.amount, error.message)
  takeUnder(tx, account, { key: paidKey(payment), amount, reference: payment })
}

const paidKey = (payment: string): string => `payment ${payment}`

const tenderBy = (provider: string, grace: Duration, accountOf: (request: TenderRequest) => string | undefined): Tender => {
  const back = (tx: Tx, request: TenderRequest, reason: "released" | "refunded"): void => {
    const { payment, amount } = request
    const id = accountOf(request)
    const account = id === undefined ? undefined : findAccount(tx, id)
    if (account !== undefined) giveBackUnder(tx, account, { key: paidKey(payment), amount, reason, reference: payment, grace })
  }
  return {
    prefetch: (tx, request) => {
      const id = accountOf(request)
      if (id !== undefined) tx.prefetch(CreditAccounts, [id])
      tx.prefetch(CreditReferences, [paidKey(request.payment)])
    },
    authorise: (tx, request) => take(tx, provider, accountOf(request), request),
    release: (tx, request) => back(tx, request, "released"),
    refund: (tx, request) => back(tx, request, "refunded")
  }
}

const giftCards = (grace: Duration): Tender => ({
  // A token is a keyed hash, and the name of the card's account: the code can not be had from it.
  reference: (token) => token,
  ...tenderBy("gift-card", grace, ({ reference }) => (reference?.startsWith("gc_") === true ? reference : undefined))
})

const storeCredit = (grace: Duration): Tender => ({
  ...tenderBy("store-credit", grace, ({ customer, currency }) => (customer === undefined ? undefined : storeCreditId(customer, currency))),
  *payOut(tx, { payment, customer, amount, currency }) {
    if (customer === undefined)
      return yield* fail(new TenderDeclined({ provider: "store-credit", available: 0, message: "Store credit needs a customer." }))
    const account = openStoreCredit(tx, customer, Currency.parse(currency))
    added(tx, account, [lot(amount, undefined)], { reason: "refunded", reference: payment })
  }
})

/**
 * Gift cards as a tender for `payments({ tenders: { "gift-card": giftCardTender } })`, whose `token` is `giftCardToken(secret, code)`. It is taken in
 * the commit of the checkout, so nobody spends a card twice; what an order comes down by goes back to the card.
 */
export const giftCardTender: Tender = /* @__PURE__ */ giftCards(GRACE)

/**
 * Store credit as a tender: that of the customer of the checkout, in its currency. It pays out too: what came by another way can be given as store credit, which
 * does not expire.
 */
export const storeCreditTender: Tender = /* @__PURE__ */ storeCredit(GRACE)

/** Both with another `grace` than 90 days, the one that the module `credit` is given: `payments({ tenders: creditTenders({ grace }) })`. */
export const creditTenders = ({ grace = GRACE }: { readonly grace?: Duration } = {}) => ({
  "gift-card": giftCards(grace),
  "store-credit": storeCredit(grace)
})
