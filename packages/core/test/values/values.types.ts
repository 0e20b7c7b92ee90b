import {
  Actor,
  addMoney,
  type Channel,
  type CloudEvent,
  type Currency,
  type Id,
  idOf,
  localise,
  type Localised,
  money,
  type Money,
  multiplyMoney,
  type PostalAddress,
  type Rounding
} from "@omni/core"
import type * as z from "zod"

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_ extends true>(): void => undefined

// Currencies are known to the compiler.
holds<Equal<Money["currency"], Currency>>()
money(1, "EUR")
// @ts-expect-error not a currency
money(1, "EURO")
// @ts-expect-error gold has no minor unit
money(1, "XAU")

// Values cannot be changed.
const price = money(1, "EUR")
// @ts-expect-error read-only
price.amount = 2
declare const address: PostalAddress
// @ts-expect-error read-only
address.lines.push("x")

// Money is not a number.
// @ts-expect-error a number has no currency
addMoney(price, 1)
multiplyMoney(price, "0.1", "half-even")
// @ts-expect-error not a rounding
multiplyMoney(price, "0.1", "half-odd")
holds<Equal<Extract<Rounding, "half-even">, "half-even">>()

// Any text is an id, but the id of one thing is not that of another.
const customer: Id<"customer"> = "c1"
const order: Id<"order"> = idOf<"order">().parse("o1")
const plain: string = customer
// @ts-expect-error an order is not a customer
const wrong: Id<"customer"> = order
holds<Equal<Channel["id"], Id<"channel">>>()

// Schemas and types of one name agree.
holds<Equal<z.infer<typeof Actor>, Actor>>()
const actor: { readonly kind: string; readonly id?: string } = Actor.parse({ kind: "system" })
// @ts-expect-error an absent id is left out, not undefined
const undefinedId: Actor = { kind: "staff", id: undefined }

// Texts in several languages keep the type of their values.
declare const titles: Localised<{ readonly text: string }>
holds<Equal<ReturnType<typeof localise<{ readonly text: string }>>, { readonly text: string } | undefined>>()
const title: { readonly text: string } | undefined = localise(titles, "de", "en")

// An event may carry extension attributes.
const event: CloudEvent = { specversion: "1.0", id: "1", source: "/", type: "t", partitionkey: "7" }
// @ts-expect-error of version 1.0 only
const old: CloudEvent = { specversion: "0.3", id: "1", source: "/", type: "t" }

export { actor, event, old, plain, title, undefinedId, wrong }
