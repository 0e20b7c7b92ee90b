import { Id, Instant, Money, PostalAddress } from "@omni/core"
import * as z from "zod"

import type { RawRequest } from "../payment/provider.ts"
import { Label, Parcel, ShipmentStatus } from "./model.ts"

/** What a carrier is told, after the commit that decided it. */
export const CarrierCommand = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("label"),
    shipment: Id,
    order: Id.exactOptional(),
    customer: Id.exactOptional(),
    service: Id,
    direction: z.enum(["outbound", "return"]),
    parcels: z.array(Parcel),
    from: PostalAddress,
    to: PostalAddress,
    reference: Id
  }),
  z.object({ kind: z.literal("cancel"), shipment: Id, order: Id.exactOptional(), customer: Id.exactOptional(), tracking: Id })
])
export type CarrierCommand = z.infer<typeof CarrierCommand>

/** What came of it. */
export const CarrierAnswer = z.object({ tracking: Id.exactOptional(), label: Label.exactOptional(), cost: Money.exactOptional() })
export type CarrierAnswer = z.infer<typeof CarrierAnswer>

/** What a carrier tells of a shipment. */
export const TrackingReport = z.object({
  tracking: Id,
  status: ShipmentStatus,
  /** When it happened there. */
  at: Instant,
  text: z.string().max(500).exactOptional(),
  place: z.string().max(200).exactOptional()
})
export type TrackingReport = z.infer<typeof TrackingReport>

/** What is asked for a price. */
export interface RatesRequest {
  readonly from: PostalAddress
  readonly to: PostalAddress
  readonly parcels: ReadonlyArray<Parcel>
}

/** A service, and what it costs. */
export interface CarrierRate {
  readonly service: string
  readonly amount: Money
}

/**
 * The port to whoever brings the goods.
 *
 * Its laws:
 * - *Failed means not done.* `execute` rejects with `DeliveryFailed` only when no label was made, or nothing cancelled; anything else thrown is unknown.
 * - *Once by key.* With `capabilities.idempotent`, tries with one key make one label.
 * - *A report is of one moment.* It tells what happened at `at`; reports may come late, twice, and in any order.
 */
export interface CarrierDriver {
  readonly specVersion: 1
  readonly capabilities: { readonly idempotent: boolean; readonly timeout?: number }
  /** What its services cost: asked before a cart is priced, and handed in as `quotes`. */
  rates?(request: RatesRequest, signal?: AbortSignal): Promise<ReadonlyArray<CarrierRate>>
  execute(command: CarrierCommand, options: { readonly key: string; readonly signal: AbortSignal }): Promise<CarrierAnswer>
  /** The reports in a request that the carrier has made to the app: hand them to `track`. */
  webhook?(request: RawRequest): Promise<ReadonlyArray<TrackingReport>>
  /** What the carrier knows of a shipment, for those that send no webhooks. */
  look?(tracking: string, signal?: AbortSignal): Promise<ReadonlyArray<TrackingReport>>
}
