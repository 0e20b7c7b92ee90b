import * as Data from "effect/Data"

import type { ShipmentStatus, SlotRef } from "./model.ts"

/** The app has no shipping method of this name, or it has no slots. */
export class MethodNotFound extends Data.TaggedError("MethodNotFound")<{ readonly message: string; readonly method: string }> {}

/** There is no such slot, or not any more: its day has no such window, or its time has come. */
export class SlotNotFound extends Data.TaggedError("SlotNotFound")<{ readonly message: string; readonly slot: SlotRef }> {}

/** All places of the slot are taken. */
export class SlotFull extends Data.TaggedError("SlotFull")<{
  readonly message: string
  readonly slot: SlotRef
  readonly capacity: number
}> {}

/** The app has no carrier of this name. */
export class CarrierNotFound extends Data.TaggedError("CarrierNotFound")<{ readonly message: string; readonly carrier: string }> {}

/** No shipment has this id. */
export class ShipmentNotFound extends Data.TaggedError("ShipmentNotFound")<{ readonly message: string; readonly shipment: string }> {
  /** The error about what was looked up. */
  static of(shipment: string): ShipmentNotFound {
    return new ShipmentNotFound({ shipment, message: `There is no shipment "${shipment}".` })
  }
}

/** The shipment is on its way, or over: it cannot be cancelled. */
export class ShipmentUnderWay extends Data.TaggedError("ShipmentUnderWay")<{
  readonly message: string
  readonly shipment: string
  readonly status: ShipmentStatus
}> {}
