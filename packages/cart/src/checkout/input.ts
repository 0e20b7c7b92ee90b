import { Currency, Id, Locale } from "@omni/core"
import { FulfilmentRequest, OrderRequest } from "@omni/orders"
import type { ShippingCharge } from "@omni/pricing"
import * as z from "zod"

import { cartRef } from "../find.ts"
import type { Cart } from "../model.ts"
import type { Settings } from "../settings.ts"
import { expected } from "./shown.ts"

/** What is charged for bringing the goods. */
export const Shipping: z.ZodType<ShippingCharge, ShippingCharge> = z.object({
  id: Id,
  name: z.string().max(200).exactOptional(),
  amount: z.int().nonnegative(),
  currency: Currency,
  taxCategory: Id
})

/** What is said of a cart that is bought, whichever way it is paid. */
export const checkoutInput = {
  ...cartRef,
  channel: Id.exactOptional(),
  /** The language of whoever buys, for the names of lines in the order and on its documents: that of the channel unless told. */
  locale: Locale.exactOptional(),
  /** How the goods reach the customer, and from which location's stock. */
  fulfilment: FulfilmentRequest.exactOptional(),
  /** The same from several places, or on several days; lines go by their ids in the cart. */
  fulfilments: z.array(FulfilmentRequest).min(1).max(200).exactOptional(),
  /** What is not free waits for stock, instead of the checkout being refused. */
  backorder: z.boolean().exactOptional(),
  /** Which lots or pieces of lines are handed over at once, where articles are tracked. */
  goods: OrderRequest.shape.goods,
  /** The number of the buyer's purchase order, for the invoice. */
  purchaseOrder: OrderRequest.shape.purchaseOrder,
  shipping: z.array(Shipping).max(10).exactOptional(),
  ...expected
}

/** The terms that the shop's policies promise for what is in a cart; of what is excluded, what is in it, for an order keeps them. */
export const termsOf = ({ terms }: Settings, { lines }: Cart) => {
  const excluded = terms?.excluded?.filter((sku) => lines.some((line) => line.sku === sku)) ?? []
  if (terms === undefined) return {}
  const { excluded: _, ...others } = terms
  return { terms: { ...others, ...(excluded.length === 0 ? {} : { excluded }) } }
}
