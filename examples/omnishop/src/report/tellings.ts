import { CartAbandoned, CartCheckedOut, CartOpened, CartUpdated, CouponIssued, CouponRedeemed } from "@omni/cart"
import { MessageSent } from "@omni/channels"
import { isEvent, type Recorded } from "@omni/core"
import { StockCommitted, StockHeld } from "@omni/inventory"
import { JourneyEnded } from "@omni/journeys"
import { FollowUpOpened, NpsAnswered } from "@omni/nps"
import { OrderCollected, OrderPlaced, OrderReady } from "@omni/orders"
import { ConsentRecorded, PreferencesChanged, ProfileCreated, ProfilesMerged, Tracked } from "@omni/profile"

import { goods } from "../shop/goods.ts"
import { AvailabilityAsked } from "../shop/model.ts"
import { nameOfPlace } from "../shop/places.ts"
import { type Telling, telling } from "./line.ts"
import type { StoryRecord } from "./record.ts"
import { clock, pieces, price, short, when } from "./words.ts"

type Facts = Readonly<Record<string, unknown>>

const nameOfProduct = (product: unknown): string => goods.find((one) => one.product === product)?.name ?? String(product)

/** What somebody did, in words; what the packages track by themselves has lines of its own. */
const deeds: Readonly<Record<string, (facts: Facts) => string>> = {
  "product viewed": ({ product }) => `looks at: ${nameOfProduct(product)}`,
  "pop-up shown": ({ offer, because }) => `a pop-up offers ${String(offer)} (${String(because)})`,
  recommended: ({ product, goesWith }) => `the till recommends: ${nameOfProduct(product)}, which goes with ${nameOfProduct(goesWith)}`
}

/** The events of a type that the log has before another event. */
const before = <D>({ events }: StoryRecord, recorded: Recorded, type: { readonly name: string } & Parameters<typeof isEvent<D>>[0]) =>
  events.slice(0, events.indexOf(recorded)).filter((other) => isEvent<D>(type, other))

const customers: ReadonlyArray<Telling> = [
  telling(Tracked, ({ data }) => {
    const text = deeds[data.type]?.(data.properties ?? {})
    return text === undefined ? undefined : { at: data.at, text }
  }),
  telling(ProfileCreated, ({ data }) => `a profile is created: ${short(data.profile)}`),
  telling(ConsentRecorded, ({ data }, { consents }) => {
    const proof = consents.get(data.consent)
    const from = proof?.ip === undefined ? "" : ` from ${proof.ip}`
    return `consent ${data.status}: ${data.purpose} by ${data.kind ?? "any channel"} (proof: ${proof?.source}, wording ${proof?.wording}${from})`
  }),
  telling(PreferencesChanged, ({ data }) => `prefers to hear by ${data.kinds.join(", then ")}`),
  telling(ProfilesMerged, ({ data }) => `signs in: ${short(data.from)} is the same person as ${short(data.into)}, one profile from now on`)
]

const carts: ReadonlyArray<Telling> = [
  telling(CouponIssued, ({ data }) => `coupon ${data.code} for ${short(data.customer ?? "anybody")}: ${data.name}`),
  telling(CartUpdated, (recorded, story) => {
    const { cart, coupons, lines, value } = recorded.data
    const last = before(story, recorded, CartUpdated).findLast(({ data }) => data.cart === cart)?.data
    const added = lines.filter(({ line, quantity }) => last?.lines.find((known) => known.line === line)?.quantity !== quantity)
    const applied = coupons.filter((code) => last?.coupons.includes(code) !== true).map((code) => `coupon ${code}`)
    return `into the cart: ${[...(added.length === 0 ? [] : [pieces(added)]), ...applied].join(", ")}; it comes to ${price(value)}`
  }),
  telling(CartAbandoned, ({ data: { lastChannel, lines, value, idleSince } }) => ({
    channel: lastChannel,
    text: `nobody has touched the cart since ${clock(idleSince)}: ${pieces(lines)}, ${price(value)}; it counts as abandoned`
  })),
  telling(
    AvailabilityAsked,
    ({ data }) => `asks in ${nameOfPlace(data.location)} for ${pieces([{ sku: data.sku, quantity: data.requested }])}: ${data.sentence}`
  ),
  telling(CartOpened, (recorded, story) => {
    const seen = before(story, recorded, Tracked).map(
      ({ actor, data }) => `${actor.channel}: ${deeds[data.type]?.(data.properties ?? {}).split(" (")[0]}`
    )
    return `the till opens the same cart by QR code, and sees: ${seen.join("; ")}`
  }),
  telling(StockHeld, ({ data }) => `┌ stock: put aside in ${nameOfPlace(data.lines[0]?.location ?? "")}: ${pieces(data.lines)}`),
  telling(OrderPlaced, ({ data }) => `│ order ${short(data.order)} for ${data.fulfilment}: ${price(data.total)}`),
  telling(CouponRedeemed, ({ data }) => `│ coupon ${data.code} redeemed: ${data.amount === undefined ? "" : `−${price(data.amount)}`}`),
  telling(CartCheckedOut, ({ data }) => `└ the cart is bought for ${price(data.value)}: stock, order, coupon and price in one commit`),
  telling(JourneyEnded, (recorded, { events }) => {
    const { by, journey, reason } = recorded.data
    if (reason !== "exited") return undefined
    const cause = events.slice(0, events.indexOf(recorded)).findLast(({ type }) => type === by)
    return { channel: cause?.actor.channel ?? "system", text: `the journey “${journey}” ends; no further reminder goes out` }
  })
]

const service: ReadonlyArray<Telling> = [
  telling(MessageSent, ({ data }, { messages }) => {
    const sent = messages.get(data.message)
    const subject = sent?.content?.subject === undefined ? "" : `“${sent.content.subject}” `
    const preferred = sent?.reasons.some(({ code, facts }) => code === "chosen" && facts["preferred"] === true) === true
    return { channel: data.kind ?? "", text: `${subject}${sent?.content?.text ?? ""}${preferred ? " (by push, as preferred)" : ""}` }
  }),
  telling(OrderReady, ({ data }) => `ready in ${nameOfPlace(data.location ?? "")} for the code ${data.code}`),
  telling(StockCommitted, ({ data }) => `handed over: ${pieces(data.lines)}`),
  telling(OrderCollected, ({ data }) => `order ${short(data.order)} is ${data.complete ? "complete" : "collected in part"}`),
  telling(
    NpsAnswered,
    ({ data }, { comments }) => `answers ${data.score} of 10, a ${data.kind}: “${comments.get(data.about ?? "") ?? ""}”`
  ),
  telling(FollowUpOpened, ({ data }) => `a task opens for ${nameOfPlace(data.location ?? "")}: call back by ${when(data.deadline)}`)
]

/** What each event says in the timeline. */
export const tellings: ReadonlyArray<Telling> = [...customers, ...carts, ...service]
