import { catalog, type CatalogOptions, type SalesChannel } from "@omni/catalog"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"

/** A channel of the shop under test. */
export const channel = (id: string, more: Partial<SalesChannel> = {}): SalesChannel => ({
  id,
  name: id,
  kind: "web",
  currency: "EUR",
  locale: "de",
  timeZone: "Europe/Berlin",
  ...more
})

/** A clock that stands still until a test moves it. */
export const clockAt = (start: number) => {
  let now = start
  return {
    clock: { now: () => now, sleep: async () => {} },
    set: (to: number) => {
      now = to
    }
  }
}

/** A catalog of its own, with a web shop and a till. */
export const openCatalog = (options: CatalogOptions = {}, time = clockAt(Date.UTC(2026, 10, 28)), store = memory()) => {
  const omni = createOmni({
    store,
    clock: time.clock,
    modules: { catalog: catalog({ channels: [channel("web"), channel("till")], ...options }) }
  })
  return { omni, shop: omni.catalog, time }
}

/** The events of a type, in order. */
export const told = async (omni: ReturnType<typeof openCatalog>["omni"], type: { readonly name: string }) =>
  (await omni.events({ types: [type] })).events.map(({ data }) => data)

/** What is left of `T` when what is undefined is left out. */
export type Given<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The fields that are not undefined. */
export const given = <T extends object>(value: T): Given<T> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Given<T>
