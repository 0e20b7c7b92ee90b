import { CartCheckedOut, CartUpdated } from "@omni/cart"
import { productsOf, relationsOf } from "@omni/catalog"
import { availabilityOf } from "@omni/inventory"
import { OrderCancelled } from "@omni/orders"
import { ConsentRecorded, ProfilesMerged, recipientOf, subjectsOf, Tracked } from "@omni/profile"
import { observed, recommend } from "@omni/recommend"

/** What the shop suggests, and what it learns from: everything that happens under one profile, on whatever channel. Items are products. */
export const suggestions = () =>
  recommend({
    // The till also shows what a customer has: a case may be a gift.
    slots: { till: { sources: ["related", "viewed", "together", "popular"], limit: 3, repeats: true } },
    consent: (reader, person) =>
      recipientOf(reader, person)?.consents.some(({ purpose, status }) => purpose === "suggestions" && status === "granted") === true,
    identities: subjectsOf,
    items: (view, items) =>
      productsOf(view, items).map((found) =>
        found === undefined || found.product.archived === true
          ? undefined
          : { name: found.product.name["en"] ?? found.product.id, categories: found.product.categories }
      ),
    stock: (view, items, { location }) => {
      const skus = productsOf(view, items).map((found) => found?.variants[0]?.sku ?? "")
      const asked = skus.filter((sku) => sku !== "").map((sku) => ({ sku }))
      if (asked.length === 0) return items.map(() => false)
      const answers = availabilityOf(view, { items: asked, ...(location === undefined ? {} : { location }) })
      return skus.map((sku) => answers.some((answer) => answer.sku === sku && answer.isAvailable))
    },
    related: (view, items, { channel }) => relationsOf(view, items, { channel }),
    observe: [
      observed(Tracked, ({ data: { entry, profile: customer, properties, type } }) => {
        const product = properties?.["product"]
        return type === "product viewed" && typeof product === "string"
          ? { kind: "view", id: entry, customer, items: [product] }
          : undefined
      }),
      observed(CartUpdated, ({ data: { cart, customer, lines } }) => ({
        kind: "cart",
        id: cart,
        customer,
        items: lines.map(({ product }) => product)
      })),
      observed(CartCheckedOut, ({ data: { cart, customer, lines, order } }) => ({
        kind: "order",
        id: order,
        cart,
        customer,
        items: lines.map(({ product, quantity }) => ({ item: product, quantity }))
      })),
      observed(OrderCancelled, ({ data: { complete, customer, order } }) => (complete ? { kind: "returned", order, customer } : undefined)),
      observed(ConsentRecorded, ({ data: { profile: person, purpose, status } }) =>
        purpose === "suggestions" && status !== "granted" ? { kind: "forget", person } : undefined
      ),
      observed(ProfilesMerged, ({ data: { from, into } }) => ({ kind: "joined", from, into }))
    ]
  })
