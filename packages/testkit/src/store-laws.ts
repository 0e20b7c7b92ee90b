import type { StoreDriver } from "@omni/core"

import { holds, within } from "./assert.ts"
import { type Law, type LawToggles, toggled, type Verdict } from "./law.ts"
import { atomicLaws } from "./laws/atomic.ts"
import { type Bench, foundBy, fresh, type StoreLaw, type StoreUnderTest } from "./laws/bench.ts"
import { checkLaws } from "./laws/checks.ts"
import { dueLaws } from "./laws/due.ts"
import { durableLaws } from "./laws/durable.ts"
import { findLaws } from "./laws/find.ts"
import { idempotencyLaws } from "./laws/idempotent.ts"
import { keyLaws } from "./laws/keys.ts"
import { limitLaws } from "./laws/limits.ts"
import { logLaws } from "./laws/log.ts"
import { modelLaw } from "./laws/model.ts"
import { oracleLaw } from "./laws/oracle.ts"
import { sessionLaws } from "./laws/sessions.ts"
import { tenantLaws } from "./laws/tenants.ts"
import { watchLaws } from "./laws/watch.ts"

const all: ReadonlyArray<StoreLaw> = [
  ...atomicLaws,
  ...checkLaws,
  ...idempotencyLaws,
  ...findLaws,
  ...logLaws,
  ...dueLaws,
  ...tenantLaws,
  ...sessionLaws,
  ...watchLaws,
  ...durableLaws,
  ...limitLaws,
  ...keyLaws,
  modelLaw,
  oracleLaw
]

/**
 * The laws of the store port. `make` is called once for each law and gives an empty store, not yet migrated; what else it gives
 * (`second`, `reopen`) lets more be tried. A law whose capability is absent answers `skipped` with the reason. Every law closes the
 * clients it was given, then calls `dispose`.
 */
export const storeLaws = (make: () => Promise<StoreUnderTest>, toggles: LawToggles = {}): ReadonlyArray<Law> =>
  toggled(
    all.map((law) => ({ name: law.name, run: () => run(law, make, toggles) })),
    toggles
  )

const run = async (law: StoreLaw, make: () => Promise<StoreUnderTest>, toggles: LawToggles): Promise<Verdict> => {
  const store = await make()
  const open = new Set<StoreDriver>([store.driver])
  try {
    const skipped = law.needs?.(store)
    if (skipped !== undefined) return { skipped }
    await store.driver.migrate()
    await law.run(await benchFor(store, open, toggles))
    return {}
  } finally {
    await Promise.allSettled([...open].map((driver) => driver.close()))
    await store.dispose?.()
  }
}

const benchFor = async (
  store: StoreUnderTest,
  open: Set<StoreDriver>,
  { scale = 1, seed, patience = 10_000 }: LawToggles
): Promise<Bench> => {
  const { driver } = store
  const other = (await store.second?.()) ?? driver
  open.add(other)
  const scope = () => fresh("scope")
  return {
    driver,
    other,
    hasOther: other !== driver,
    scope,
    async reopen() {
      holds(store.reopen !== undefined, "the law needs `reopen`")
      await Promise.all([...open].map((client) => client.close()))
      open.clear()
      const again = await store.reopen()
      open.add(again)
      await again.migrate()
      return again
    },
    async both() {
      const shared = scope()
      return [await driver.open(shared), await other.open(shared)]
    },
    runs: (runs) => ({ numRuns: Math.max(1, Math.round(runs * scale)), ...(seed === undefined ? {} : { seed }) }),
    scaled: (size) => Math.max(2, Math.round(size * scale)),
    soon: (work, what) => within(patience, work, what),
    found: (check, by = driver) => foundBy(by, patience, check)
  }
}
