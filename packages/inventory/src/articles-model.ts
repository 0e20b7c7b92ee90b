import { collection, event, Id, Unit } from "@omni/core"
import * as z from "zod"

import { Component, LocationId, Sku } from "./model.ts"
import { Allowance, Policy, Tracking } from "./rules.ts"

/** What is declared of an article; one that is not declared is counted in pieces, and is nothing but its stock. */
export const Articles = collection("inventory.articles", {
  schema: z.object({
    sku: Sku,
    unit: Unit.exactOptional(),
    tracking: Tracking.exactOptional(),
    /** What it is made of, if it is a kit. */
    components: z.array(Component).min(1).max(50).exactOptional(),
    /** The kit is put together beforehand and has stock of its own. */
    assembled: z.literal(true).exactOptional(),
    policy: Policy
  })
})
export type Article = z.infer<typeof Articles.schema>

/** Which kits an article is a component of; the id is the article's. */
export const KitsOf = collection("inventory.kitsOf", { schema: z.object({ kits: z.array(Sku) }) })

/** What one stock declares by itself; the id is the stock's. */
export const StockPolicies = collection("inventory.policies", { schema: Policy })

/** What a channel sees of all stocks, and which locations it sells from; the id is the channel's. */
export const ChannelRules = collection("inventory.channels", {
  schema: Allowance.extend({ pool: Id.exactOptional(), backorder: z.boolean() })
})
export type ChannelRules = z.infer<typeof ChannelRules.schema>

/** Whether only articles and locations that are declared are taken. There is one row. */
export const Settings = collection("inventory.settings", {
  schema: z.object({
    skus: z.enum(["any", "declared"]),
    locations: z.enum(["any", "declared"]),
    channels: z.enum(["any", "declared"]).exactOptional()
  })
})
export const SETTINGS = "settings"

/** What is declared has changed, and so may what channels see. Subject: the sku, or the channel when it is about all articles. */
export const StockRulesChanged = event(
  "inventory.StockRulesChanged",
  z.object({ sku: Sku.exactOptional(), location: LocationId.exactOptional(), channel: Id.exactOptional() })
)

/** A limit that kits of kits keep, so that every kit is known in few loads. */
export const KIT_DEPTH = 3
