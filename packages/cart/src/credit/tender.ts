import { Currency, fail, type Tx } from "@omni/core"
import { type Tender, TenderDeclined } from "@omni/orders"

import { change, declined, giveBack, storeCreditId } from "./ledger.ts"
import { type CreditAccount, CreditAccounts } from "./model.ts"

interface Request {
  readonly payment: string
  readonly amount: number
  readonly currency: string
}

const take = function* (tx: Tx, provider: string, id: string | undefined, { payment, amount, currency }: Request) {
  const account = id === undefined ? undefined : tx.get(CreditAccounts, id)
  const refuse = (available: number, message: string) => fail(new TenderDeclined({ provider, available, message }))
  if (account === undefined)
    return yield* refuse(0, id === undefined ? "Store credit needs a customer." : `There is no ${provider} "${id}": is it the right token?`)
  const error = declined(account, { amount, currency: Currency.parse(currency) }, tx.now)
  if (error !== undefined) return yield* refuse(error.available.amount, error.message)
  change(tx, account, -amount, "redeemed", payment)
}

const back = (tx: Tx, account: CreditAccount | undefined, { payment, amount }: Request, reason: "released" | "refunded"): void => {
  if (account !== undefined) giveBack(tx, account, amount, reason, payment)
}

const tenderBy = (provider: string, accountOf: (request: Parameters<Tender["authorise"]>[1]) => string | undefined): Tender => {
  const find = (tx: Tx, id: string | undefined) => (id === undefined ? undefined : tx.get(CreditAccounts, id))
  return {
    authorise: (tx, request) => take(tx, provider, accountOf(request), request),
    release: (tx, request) => back(tx, find(tx, accountOf(request)), request, "released"),
    refund: (tx, request) => back(tx, find(tx, accountOf(request)), request, "refunded")
  }
}

/**
 * Gift cards as a tender for `payments({ tenders: { "gift-card": giftCardTender } })`, whose `token` is `giftCardToken(secret, code)`. It is taken in
 * the commit of the checkout, so nobody spends a card twice; what an order comes down by goes back to the card.
 */
export const giftCardTender: Tender = {
  // A token is a keyed hash, and the name of the card's account: the code can not be had from it.
  reference: (token) => token,
  ...tenderBy("gift-card", ({ reference }) => (reference?.startsWith("gc_") === true ? reference : undefined))
}

/** Store credit as a tender: that of the customer of the checkout, in its currency. */
export const storeCreditTender: Tender = tenderBy("store-credit", ({ customer, currency }) =>
  customer === undefined ? undefined : storeCreditId(customer, currency)
)
