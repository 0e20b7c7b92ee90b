/** The modules whose operations and queries the READMEs have tables of, each with the least that it is told. */
import { join } from "node:path"

import { root } from "../workspace.ts"

/** What is called of a module: what it takes, as zod has it. */
interface Callable {
  readonly input: object
}

export interface Module {
  readonly name: string
  readonly operations: Readonly<Record<string, Callable>>
  readonly queries: Readonly<Record<string, Callable>>
  readonly collections?: ReadonlyArray<{ readonly name: string; readonly schema: object }>
}

const nothing = () => undefined
const secret = "0".repeat(32)

/** By package: its functions that make modules, and what each is told. */
const makers: Readonly<Record<string, Readonly<Record<string, object | undefined>>>> = {
  cart: { cart: { channels: [], tax: { entry: "gross", rates: {} } }, credit: { secret }, loyalty: { earn: nothing } },
  catalog: { catalog: undefined },
  channels: { channels: { recipient: nothing, drivers: {} } },
  inventory: { inventory: undefined },
  journeys: { journeys: { send: nothing, journeys: [] } },
  nps: { nps: { surveys: [] } },
  orders: { orders: undefined, payments: undefined, accounts: undefined, shipping: undefined, invoices: undefined },
  profile: { profile: undefined },
  recommend: { recommend: { consent: nothing, slots: {} } }
}

/** What search is asked, by shoppers and by those who run a shop. The rest of its module is for whoever keeps an index up. */
const searched = async (): Promise<Module> => {
  const { search, SearchInput, SuggestInput } = await import(join(root, "packages/catalog/src/search/index.ts"))
  const { operations, queries } = search({ channels: [{ id: "web", currency: "EUR", locale: "en" }] }) as Module
  const { putCuration, removeCuration } = operations
  return {
    name: "search",
    operations: {
      putCuration: putCuration!,
      removeCuration: removeCuration!,
      find: { input: SearchInput },
      suggest: { input: SuggestInput }
    },
    queries: { curations: queries["curations"]! }
  }
}

/** The modules of each package. */
export const modulesByPackage = (): Promise<ReadonlyArray<{ readonly short: string; readonly modules: ReadonlyArray<Module> }>> =>
  Promise.all(
    Object.entries(makers).map(async ([short, options]) => {
      const source: Record<string, (options?: object) => Module> = await import(join(root, "packages", short, "src/index.ts"))
      const modules = Object.entries(options).map(([maker, told]) => source[maker]!(told))
      return { short, modules: short === "catalog" ? [...modules, await searched()] : modules }
    })
  )
