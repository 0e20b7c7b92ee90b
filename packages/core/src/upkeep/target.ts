import type { Engine } from "../client/engine.ts"
import { callerOf } from "../client/omni.ts"
import { systemPlatform } from "../ports/platform.ts"
import type { StoreDriver } from "../ports/store.ts"

/** Whose client it is: what `createOmni` or `omni.tenant(…)` answered. */
interface AppClient {
  drain(): Promise<unknown>
}

/** The engine of an app on Effect: `yield* OmniEngine`. */
interface AppEngine {
  readonly engine: Engine
  readonly tenant: string
}

/** An app, by its client. */
export type App = AppClient | AppEngine

/**
 * What is looked after: an app, by its client or its engine; or a store by itself, of which nothing is changed but the log, and nothing
 * known of the app's reactors and feeds but how far they have come.
 */
export type Target = App | StoreDriver

/** A target, taken apart. */
export interface Parts {
  readonly store: StoreDriver
  readonly engine: Engine | undefined
  readonly now: number
}

/** The engine behind an app, and the tenant that it calls for. */
export const engineOf = (app: App): AppEngine => {
  const found = callerOf(app) ?? ("engine" in app ? app : undefined)
  if (found === undefined) throw new TypeError("This is no client of an app: hand in what createOmni answered.")
  return found
}

export const partsOf = (target: Target): Parts => {
  if (isStore(target)) return { store: target, engine: undefined, now: systemPlatform().clock.now() }
  const { engine } = engineOf(target)
  return { store: engine.options.store, engine, now: engine.now }
}

const isStore = (target: Target): target is StoreDriver => "specVersion" in target && callerOf(target) === undefined

/** The store of an app, for what is done with a store alone. */
export const storeOf = (target: Target): StoreDriver => partsOf(target).store

/** The tenant that was named, or all that a store has. */
export const tenantsOf = async (store: StoreDriver, tenant: string | undefined): Promise<ReadonlyArray<string>> =>
  tenant === undefined ? (await store.scopes()).map(({ scope }) => scope) : [tenant]

/** The names of the collections that an app's store has rows of. */
export const collectionsIn = (app: App): ReadonlyArray<string> => engineOf(app).engine.collections
