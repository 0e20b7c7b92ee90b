import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"

import type { Make } from "./contender.ts"

/** `@medusajs/inventory` as an app of Medusa has it: its module, over its own connection pool, with or without its locking module. */

const folder = join(import.meta.dirname, "medusa")

interface Level {
  readonly reserved_quantity: number
}

/** What is used of Medusa's modules. */
interface Modules {
  readonly inventory: {
    createInventoryItems(
      items: ReadonlyArray<{ readonly sku: string }>
    ): Promise<ReadonlyArray<{ readonly id: string; readonly sku: string }>>
    createInventoryLevels(levels: ReadonlyArray<object>): Promise<unknown>
    createReservationItems(items: ReadonlyArray<object>): Promise<unknown>
    listInventoryLevels(filter: object, options: object): Promise<ReadonlyArray<Level>>
  }
  readonly locking: { execute<A>(keys: ReadonlyArray<string>, job: () => Promise<A>): Promise<A> }
}

interface Framework {
  MedusaApp(options: object): Promise<{ readonly modules: Modules; runMigrations(): Promise<void>; onApplicationShutdown(): Promise<void> }>
  createPgConnection(options: object): { destroy(): Promise<void> }
}

/** Installs Medusa beside the benchmark if it is not there. */
const install = (): void => {
  if (existsSync(join(folder, "node_modules/@medusajs/inventory"))) return
  console.error("Medusa is being installed for the benchmark …")
  const options = ["install", "--ignore-workspace", "--ignore-scripts", "--no-lockfile", "--prod"]
  execFileSync("npx", ["-y", "pnpm@12", ...options], { cwd: folder, stdio: ["ignore", 2, 2] })
}

const load = (): Framework => {
  install()
  const require = createRequire(join(folder, "package.json"))
  const part = (name: string) => require(`@medusajs/framework/${name}`)
  return { ...part("modules-sdk"), ...part("utils") }
}

const silent = Object.fromEntries(
  ["info", "warn", "debug", "log", "error", "activity", "progress", "success", "failure"].map((at) => [at, () => {}])
)

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

const bus = {
  emit: async () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  releaseGroupedEvents: async () => {},
  clearGroupedEvents: async () => {}
}

/** Where Medusa's locks are: nowhere, in the process (its default), or in PostgreSQL. */
export type Locks = "none" | "in-memory" | "postgres"

export const medusa =
  (locks: Locks): Make =>
  async (url, skus, pieces) => {
    const { MedusaApp, createPgConnection } = load()
    // A lock in PostgreSQL keeps a connection while the work under it takes another: a pool of 16 comes to a stand at 16 in flight.
    const connection = createPgConnection({ clientUrl: url, pool: { min: 1, max: locks === "postgres" ? 140 : 16 } })
    const path = (name: string): string => join(folder, "node_modules", name)
    const provider = { resolve: path("@medusajs/locking-postgres"), id: "locking-postgres", is_default: true }
    const app = await quietly(() =>
      MedusaApp({
        modulesConfig: {
          inventory: { resolve: path("@medusajs/inventory"), options: {} },
          locking: { resolve: path("@medusajs/locking"), options: locks === "postgres" ? { providers: [provider] } : {} }
        },
        sharedResourcesConfig: { database: { clientUrl: url } },
        injectedDependencies: { __pg_connection__: connection, event_bus: bus, logger: silent }
      })
    )
    await quietly(() => app.runMigrations())
    const { inventory, locking } = app.modules
    const items = await inventory.createInventoryItems(skus.map((sku) => ({ sku })))
    const ids = new Map(items.map(({ id, sku }) => [sku, id]))
    await inventory.createInventoryLevels(items.map(({ id }) => ({ inventory_item_id: id, location_id: "shop", stocked_quantity: pieces })))
    const create = async (id: string, quantity: number): Promise<boolean> => {
      try {
        await inventory.createReservationItems([{ inventory_item_id: id, location_id: "shop", quantity }])
        return true
      } catch (error) {
        if (/not enough stock|required quantity/i.test(String(error))) return false
        throw error
      }
    }
    return {
      reserve: (sku, quantity) => {
        const id = ids.get(sku)!
        return locks === "none" ? create(id, quantity) : locking.execute([id], () => create(id, quantity))
      },
      async reserved() {
        const levels = await inventory.listInventoryLevels({}, { take: 1000 })
        return levels.reduce((sum, level) => sum + Number(level.reserved_quantity), 0)
      },
      async close() {
        await app.onApplicationShutdown()
        await connection.destroy()
      }
    }
  }
