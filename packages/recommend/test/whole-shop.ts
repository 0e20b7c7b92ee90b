import { cart, CartCheckedOut, CartUpdated } from "@omni/cart"
import { catalog, categoryPathsOf, offersOf, productsOf, relationsOf, type SalesChannel, visibilityOn } from "@omni/catalog"
import { createOmni, days, localise, type StoreDriver, type View } from "@omni/core"
import { availabilityOf, inventory } from "@omni/inventory"
import { define, journeys } from "@omni/journeys"
import { OrderCancelled, OrderPlaced, orders, ReturnReceived } from "@omni/orders"
import { ConsentRecorded, profile, ProfilesMerged, recipientOf, subjectsOf, Tracked } from "@omni/profile"
import { answered, type BuildPort, buildModels, observed, type Reader, recommend, ReplenishmentDue } from "@omni/recommend"

import { untilAborted } from "./shop.ts"

const channel = (id: string, kind: SalesChannel["kind"]): SalesChannel => ({
  id,
  name: id,
  kind,
  currency: "EUR",
  locale: "en",
  stockPool: "all",
  timeZone: "Europe/Berlin"
})

const channels = [channel("web", "web"), channel("store", "store")]

/** The products of an order's lines, which name articles. */
const productsIn = (reader: Reader, lines: ReadonlyArray<{ readonly sku: string }>): ReadonlyArray<string> =>
  offersOf(
    reader,
    lines.map(({ sku }) => `${sku.toLowerCase()}-1`)
  ).flatMap((offer) => offer?.product.id ?? [])

/** What was sent by journeys, by key: a step may run twice, and is one message. */
export interface Sent {
  readonly customer: string
  readonly text: string
}

/** How one app joins all of them: recommend knows none of the others, and none of them knows it. Items are products. */
const modules = (sent: Map<string, Sent>, build: BuildPort) => {
  const shop = catalog({ channels })
  const variantsOf = (view: View, products: ReadonlyArray<string>) =>
    productsOf(view, products).map((found) => (found === undefined ? [] : found.variants.filter(({ archived }) => archived !== true)))
  const suggestions = recommend({
    slots: {
      product: { sources: ["related", "substitutes", "up-sell", "together", "popular"], limit: 6, perCategory: 2 },
      cart: { sources: ["related", "substitutes", "together", "popular"], limit: 4 },
      till: { sources: ["related", "again", "viewed", "for-you", "popular"], limit: 4 },
      mail: { sources: ["again", "for-you", "popular"], limit: 3 }
    },
    consent: (reader, person) =>
      recipientOf(reader, person)?.consents.some(({ purpose, status }) => purpose === "personalisation" && status === "granted") === true,
    identities: subjectsOf,
    atLeast: 2,
    items: (view, items, { channel: on, locale }) => {
      const found = productsOf(view, items)
      const all = [...new Set(found.flatMap((one) => one?.product.categories ?? []))]
      const paths = new Map(categoryPathsOf(view, all).map((path, at) => [all[at], path]))
      return found.map((one) => {
        if (one === undefined || one.product.archived === true) return undefined
        if (on !== undefined && visibilityOn(one.product, on, view.now).visibility === "hidden") return undefined
        const categories = one.product.categories.flatMap((id) => [...(paths.get(id) ?? [id])].reverse())
        return { name: localise(one.product.name, locale, "en") ?? one.product.id, categories }
      })
    },
    stock: (view, items, { location }) => {
      const variants = variantsOf(view, items)
      const skus = [...new Set(variants.flat().map(({ sku }) => sku))]
      if (skus.length === 0) return items.map(() => false)
      const request = { items: skus.map((sku) => ({ sku })), ...(location === undefined ? {} : { location }) }
      const free = new Set(availabilityOf(view, request).flatMap(({ isAvailable, sku }) => (isAvailable ? [sku] : [])))
      return variants.map((some) => some.some(({ sku }) => free.has(sku)))
    },
    related: (view, items, { channel: on }) => relationsOf(view, items, { channel: on }),
    upSell: (view, item, { channel: on = "web", locale }) => {
      const [variant] = variantsOf(view, [item])[0] ?? []
      const found = variant === undefined ? [] : answered(view, shop.queries.upSell, { variant: variant.id, channel: on, locale, limit: 5 })
      return (found ?? []).map(({ product, reasons }) => ({ item: product.id, text: reasons.map(({ text }) => text).join(", ") }))
    },
    rules: [{ never: { category: "alcohol" }, beside: { category: "toys" } }],
    observe: [
      observed(CartUpdated, ({ data: { cart: id, customer, lines } }) => ({
        kind: "cart",
        id,
        customer,
        items: lines.map(({ product }) => product)
      })),
      observed(CartCheckedOut, ({ data: { cart: from, customer, lines, order } }) => ({
        kind: "order",
        id: order,
        cart: from,
        customer,
        items: lines.map(({ product, quantity }) => ({ item: product, quantity }))
      })),
      observed(OrderCancelled, ({ data: { complete, customer, lines, order } }, reader) => ({
        kind: "returned",
        order,
        customer,
        ...(complete ? {} : { items: productsIn(reader, lines) })
      })),
      observed(ReturnReceived, ({ data: { customer, lines, order } }, reader) => ({
        kind: "returned",
        order,
        customer,
        items: productsIn(reader, lines)
      })),
      // Sold without a cart, at a till or on a marketplace: the order names articles.
      observed(OrderPlaced, ({ data: { cart: from, customer, lines, order } }, reader) =>
        from !== undefined
          ? undefined
          : {
              kind: "order",
              id: order,
              customer,
              items: productsIn(reader, lines)
            }
      ),
      observed(Tracked, ({ data: { entry, profile: customer, properties, type } }) =>
        type === "product viewed" && typeof properties?.["product"] === "string"
          ? { kind: "view", id: entry, customer, items: [properties["product"]] }
          : undefined
      ),
      observed(ProfilesMerged, ({ data: { from, into } }) => ({ kind: "joined", from, into })),
      observed(ConsentRecorded, ({ data: { profile: person, purpose, status } }) =>
        purpose === "personalisation" && status !== "granted" ? { kind: "forget", person } : undefined
      )
    ],
    replenishBefore: days(3),
    build
  })
  return {
    profile: profile(),
    catalog: shop,
    inventory: inventory(),
    orders: orders(),
    cart: cart({ channels, tax: { entry: "gross", rates: { standard: "19" } }, identities: subjectsOf, customersMerged: ProfilesMerged }),
    journeys: journeys({
      send: function* (_tx, { content, customer, key }) {
        sent.set(key, { customer, text: "text" in content ? String(content.text) : "" })
        return { message: key, status: "queued" }
      },
      journeys: [
        define({
          id: "running-out",
          on: ReplenishmentDue,
          again: "restart",
          steps: [
            {
              send: ({ event }) => ({
                purpose: "reminders",
                category: "marketing",
                content: { text: `Running out: ${(event.data.items ?? []).map(({ item }) => item).join(", ")}` }
              })
            }
          ]
        })
      ]
    }),
    recommend: suggestions
  }
}

/** A shop of all packages over a store, on a clock that is moved. */
export const openWholeShop = (store: StoreDriver) => {
  let now = Date.UTC(2026, 3, 15, 10)
  const sent = new Map<string, Sent>()
  const omni = createOmni({
    store,
    clock: { now: () => now, sleep: untilAborted },
    modules: modules(sent, ({ tenant }): Promise<unknown> => buildModels(omni.tenant(tenant).recommend))
  })
  return { omni: omni.as({ kind: "customer", channel: "web" }), root: omni, sent, pass: (by: number) => void (now += by) }
}

type Goods = { readonly [product: string]: { readonly categories: ReadonlyArray<string>; readonly price: number; readonly stock?: number } }

/** Puts goods on the shelf, one variant of each, with stock at the shop "mitte". */
export const stockUp = async ({ omni }: Pick<ReturnType<typeof openWholeShop>, "omni">, goods: Goods): Promise<void> => {
  await omni.inventory.defineLocation({ location: "mitte", name: "Mitte", pools: ["all"] })
  for (const [id, { categories, price, stock = 50 }] of Object.entries(goods)) {
    const name = { en: `${id[0]?.toUpperCase()}${id.slice(1)}` }
    await omni.catalog.putProduct({ id, name, categories: [...categories] })
    await omni.catalog.putVariant({ id: `${id}-1`, product: id, sku: id.toUpperCase(), prices: [{ amount: price, currency: "EUR" }] })
    if (stock > 0) await omni.inventory.receive({ lines: [{ sku: id.toUpperCase(), location: "mitte", quantity: stock }] })
  }
}
