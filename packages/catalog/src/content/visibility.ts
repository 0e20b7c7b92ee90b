import type { Product } from "../products/model.ts"
import type { ChannelContent, Visibility } from "./model.ts"

/** Why something is not shown on a channel. */
export type HiddenReason = "archived" | "not-in-assortment" | "hidden" | "not-yet-published" | "no-longer-published"

/** Whether something is shown on a channel at a moment, and if not, why. */
export interface Shown {
  readonly visibility: Visibility
  readonly reason?: HiddenReason
}

/** What one channel says of its own; nothing where it says nothing. */
export const contentOn = (
  { channels }: { readonly channels?: Readonly<Record<string, ChannelContent>> },
  channel: string
): ChannelContent => (channels !== undefined && Object.hasOwn(channels, channel) ? channels[channel]! : {})

/** Whether a product is shown on a channel at a moment: for everybody unless something says otherwise. */
export const visibilityOn = (product: Pick<Product, "archived" | "assortment" | "channels">, channel: string, now: number): Shown => {
  const { visibility = "visible", from = -Infinity, until = Infinity } = contentOn(product, channel)
  const reason: HiddenReason | undefined =
    product.archived === true
      ? "archived"
      : product.assortment !== undefined && !product.assortment.includes(channel)
        ? "not-in-assortment"
        : visibility === "hidden"
          ? "hidden"
          : now < from
            ? "not-yet-published"
            : now >= until
              ? "no-longer-published"
              : undefined
  return reason === undefined ? { visibility } : { visibility: "hidden", reason }
}
