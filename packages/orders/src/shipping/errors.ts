import * as Data from "effect/Data"

import type { ShipmentStatus, SlotRef } from "./model.ts"

/** The method does not go from this location, or has to be told from which it goes. */
export class LocationNotServed extends Data.TaggedError("LocationNotServed")<{
  readonly message: string
  readonly method: string
  readonly location?: string
  /** From where it goes; none where its slots are the same for all. */
  readonly locations: ReadonlyArray<string>
}> {
  /** The error about a method. */
  static of(method: string, location: string | undefined, locations: ReadonlyArray<string>): LocationNotServed {
    const some = locations.length > 10 ? `${locations.slice(0, 10).join(", ")} and ${locations.length - 10} more` : locations.join(", ")
    const expected = locations.length === 0 ? `its slots are the same for all: name no location` : `name one of ${some}`
    const given = location === undefined ? "no location was named" : `"${location}" was named`
    return new LocationNotServed({
      method,
      ...(location === undefined ? {} : { location }),
      locations,
      message: `"${method}" has no slots there: ${given}; ${expected}.`
    })
  }
}

/**
 * Why a slot does not fit what it is taken for. `kind`: it is of a way by which this does not go; `location`: it is of another location;
 * `zone`: the method does not go to the address; `no-address`: it goes to some only, and the address is not known.
 */
export type SlotProblem = "kind" | "location" | "zone" | "no-address"

/** The slot is not one for this order; all that stands against it is named. */
export class SlotMismatch extends Data.TaggedError("SlotMismatch")<{
  readonly message: string
  readonly slot: SlotRef
  readonly problems: ReadonlyArray<SlotProblem>
}> {}

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
