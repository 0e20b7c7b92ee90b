import type { Template, Voice } from "@omni/channels"
import { formatMoney, Money } from "@omni/core"

/** How Omnishop speaks: short, plain, and never down to anybody. A message that breaks it is not sent. */
export const voice: Voice = {
  all: { banned: ["valued customer", "unfortunately", "inconvenience", "act now"] },
  push: { maxLength: 120 },
  sms: { maxSegments: 1 }
}

const greeting = (name: string | undefined): string => (name === undefined ? "Hello" : `Hello ${name}`)

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

const welcome: Template = ({ code }, { name }) => ({
  subject: `Your 20 %, ${name ?? "as promised"}`,
  text: `${greeting(name)}, here is your code: ${textOf(code)}. It takes 20 % off one order, on the web, in the app and in our shops.`
})

const cartWaits: Template = ({ value, cart, code, pieces, channel }) => ({
  subject: "Your cart is still here",
  text: `${formatMoney(Money.parse(value), "en")} worth of good mornings, ${Number(pieces)} pieces. Go on ${placeOf(channel)}, or show the code in a shop.`,
  // The link opens the cart again, wherever it is followed.
  data: { cart: textOf(cart), code: textOf(code) }
})

const placeOf = (channel: unknown): string => (channel === "app" ? "in the app" : channel === "web" ? "on the web" : "where you stopped")

const ready: Template = ({ place, code }) => ({
  text: `Omnishop: your order is ready at ${textOf(place)}. Show the code ${textOf(code)} at the counter.`
})

const survey: Template = ({ token }, { name }) => ({
  subject: "How was it?",
  text: `${greeting(name)}, how likely are you to recommend us to a friend, from 0 to 10? https://omnishop.example/s/${textOf(token)}`
})

const sorry: Template = ({ place }, { name }) => ({
  subject: "That was not good enough",
  text: `${greeting(name)}, thank you for telling us. Somebody of ${textOf(place)} will call you within two days, and will listen first.`
})

/** What is said, by name. */
export const templates = { welcome, "cart-waits": cartWaits, ready, survey, sorry }
