import type { TransportDriver } from "@omni/core"

import { type Law, type LawToggles, toggled, type Verdict } from "./law.ts"
import { benchFor, type Door, type TransportLaw, type TransportUnderTest } from "./transport/bench.ts"
import { carryingLaws } from "./transport/carrying.ts"
import { failingLaws } from "./transport/failing.ts"
import { orderingLaws } from "./transport/ordering.ts"
import { publishingLaws } from "./transport/publishing.ts"

const all: ReadonlyArray<TransportLaw> = [...carryingLaws, ...orderingLaws, ...failingLaws, ...publishingLaws]

/**
 * The laws of the transport port. `make` is called once for each law and gives an empty transport; what else it gives (`second`, `forget`)
 * lets more be tried. Every law closes the clients it was given, then calls `dispose`.
 */
export const transportLaws = (make: () => Promise<TransportUnderTest>, toggles: LawToggles = {}): ReadonlyArray<Law> =>
  toggled(
    all.map((law) => ({ name: law.name, run: () => run(law, make, toggles) })),
    toggles
  )

const run = async (
  law: TransportLaw,
  make: () => Promise<TransportUnderTest>,
  { scale = 1, seed, patience = 10_000 }: LawToggles
): Promise<Verdict> => {
  const transport = await make()
  const open = new Set<TransportDriver>([transport.driver])
  const doors = new Set<Door>()
  try {
    const other = (await transport.second?.()) ?? transport.driver
    open.add(other)
    await law.run(benchFor(transport, other, open, doors, { scale, seed, patience }))
    return {}
  } finally {
    for (const door of doors) door.open()
    await Promise.allSettled([...open].map((driver) => driver.close()))
    await transport.dispose?.()
  }
}
