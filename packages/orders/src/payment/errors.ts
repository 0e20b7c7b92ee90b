import type { Money } from "@omni/core"
import * as Data from "effect/Data"

import type { CheckoutStatus } from "./model.ts"

/** No checkout has this id. */
export class CheckoutNotFound extends Data.TaggedError("CheckoutNotFound")<{ readonly message: string; readonly checkout: string }> {
  /** The error about what was looked up. */
  static of(checkout: string): CheckoutNotFound {
    return new CheckoutNotFound({ checkout, message: `There is no checkout "${checkout}".` })
  }
}

/** The checkout is over: placed, lapsed or cancelled. */
export class CheckoutOver extends Data.TaggedError("CheckoutOver")<{
  readonly message: string
  readonly checkout: string
  readonly status: CheckoutStatus
}> {
  /** The error about a checkout. */
  static of({ id, status }: { readonly id: string; readonly status: CheckoutStatus }): CheckoutOver {
    return new CheckoutOver({ checkout: id, status, message: `The checkout "${id}" is ${status}; open another one.` })
  }
}

/** The tenders do not come to what is to be paid. */
export class TendersMismatch extends Data.TaggedError("TendersMismatch")<{
  readonly message: string
  readonly expected: Money
  readonly offered: Money
}> {
  /** The error about two sums. */
  static of(expected: Money, offered: Money): TendersMismatch {
    return new TendersMismatch({
      expected,
      offered,
      message: `The tenders come to ${offered.amount} ${offered.currency}, but ${expected.amount} are to be paid (minor units). Leave one without an amount: it gets the rest.`
    })
  }
}

/** The app has no payment provider of this name. */
export class ProviderNotFound extends Data.TaggedError("ProviderNotFound")<{ readonly message: string; readonly provider: string }> {
  /** The error about a name, with those that there are. */
  static of(provider: string, known: Iterable<string>): ProviderNotFound {
    return new ProviderNotFound({
      provider,
      message: `"${provider}" is no payment provider of this app; they are: ${[...known].join(", ") || "none"}.`
    })
  }
}

/** A tender that is settled within the commit has not so much: a gift card, a credit limit. */
export class TenderDeclined extends Data.TaggedError("TenderDeclined")<{
  readonly message: string
  readonly provider: string
  readonly available: number
}> {
  /** The error about money that is to go out by a way that it cannot. */
  static paysBackOnly(provider: string): TenderDeclined {
    const message = `"${provider}" gives back only what it took: use \`refund\`, or pay out by a tender that can, or elsewhere.`
    return new TenderDeclined({ provider, available: 0, message })
  }

  /** The error about money that is to have come back from a ledger of ours. */
  static bouncesNothing(provider: string): TenderDeclined {
    const message = `Nothing comes back from "${provider}": its ledger is in this app, and has what was given there.`
    return new TenderDeclined({ provider, available: 0, message })
  }

  /** The error about money that is to have come elsewhere, under the name of who would have told of it. */
  static tellsItself(provider: string): TenderDeclined {
    const message = `"${provider}" is a provider or tender of this app: what comes by it begins with \`openCheckout\`, \`pay\` or \`payOrder\`, and it tells of it itself. Record what came elsewhere under another name.`
    return new TenderDeclined({ provider, available: 0, message })
  }
}

/** No payment has this id. */
export class PaymentNotFound extends Data.TaggedError("PaymentNotFound")<{ readonly message: string; readonly payment: string }> {
  /** The error about an id. */
  static of(payment: string): PaymentNotFound {
    return new PaymentNotFound({ payment, message: `There is no payment "${payment}". Checkouts and balances list their payments.` })
  }
}

/** The cart is an order already: a cart is bought once. It may be bought again when that order is cancelled. */
export class CartOrdered extends Data.TaggedError("CartOrdered")<{
  readonly message: string
  readonly cart: string
  readonly order: string
}> {
  /** The error about a cart and its order. */
  static of(cart: string, order: string): CartOrdered {
    return new CartOrdered({ cart, order, message: `The cart "${cart}" is the order "${order}" already: show that one.` })
  }
}

/** So many payments for one order or checkout came to nothing that no more are begun. */
export class TooManyPayments extends Data.TaggedError("TooManyPayments")<{ readonly message: string; readonly of: string }> {
  /** The error about an order or a checkout that has so many payments. */
  static of(of: string, count: number): TooManyPayments {
    return new TooManyPayments({
      of,
      message: `${count} payments for "${of}" came to nothing, and no more are begun: see why with \`balance\` or \`checkout\`.`
    })
  }
}

/** More is to be captured or refunded than there is to capture or to refund, or came back than went out. */
export class AmountExceeded extends Data.TaggedError("AmountExceeded")<{
  readonly message: string
  /** The order, or the payment of which more is to have come back. */
  readonly order: string
  readonly requested: Money
  readonly available: Money
}> {
  /** The error about what was asked for. */
  static of(what: "captured" | "refunded" | "reversed", order: string, requested: Money, available: number): AmountExceeded {
    const most = { amount: available, currency: requested.currency }
    const message = `${requested.amount} ${requested.currency} cannot be ${what} for "${order}": at most ${available} can (minor units).`
    return new AmountExceeded({ order, requested, available: most, message })
  }
}

/** The request was not made by the provider, or not now, or cannot be read. Nothing of it is believed. */
export class WebhookRejected extends Data.TaggedError("WebhookRejected")<{ readonly message: string; readonly provider: string }> {}
