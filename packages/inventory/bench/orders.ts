import type { SourcingOrder, SourcingRules, SourcingStock } from "@omni/inventory"

import { stream } from "../../../scripts/bench/stream.ts"

/** Orders that are large, made by seed: 50 lines over 100 locations of one of three kinds of network, under one of five rankings. */

export interface Seeded {
  readonly kind: string
  readonly order: SourcingOrder
  readonly stock: SourcingStock
  readonly rules: SourcingRules
}

/** How many of the locations are warehouses, and what share of the articles a warehouse and a shop keep. */
const networks = [
  { kind: "5 warehouses, 95 shops", warehouses: 5, wide: 0.8, narrow: 0.2 },
  { kind: "100 shops of a third of the articles", warehouses: 0, wide: 0, narrow: 0.33 },
  { kind: "100 small shops of a tenth of the articles", warehouses: 0, wide: 0, narrow: 0.1 }
] as const

const rankings: ReadonlyArray<SourcingRules["rank"]> = [
  ["fewest-parcels", "nearest"],
  ["cheapest", "nearest"],
  ["keep-floor", "cheapest", "nearest"],
  ["pickup-first", "fewest-parcels", "nearest"],
  ["nearest", "fewest-parcels"]
]

/** The order of a seed. */
export const seeded = (seed: number, lines = 50, locations = 100): Seeded => {
  const random = stream(seed)
  const upTo = (most: number): number => 1 + Math.floor(random() * most)
  const network = networks[seed % networks.length]!
  const rank = rankings[Math.floor(seed / networks.length) % rankings.length]!
  const place = () => ({ latitude: 42 + 8 * random(), longitude: -4 + 11 * random() })
  const ids = Array.from({ length: locations }, (_, l) => `location ${String(l).padStart(3, "0")}`)
  const skus = Array.from({ length: lines }, (_, i) => `sku ${i}`)
  const levels = ids.flatMap((location, l) => {
    const isWarehouse = l < network.warehouses
    return skus.flatMap((sku) => {
      if (random() >= (isWarehouse ? network.wide : network.narrow)) return []
      return [{ sku, location, available: isWarehouse ? upTo(60) : upTo(6), floor: random() < 0.3 ? upTo(2) : 0 }]
    })
  })
  return {
    kind: network.kind,
    order: {
      lines: skus.map((sku, i) => ({ id: `line ${i}`, sku, quantity: random() < 0.6 ? 1 : upTo(5) })),
      destination: place(),
      ...(rank[0] === "pickup-first" ? { pickup: ids[upTo(locations) - 1]! } : {})
    },
    stock: { levels, locations: ids.map((id) => ({ id, coordinates: place(), parcelCost: 300 + upTo(900) })) },
    rules: { rank }
  }
}
