import { fail, Id, operation, type Tx, Unit } from "@omni/core"
import * as z from "zod"

import {
  type Article,
  Articles,
  ChannelRules,
  KIT_DEPTH,
  KitsOf,
  Settings,
  SETTINGS,
  StockPolicies,
  StockRulesChanged
} from "./articles-model.ts"
import { changeStock } from "./change.ts"
import { invalidInput, type Problem } from "./errors.ts"
import { levelOf } from "./levels.ts"
import { stockId } from "./lines.ts"
import { Component, LocationId, Placements, Sku, Stock } from "./model.ts"
import { rulesOf } from "./policy.ts"
import { Allowance, Policy, Tracking } from "./rules.ts"

/**
 * Declares an article: its unit, how it is tracked, what it is made of if it is a kit, and the policy of its stocks (safety stock, reorder
 * point, backorder, preorder, what is kept for which channels). What was declared before is replaced. An article that is not declared is
 * counted in pieces.
 *
 * A kit is put together when it is sold, and has no stock of its own, unless it is `assembled`. Kits may hold kits, three deep.
 * Errors: `InvalidInput` when a kit would hold itself or too many levels, is tracked, or when the unit, the tracking or the kind of kit is
 * changed of an article that is in stock.
 */
export const defineArticle = operation(
  "inventory.defineArticle",
  Policy.extend({
    sku: Sku,
    unit: Unit.exactOptional(),
    tracking: Tracking.exactOptional(),
    components: z.array(Component).min(1).max(50).exactOptional(),
    assembled: z.literal(true).exactOptional()
  }),
  function* (tx, { sku, unit, tracking, components, assembled, ...policy }) {
    const article: Article = {
      sku,
      policy,
      ...(unit === undefined ? {} : { unit }),
      ...(tracking === undefined ? {} : { tracking }),
      ...(components === undefined ? {} : { components }),
      ...(assembled === undefined ? {} : { assembled })
    }
    const before = tx.get(Articles, sku)
    const keys = (tx.get(Placements, sku)?.locations ?? []).map((location) => ({ sku, location }))
    tx.prefetch(StockPolicies, keys.map(stockId))
    const stocks = tx.getMany(Stock, keys.map(stockId)).map((stock) => stock!)
    const problems = [...kitProblems(tx, article), ...(stocks.some(isInUse) ? lateChanges(article, before) : [])]
    if (problems.length > 0) return yield* fail(invalidInput("inventory.defineArticle", problems))
    tx.put(Articles, sku, article)
    noteKits(tx, sku, before?.components ?? [], components ?? [])
    const own = tx.getMany(StockPolicies, keys.map(stockId))
    changeStock(
      tx,
      keys.map((key, i) => ({ ...key, rules: rulesOf(article, own[i]) ?? null })),
      { reason: "declared" }
    )
    tx.emit(StockRulesChanged, sku, { sku })
    return article
  }
)

const isInUse = ({ onHand, reserved, allocated, damaged, qualityControl, inTransit }: Stock): boolean =>
  [onHand, reserved, allocated, damaged, qualityControl, inTransit].some((quantity = 0) => quantity !== 0)

/** What cannot be changed while there is stock: it would have to be counted anew. */
const lateChanges = (now: Article, before: Partial<Article> = {}): ReadonlyArray<Problem> => {
  const text = (value: unknown) => JSON.stringify(value ?? null)
  const isVirtual = ({ components, assembled }: Partial<Article>) => components !== undefined && assembled !== true
  return [
    ...(text(now.unit) === text(before.unit) ? [] : [{ path: "unit", message: "cannot change while it is in stock" }]),
    ...((now.tracking ?? "none") === (before.tracking ?? "none")
      ? []
      : [{ path: "tracking", message: "cannot change while it is in stock" }]),
    ...(isVirtual(now) === isVirtual(before) ? [] : [{ path: "components", message: "cannot begin or end while it is in stock by itself" }])
  ]
}

/** What is wrong with what a kit is made of: itself among it, or too many levels below it and above it. */
const kitProblems = (tx: Tx, { sku, components, tracking, assembled }: Article): ReadonlyArray<Problem> => {
  if (components === undefined) return []
  if (assembled !== true && tracking !== undefined && tracking !== "none")
    return [{ path: "tracking", message: "a kit that is put together when it is sold is tracked by its components" }]
  const below = depthOf(
    tx,
    sku,
    components.map((component) => component.sku),
    (one) => tx.getMany(Articles, one).map((row) => row?.components?.map((part) => part.sku) ?? [])
  )
  if (below === "itself") return [{ path: "components", message: `${sku} would be a component of itself` }]
  const above = depthOf(tx, sku, tx.get(KitsOf, sku)?.kits ?? [], (one) => tx.getMany(KitsOf, one).map((row) => row?.kits ?? []))
  const levels = above === "itself" ? Infinity : below + above
  return levels > KIT_DEPTH ? [{ path: "components", message: `kits of kits go ${KIT_DEPTH} deep at most` }] : []
}

/** How many levels there are in one direction; `itself` when the article is met again. */
const depthOf = (
  _: Tx,
  sku: string,
  first: ReadonlyArray<string>,
  next: (skus: ReadonlyArray<string>) => ReadonlyArray<ReadonlyArray<string>>
): number | "itself" => {
  let level = first
  for (let depth = 0; ; depth++) {
    if (level.includes(sku)) return "itself"
    if (level.length === 0 || depth > KIT_DEPTH) return depth
    level = [...new Set(next([...new Set(level)]).flat())]
  }
}

const noteKits = (tx: Tx, kit: string, before: ReadonlyArray<Component>, now: ReadonlyArray<Component>): void => {
  const skus = [...new Set([...before, ...now].map((component) => component.sku))]
  tx.getMany(KitsOf, skus).forEach((row, i) => {
    const others = (row?.kits ?? []).filter((one) => one !== kit)
    const kits = now.some((component) => component.sku === skus[i]) ? [...others, kit] : others
    if (kits.length === 0) tx.remove(KitsOf, skus[i]!)
    else tx.put(KitsOf, skus[i]!, { kits })
  })
}

/**
 * Declares the policy of one stock, where it differs from its article's: what is named here goes before what the article says. What was
 * declared before is replaced. Errors: `InvalidInput` for a kit, which has no stock of its own.
 */
export const defineStock = operation(
  "inventory.defineStock",
  Policy.extend({ sku: Sku, location: LocationId }),
  function* (tx, { sku, location, ...policy }) {
    const key = { sku, location }
    const article = tx.get(Articles, sku)
    const rules = rulesOf(article, policy)
    if (rules?.kit !== undefined)
      return yield* fail(invalidInput("inventory.defineStock", [{ path: "sku", message: `${sku} is a kit: declare its components` }]))
    tx.put(StockPolicies, stockId(key), policy)
    tx.emit(StockRulesChanged, sku, key)
    return levelOf(changeStock(tx, [{ ...key, rules: rules ?? null }], { reason: "declared" })[0]!, tx.now)
  }
)

/**
 * Declares what a channel may see and sell: from which pool of locations, so many kept back from it at each of them, at most so many of an
 * article, and whether it may promise what is not there. An article or a stock may say otherwise for itself. What was declared before is
 * replaced.
 */
export const defineChannel = operation(
  "inventory.defineChannel",
  Allowance.extend({ channel: Id, pool: Id.exactOptional(), backorder: z.boolean().exactOptional() }),
  function* (tx, { channel, backorder = true, ...rules }) {
    tx.put(ChannelRules, channel, { ...rules, backorder })
    tx.emit(StockRulesChanged, channel, { channel })
  }
)

/**
 * Says whether stock may be of any article and at any location, and held, sold and asked for on any channel, as it is from the beginning,
 * or only of those that are declared. A channel that nothing is declared of sees all, so a name that is misspelt does too.
 */
export const requireDeclared = operation(
  "inventory.requireDeclared",
  z.object({ skus: z.boolean(), locations: z.boolean(), channels: z.boolean().exactOptional() }),
  function* (tx, { skus, locations, channels = false }) {
    tx.put(Settings, SETTINGS, {
      skus: skus ? "declared" : "any",
      locations: locations ? "declared" : "any",
      channels: channels ? "declared" : "any"
    })
  }
)
