import { cart, type CartLine, mergeLines, MergePolicy } from "@omni/cart"
import { catalog } from "@omni/catalog"
import { type Channel, createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders } from "@omni/orders"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

type Key = string | number
type Options = Readonly<Record<string, string>>

interface Line {
  readonly line?: Key
  readonly sku: Key
  readonly quantity: number
  readonly options?: Options
}

/** Two carts and how they come together; `null` where there is none. */
interface Input {
  readonly level: "strategy" | "order" | "login"
  readonly strategy: string
  readonly guestLines: ReadonlyArray<Line> | null
  readonly existingLines: ReadonlyArray<Line> | null
}

interface Written extends Input {
  readonly name: string
  readonly expected: unknown
}

/** The words of the source for our policies; ours are taken as they are. */
const policies: Readonly<Record<string, MergePolicy>> = {
  "guest-quantity-replaces": "incoming-quantity",
  "use-guest": "use-incoming",
  "use-guest-if-existing-empty": "use-incoming-if-empty",
  union: "keep-both"
}

const policyOf = (strategy: string): MergePolicy => policies[strategy] ?? MergePolicy.parse(strategy)

function* cases(file: DataFile): Iterable<Case<Input>> {
  const content = JSON.parse(file.text) as { readonly cases: ReadonlyArray<Written> }
  for (const { name, expected, level, strategy, guestLines, existingLines } of content.cases)
    yield { name: `${level} / ${name}`, input: { level, strategy, guestLines, existingLines }, want: expected }
}

const text = (key: Key | undefined): string => `${typeof key === "number" ? "n" : "s"}:${key}`
const keyOf = (id: string): Key => (id.startsWith("n:") ? Number(id.slice(2)) : id.slice(2))

const cartLine = ({ line, sku, quantity, options = {} }: Line): CartLine => ({
  id: text(line ?? sku),
  variant: text(sku),
  product: "p",
  sku: text(sku),
  quantity,
  options,
  custom: {},
  channel: "web",
  addedAt: 0
})

const optionsOf = ({ options }: CartLine) => (Object.keys(options).length === 0 ? {} : { options })

/** The lines alone, in their order. */
const byStrategy = ({ strategy, guestLines, existingLines }: Input) => ({
  lines: mergeLines((guestLines ?? []).map(cartLine), (existingLines ?? []).map(cartLine), policyOf(strategy)).map((line) => ({
    line: keyOf(line.id),
    quantity: line.quantity,
    ...optionsOf(line)
  }))
})

const web: Channel = { id: "web", name: "Web", kind: "web", currency: "EUR", locale: "en", timeZone: "UTC" }

/** A shop in which a visitor has filled a cart, and the customer another; the visitor signs in. */
const signedIn = async ({ strategy, guestLines, existingLines }: Input) => {
  const shop = createOmni({
    store: memory(),
    modules: {
      catalog: catalog(),
      inventory: inventory(),
      orders: orders(),
      cart: cart({ channels: [web], tax: { entry: "gross", rates: { standard: 0 } } })
    }
  }).as({ kind: "customer", channel: "web" })
  await shop.catalog.putProduct({ id: "p", name: { en: "P" } })
  for (const { sku } of [...(guestLines ?? []), ...(existingLines ?? [])])
    await shop.catalog.putVariant({ id: text(sku), product: "p", sku: text(sku), prices: [{ amount: 100, currency: "EUR" }] })
  const fill = async (lines: ReadonlyArray<Line> | null, who: { readonly customer?: string }) => {
    if (lines === null) return undefined
    let { cart: filled } = await shop.cart.sync({ ...who, changes: [] })
    for (const one of lines) {
      const line = text(one.line ?? one.sku)
      const about = { variant: text(one.sku), quantity: one.quantity, ...(one.options === undefined ? {} : { options: one.options }) }
      filled = (await shop.cart.add({ cart: filled.id, line, ...about })).cart
    }
    return filled
  }
  const [guest, existing] = [await fill(guestLines, {}), await fill(existingLines, { customer: "c" })]
  const from = guest === undefined ? { customer: "nobody" } : { cart: guest.id }
  const merged = await shop.cart.merge({ from, into: { customer: "c" }, policy: policyOf(strategy) })
  await shop.close()
  return { guest, existing, cart: merged?.cart }
}

/** Which cart survives, and which of its rows change. */
const byOrder = async (input: Input) => {
  const { guest, existing, cart: kept } = await signedIn(input)
  const nameOf = (id: string | undefined) =>
    id === undefined ? null : id === guest?.id ? "guest" : id === existing?.id ? "existing" : "new"
  const gone = guest !== undefined && existing !== undefined ? (kept?.id === guest.id ? "existing" : "guest") : null
  const outcome = { kept: nameOf(kept?.id), deleted: gone }
  const bothFilled = (guest?.lines.length ?? 0) > 0 && (existing?.lines.length ?? 0) > 0
  if (!bothFilled || kept === undefined || existing === undefined) return outcome
  const before = new Map(existing.lines.map((line) => [line.id, line]))
  return {
    ...outcome,
    insert: kept.lines
      .filter(({ id }) => !before.has(id))
      .map((line) => ({ sku: keyOf(line.sku), quantity: line.quantity, ...optionsOf(line) })),
    modify: kept.lines
      .filter(({ id, quantity }) => before.has(id) && before.get(id)?.quantity !== quantity)
      .map(({ id, quantity }) => ({ line: keyOf(id), quantity })),
    delete: existing.lines.filter(({ id }) => !kept.lines.some((line) => line.id === id)).map(({ id }) => ({ line: keyOf(id) }))
  }
}

/** What the customer sees after signing in, in no particular order. */
const byLogin = async (input: Input) => {
  const { cart: seen } = await signedIn(input)
  return { lines: (seen?.lines ?? []).map((line) => ({ sku: keyOf(line.sku), quantity: line.quantity, ...optionsOf(line) })) }
}

/** The same value with the order of its lists left out, and a row that is only named read as its name. */
const unordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => JSON.stringify(unordered(one))).sort()
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, unordered(inner)] as const)
  if (entries.length === 1 && entries[0]?.[0] === "line") return entries[0][1]
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null

/** Lists of a strategy are in order; a case says of the rest only what its source looked at. */
const agrees = (want: unknown, got: unknown): boolean => {
  if (!isRecord(want) || !isRecord(got)) return false
  const lines = want["lines"]
  const inOrder = Array.isArray(lines) && lines.every((line) => isRecord(line) && "line" in line)
  const form = inOrder ? (value: unknown) => value : unordered
  return Object.entries(want).every(
    ([key, value]) => JSON.stringify(form(value)) === JSON.stringify(form(got[key] ?? (Array.isArray(value) ? [] : null)))
  )
}

/** Merges of a visitor's cart and a customer's: of lines, of carts, and as seen after signing in. */
export const suite = defineSuite<Input>({
  name: "cart-merge",
  accepts: ({ name, text: content }) => name.endsWith(".json") && content.includes('"guestLines"'),
  cases,
  run: (input) => (input.level === "strategy" ? byStrategy(input) : input.level === "order" ? byOrder(input) : byLogin(input)),
  agrees
})
