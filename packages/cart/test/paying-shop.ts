import { setTimeout as wait } from "node:timers/promises"

import {
  cart,
  cartCheckouts,
  type CartOptions,
  credit,
  giftCardCode,
  giftCardTender,
  giftCardToken,
  loyalty,
  type LoyaltyOptions
} from "@omni/cart"
import { catalog } from "@omni/catalog"
import { createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, type PaymentOptions, payments, recordedProvider } from "@omni/orders"

import { channels, clockAt, stockUp } from "./shop.ts"

const secret = "correct horse battery staple, 2026!"

/** What else a shop is paid by, and whether it has a loyalty programme. */
export interface Beside {
  readonly tenders?: NonNullable<PaymentOptions["tenders"]>
  readonly points?: LoyaltyOptions
}

/** A shop that is paid by a card and gift cards, over a store. */
export const payingShopOver = (
  store: StoreDriver,
  options: Partial<CartOptions> = {},
  clock = clockAt(1_000_000),
  card = recordedProvider(),
  { tenders = {}, points }: Beside = {}
) => {
  const pay = payments({ providers: { card }, tenders: { "gift-card": giftCardTender, ...tenders }, checkouts: cartCheckouts })
  const omni = createOmni({
    store,
    // What waits for a provider waits in real time.
    clock: {
      now: clock.clock.now,
      sleep: (milliseconds, signal) => quietly(wait(milliseconds, undefined, signal === undefined ? {} : { signal }))
    },
    modules: {
      catalog: catalog(),
      inventory: inventory(),
      orders: orders(),
      payments: pay,
      credit: credit({ secret }),
      loyalty: loyalty(points ?? { earn: () => 0 }),
      cart: cart({ channels, tax: { entry: "gross", rates: { standard: "19", reduced: "7" } }, payments: pay.operations, ...options })
    }
  }).as({ kind: "customer", channel: "web" })
  return {
    shop: omni,
    time: clock,
    card,
    /** What the payer's bank says to the provider, told to the shop; answers the webhook, to be told again. */
    pays: async (checkout: { readonly payments: ReadonlyArray<string> }) => {
      await omni.drain()
      const webhook = card.authorise(checkout.payments.at(-1) ?? "")
      const reports = [...(await card.webhook(webhook))]
      await omni.payments.report({ provider: "card", reports })
      await omni.drain()
      return reports
    }
  }
}

const quietly = (waiting: Promise<unknown>): Promise<void> =>
  waiting.then(
    () => undefined,
    () => undefined
  )

/** The same in memory, with stock of everything at the shop "mitte". */
export const openPayingShop = async (options: Partial<CartOptions> = {}, onHand = 10, beside: Beside = {}) => {
  const made = payingShopOver(memory(), options, clockAt(1_000_000), recordedProvider(), beside)
  await stockUp(made.shop, onHand)
  return made
}

/** What a gift card of a number is known by. */
export const tokenOf = (number: string): string => giftCardToken(secret, giftCardCode(secret, number)) ?? ""

/** How goods come to the customer, and what is paid with. */
export const byCard = { fulfilment: { kind: "ship", location: "mitte" }, tenders: [{ provider: "card" }] } as const

type Paying = Pick<ReturnType<typeof payingShopOver>, "shop">

/** How many events of some types there are. */
export const count = async (
  { shop }: Paying,
  { types }: { readonly types: NonNullable<Parameters<Paying["shop"]["events"]>[0]>["types"] }
) => (await shop.events({ limit: 1_000, ...(types === undefined ? {} : { types }) })).events.length

/** What a coupon of the tests gives. */
export const half = { name: "Half", value: { type: "percentage", percent: 50 } } as const

/** So many cents. */
export const euros = (amount: number) => ({ amount, currency: "EUR" }) as const

/** A cart of one case at 19.90 with a coupon on it. */
export const withCoupon = async ({ shop }: Paying, customer: string, code = "LAST") => {
  await shop.cart.add({ customer, variant: "case-1" })
  return shop.cart.applyCoupon({ customer, code })
}
