import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

import { collectionsOf, createOmni, type Module, type OmniClient, type StoreDriver } from "@omni/core"
import { collectionsIn, storeOf, type Target } from "@omni/core/upkeep"

import type { Given } from "./command.ts"
import { AppNeeded, StoreNotReady, UsageError } from "./errors.ts"

/** The client of any app. */
export type App = OmniClient<{}>

/** What the module of `--app` says of an app. */
interface Exports {
  readonly omni: App | undefined
  readonly modules: { readonly [name: string]: Module } | undefined
}

/** Opens what a command works on, on demand, and closes it at the end. */
export class Opening {
  readonly #given: Given
  readonly #env: { readonly [name: string]: string | undefined }
  #exports: Promise<Exports> | undefined
  #driver: Promise<StoreDriver> | undefined
  #ready: Promise<StoreDriver> | undefined
  #client: Promise<App> | undefined
  readonly #closing: Array<() => Promise<void>> = []

  constructor(given: Given, env: { readonly [name: string]: string | undefined }) {
    this.#given = given
    this.#env = env
  }

  get hasApp(): boolean {
    return this.#given.text("app") !== undefined
  }

  /** Where the store is, if it was said; the app knows, else. */
  get address(): string | undefined {
    const told = this.#given.text("store")
    if (told !== undefined) return told
    return this.hasApp ? undefined : this.#env["OMNI_STORE"]
  }

  /** The store, as it is: nothing was looked at yet. */
  driver(): Promise<StoreDriver> {
    return (this.#driver ??= this.#openDriver())
  }

  /** The store and the layout that it has, which must be this release's. */
  ready(): Promise<StoreDriver> {
    return (this.#ready ??= this.#examined())
  }

  async #examined(): Promise<StoreDriver> {
    const driver = await this.driver()
    const examined = await driver.examine?.()
    if (examined !== undefined && examined.layout !== examined.supported) {
      const finding = examined.findings.find(({ level, code }) => level === "problem" && (code === "layout" || code === "rights"))
      throw new StoreNotReady({ message: `${finding?.message ?? "The store has another layout."} ${finding?.advice ?? ""}`.trim() })
    }
    return driver
  }

  /** What functions of `@omni/core/upkeep` take: the app, or the store alone. Only looked at, a store is made nothing of. */
  async target(): Promise<Target> {
    const driver = await this.ready()
    return this.hasApp ? this.client() : driver
  }

  /** The same without a look at its layout: for what says what is wrong with it. */
  async unchecked(): Promise<Target> {
    const driver = await this.driver()
    return this.hasApp ? this.client() : driver
  }

  /** A client on the store, ready for use: the app's, or one that has no modules. */
  async omni(): Promise<App> {
    await this.ready()
    return this.client()
  }

  /** The same, for what runs the app's own code. */
  async app(why: string): Promise<App> {
    if (!this.hasApp) throw new AppNeeded({ message: `${why} Name the app's module: --app <file>.` })
    return this.omni()
  }

  /** The collections that the store is to have a place for. */
  async collections(): Promise<ReadonlyArray<string>> {
    const { omni, modules } = await this.#load()
    return modules === undefined && omni !== undefined ? collectionsIn(omni) : collectionsOf(modules ?? {})
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).toReversed()) await close()
  }

  client(): Promise<App> {
    return (this.#client ??= this.#openClient())
  }

  async #openClient(): Promise<App> {
    const { omni, modules } = await this.#load()
    if (omni !== undefined && this.address === undefined) return omni
    if (omni !== undefined && modules === undefined)
      throw new UsageError({
        message:
          "The app's `omni` has a store of its own: leave --store out, or let its module export `modules` too, to be put on another store."
      })
    const driver = await this.driver()
    // Only `migrate` migrates: to look at a store must not change its layout.
    return createOmni({ store: { ...driver, migrate: async () => {} }, modules: modules ?? {} })
  }

  #load(): Promise<Exports> {
    return (this.#exports ??= this.hasApp
      ? this.#import(this.#given.text("app")!)
      : Promise.resolve({ omni: undefined, modules: undefined }))
  }

  async #import(file: string): Promise<Exports> {
    const path = resolve(file)
    if (!existsSync(path)) throw new UsageError({ message: `There is no file ${path} (--app).` })
    const found = (await import(pathToFileURL(path).href)) as { readonly [name: string]: unknown }
    const omni = [found["omni"], found["default"]].find(isClient)
    const modules = typeof found["modules"] === "object" && found["modules"] !== null ? (found["modules"] as Exports["modules"]) : undefined
    if (omni === undefined && modules === undefined)
      throw new UsageError({
        message: `${path} exports neither \`omni\`, what createOmni made, nor \`modules\`, what it was given (--app).`
      })
    if (omni !== undefined) this.#closing.push(() => omni.close())
    return { omni, modules }
  }

  async #openDriver(): Promise<StoreDriver> {
    const { address } = this
    if (address === undefined) {
      const { omni } = await this.#load()
      if (omni !== undefined) return storeIn(omni)
      throw new UsageError({ message: "Which store? Say --store postgres://… or --store shop.db, or set OMNI_STORE." })
    }
    const driver = await driverFor(address, { schema: this.#given.text("schema"), keys: this.#given.text("keys") })
    this.#closing.push(() => driver.close())
    return driver
  }
}

const isClient = (value: unknown): value is App =>
  typeof value === "object" && value !== null && "deadLetters" in value && "tenant" in value && "close" in value

const storeIn = (omni: App): StoreDriver => {
  try {
    return storeOf(omni)
  } catch {
    throw new UsageError({
      message: "The app's `omni` was made by another copy of @omni/core. Install @omni/cli beside it, in the app's own package."
    })
  }
}

interface Places {
  readonly schema: string | undefined
  readonly keys: string | undefined
}

/** The driver that an address calls for. */
const driverFor = async (address: string, { schema, keys }: Places): Promise<StoreDriver> => {
  if (/^postgres(ql)?:\/\//.test(address)) {
    const { postgres } = await loaded(() => import("@omni/storage-postgres"), "@omni/storage-postgres pg")
    // Nothing here needs what a pooler in transaction mode can not give.
    return postgres(address, {
      listen: false,
      prepare: false,
      pool: { max: 4, connectionTimeoutMillis: 10_000, application_name: "omni" },
      ...(schema === undefined ? {} : { schema }),
      ...(keys === undefined ? {} : { keys: { schema: keys } })
    })
  }
  if (/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(address))
    throw new UsageError({
      message: "The address of a store begins with postgres://, or is the path of a file. Put a store of another kind into an --app."
    })
  if (schema !== undefined) throw new UsageError({ message: "--schema is for PostgreSQL: a file holds one store." })
  const { sqlite } = await loaded(() => import("@omni/storage-sqlite"), "@omni/storage-sqlite")
  return sqlite(pathOf(address), keys === undefined ? {} : { keys })
}

const pathOf = (address: string): string => {
  if (address.startsWith("file://")) return fileURLToPath(address)
  return address.startsWith("file:") ? address.slice(5) : address
}

const loaded = async <A>(load: () => Promise<A>, packages: string): Promise<A> => {
  try {
    return await load()
  } catch (error) {
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      throw new UsageError({ message: `The driver of this store is not installed: npm install ${packages}` })
    throw error
  }
}
