import { collection, Country, Currency, event, Id, Instant } from "@omni/core"
import * as z from "zod"

import { keyOf } from "../key.ts"
import { Amount, BasePrice } from "../products/model.ts"
import { RETENTION } from "./retention.ts"

/** What a list is for: the ordinary price, one in place of it (a contract's, say), or one that is announced as reduced. */
export const PriceListKind = z.enum(["base", "sale", "override"])
export type PriceListKind = z.infer<typeof PriceListKind>

const Selector = z.array(Id).min(1).max(1_000).readonly()

/** How the price before one list's reduction is found. */
const PriorPrice = z
  .object({
    /** Milliseconds. Shorter than 30 days for what has not been sold for so long, where the law has it so (Article 6a(4)). */
    window: z.int().min(1).max(RETENTION).exactOptional(),
    /** Whether it may be increased in steps (Article 6a(5)). */
    progressive: z.boolean().exactOptional(),
    /** Nothing has to be told: what perishes, where the law has it so (Article 6a(3)). */
    exempt: z.boolean().exactOptional()
  })
  .readonly()

/** What may change about a price list. A selector that is absent lets everybody in; those that are there have all to be met. */
const Terms = z.object({
  name: z.string().min(1).max(200),
  kind: PriceListKind.default("base"),
  channels: Selector.exactOptional(),
  countries: z.array(Country).min(1).max(300).readonly().exactOptional(),
  /** Customer groups. */
  groups: Selector.exactOptional(),
  /** Company accounts. */
  companies: Selector.exactOptional(),
  /** When it begins to hold, and the first moment at which it does not any more. */
  from: Instant.exactOptional(),
  until: Instant.exactOptional(),
  /** When a reduction is announced, if that is before it begins. */
  announced: Instant.exactOptional(),
  /** How the price before this reduction is found, where not by the module's rule. */
  priorPrice: PriorPrice.exactOptional(),
  /** Among lists that hold, a higher one goes first. */
  priority: z.int().min(-1_000_000).max(1_000_000).default(0),
  /** One that is not active gives no prices, whatever its dates. */
  active: z.boolean().default(true)
})

const ordered = ({ from, until }: { readonly from?: number; readonly until?: number }): boolean =>
  from === undefined || until === undefined || from < until

/** Prices that hold for some buyers for some time, in one currency, before tax (`net`) or with it (`gross`). */
export const PriceList = Terms.extend({ id: Id, currency: Currency, tax: z.enum(["net", "gross"]).default("gross") })
  .refine(ordered, { path: ["until"], error: "Later than `from`" })
  .readonly()
export type PriceList = z.infer<typeof PriceList>

/** What a list was from a moment on. */
export const ListVersion = Terms.extend({ at: Instant }).readonly()
export type ListVersion = z.infer<typeof ListVersion>

/** Price lists by id, with what they were before. */
export const PriceLists = collection("catalog.priceLists", {
  schema: z.object({ id: Id, list: PriceList, versions: z.array(ListVersion).min(1).readonly() }).readonly()
})

/** The lists that buyers of one kind may be given prices of, by `scopeId`. Those that once were for them are among them. */
export const ListScopes = collection("catalog.priceListScopes", { schema: z.object({ lists: z.array(Id).readonly() }).readonly() })

/** The key of a scope: everybody's, a group's or a company's. */
export const scopeId = (currency: Currency, who?: { readonly group: string } | { readonly company: string }): string =>
  who === undefined ? `${currency}/all` : keyOf("group" in who ? `${currency}/group/${who.group}` : `${currency}/company/${who.company}`)

/** From so many units on, each costs this. */
export const Tier = z.object({ from: z.int().min(2), amount: Amount }).readonly()
export type Tier = z.infer<typeof Tier>

/** Quantity tiers, ascending. */
export const Tiers = z
  .array(Tier)
  .max(100)
  .refine((tiers) => tiers.every(({ from }, at) => at === 0 || from > tiers[at - 1]!.from), { error: "Let quantities ascend" })
  .readonly()

/** What one unit has cost from a moment on; without an amount it had no price. */
export const PriceChange = z.object({ at: Instant, amount: Amount.exactOptional() }).readonly()
export type PriceChange = z.infer<typeof PriceChange>

/** What a variant costs by a list: one unit, and from so many units on; without an amount it has no price any more. And what one unit cost before. */
export const ListPrice = z
  .object({ list: Id, variant: Id, amount: Amount.exactOptional(), tiers: Tiers, history: z.array(PriceChange).readonly() })
  .readonly()
export type ListPrice = z.infer<typeof ListPrice>

/** Prices by `priceId`. */
export const Prices = collection("catalog.prices", {
  schema: ListPrice,
  indexes: { list: ["list", "variant"], variant: ["variant", "list"] }
})

/** The key of a variant's price in a list. */
export const priceId = (list: string, variant: string): string => keyOf(JSON.stringify([list, variant]))

/** What the base prices of a variant were from a moment on, by the variant. */
export const BasePriceHistories = collection("catalog.basePriceHistories", {
  schema: z.object({ changes: z.array(z.object({ at: Instant, prices: z.array(BasePrice).readonly() }).readonly()).readonly() }).readonly()
})

/** A price list is there or is another now. Subject: the list. `fields` as in `ProductChanged`. */
export const PriceListChanged = event(
  "catalog.PriceListChanged",
  z.object({ list: Id, change: z.enum(["created", "updated"]), fields: z.array(z.string()).readonly() })
)

/** Variants cost something else by a list. Subject: the list. `amount` is that of one unit; absent, it has no price there any more. */
export const PricesChanged = event(
  "catalog.PricesChanged",
  z.object({
    list: Id,
    prices: z.array(z.object({ variant: Id, before: Amount.exactOptional(), amount: Amount.exactOptional() }).readonly()).readonly()
  })
)
