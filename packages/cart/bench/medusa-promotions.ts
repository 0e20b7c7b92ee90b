import { createRequire } from "node:module"
import { join } from "node:path"

import { startPostgres } from "../../../scripts/postgres/server.ts"
import { peer } from "./peers.ts"

/** `@medusajs/promotion` as an app of Medusa has it: its module over PostgreSQL, which it reads promotions from for every cart. */

interface Promotions {
  createPromotions(promotions: ReadonlyArray<object>): Promise<unknown>
  computeActions(
    codes: ReadonlyArray<string>,
    context: object
  ): Promise<ReadonlyArray<{ readonly action: string; readonly amount?: unknown }>>
}

interface Framework {
  MedusaApp(options: object): Promise<{
    readonly modules: { readonly promotion: Promotions }
    runMigrations(): Promise<void>
    onApplicationShutdown(): Promise<void>
  }>
  createPgConnection(options: object): { destroy(): Promise<void> }
}

const silent = Object.fromEntries(
  ["info", "warn", "debug", "log", "error", "activity", "progress", "success", "failure"].map((at) => [at, () => {}])
)

const bus = {
  emit: async () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  releaseGroupedEvents: async () => {},
  clearGroupedEvents: async () => {}
}

/** What is done while the console is silent: Medusa reports each migration, and a module of links that it finds only in a whole app. */
const quietly = async <A>(work: () => Promise<A>): Promise<A> => {
  const { log, warn, error } = console
  Object.assign(console, { log: () => {}, warn: () => {}, error: () => {} })
  try {
    return await work()
  } finally {
    Object.assign(console, { log, warn, error })
  }
}

/** Medusa with these promotions. */
export const medusaPromotions = async (promotions: ReadonlyArray<object>) => {
  const server = await startPostgres()
  peer("@medusajs/promotion")
  const require = createRequire(join(import.meta.dirname, "peers/package.json"))
  const part = (name: string): Framework => require(`@medusajs/framework/${name}`)
  const { MedusaApp } = part("modules-sdk")
  const { createPgConnection } = part("utils")
  const connection = createPgConnection({ clientUrl: server.url, pool: { min: 1, max: 8 } })
  const app = await quietly(() =>
    MedusaApp({
      modulesConfig: { promotion: { resolve: join(import.meta.dirname, "peers/node_modules/@medusajs/promotion"), options: {} } },
      sharedResourcesConfig: { database: { clientUrl: server.url } },
      injectedDependencies: { __pg_connection__: connection, event_bus: bus, logger: silent }
    })
  )
  await quietly(() => app.runMigrations())
  const { promotion } = app.modules
  await promotion.createPromotions(promotions)
  return {
    actions: (codes: ReadonlyArray<string>, context: object) => promotion.computeActions(codes, context),
    async close() {
      await app.onApplicationShutdown()
      await connection.destroy()
      await server.stop()
    }
  }
}
