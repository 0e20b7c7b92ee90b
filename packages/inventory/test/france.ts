import type { Coordinates } from "@omni/core"
import type { SourcingLocation, SourcingOrder, SourcingRules, SourcingStock } from "@omni/inventory"

/** Three shops in France, and an order that goes to Marseille. */

export const lyon: SourcingLocation = { id: "lyon", name: "Lyon", coordinates: { latitude: 45.764, longitude: 4.8357 } }
export const paris: SourcingLocation = { id: "paris", name: "Paris", coordinates: { latitude: 48.8566, longitude: 2.3522 } }
export const nice: SourcingLocation = { id: "nice", name: "Nice", coordinates: { latitude: 43.7102, longitude: 7.262 } }
export const marseille: Coordinates = { latitude: 43.2965, longitude: 5.3698 }

export const locations = [lyon, paris, nice]

export const stockOf = (...levels: ReadonlyArray<readonly [string, string, number, object?]>): SourcingStock => ({
  locations,
  levels: levels.map(([sku, location, available, more]) => ({ sku, location, available, ...more }))
})

export const order = (...lines: ReadonlyArray<readonly [string, number, object?]>): SourcingOrder => ({
  lines: lines.map(([sku, quantity, more], i) => ({ id: `${i + 1}`, sku, quantity, ...more })),
  destination: marseille
})

export const rules = (rank: SourcingRules["rank"], more: Partial<SourcingRules> = {}): SourcingRules => ({ rank, ...more })

export const fewThenNear = rules(["fewest-parcels", "nearest"])
