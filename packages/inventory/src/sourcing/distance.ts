import type { Coordinates } from "@omni/core"

import type { SourcingLocation } from "./model.ts"

/**
 * Tells distances by road. Asked before sourcing, so that sourcing itself stays pure and synchronous.
 *
 * Law: as many answers as places asked about, in their order; `undefined` for a place from which no road leads.
 */
export interface DistanceDriver {
  readonly specVersion: 1
  /** Kilometres from each place to `to`. */
  readonly kilometres: (from: ReadonlyArray<Coordinates>, to: Coordinates) => Promise<ReadonlyArray<number | undefined>>
}

/** The locations with their distance by road to `to`; where none is known, the great circle still counts. */
export const roadDistances = async (
  driver: DistanceDriver,
  locations: ReadonlyArray<SourcingLocation>,
  to: Coordinates
): Promise<ReadonlyArray<SourcingLocation>> => {
  const placed = locations.filter(({ coordinates }) => coordinates !== undefined)
  const told = await driver.kilometres(
    placed.map(({ coordinates }) => coordinates!),
    to
  )
  const known = new Map(placed.map(({ id }, i) => [id, told[i]]))
  return locations.map((location) => {
    const kilometres = known.get(location.id)
    return kilometres === undefined ? location : { ...location, kilometres }
  })
}
