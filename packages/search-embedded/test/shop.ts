import { catalog, type CatalogOptions, type SalesChannel } from "@omni/catalog"
import { openSearch, search, type SearchOptions } from "@omni/catalog/search"
import { createOmni, module as moduleOf, type Module } from "@omni/core"
import { memory } from "@omni/core/memory"
import { embedded } from "@omni/search-embedded"

/** A channel of the shop under test. */
export const channel = (id: string, more: Partial<SalesChannel> = {}): SalesChannel => ({
  id,
  name: id,
  kind: "web",
  currency: "EUR",
  locale: "es",
  locales: ["es", "en"],
  timeZone: "Europe/Madrid",
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

const nothing = moduleOf("nothing", {})

/** A shop of its own with its search, on the web and at a till, and perhaps with something else beside it. */
export const openShop = <M extends Module = typeof nothing>(
  options: Partial<SearchOptions> = {},
  {
    time = clockAt(Date.UTC(2026, 10, 28)),
    store = memory(),
    driver = embedded(),
    extra,
    ...more
  }: Partial<Opened> & CatalogOptions & { readonly extra?: M } = {}
) => {
  const channels = options.channels ?? [channel("web"), channel("till")]
  const module = search({ ...options, channels })
  const omni = createOmni({
    store,
    clock: time.clock,
    modules: { catalog: catalog({ ...more, channels }), search: module, extra: extra ?? (nothing as Module as M) }
  })
  return {
    omni,
    shop: omni.catalog,
    finder: openSearch(omni, module, { driver }),
    time,
    driver,
    module,
    reopened: (other: ReturnType<typeof embedded>) => openSearch(omni, module, { driver: other })
  }
}

interface Opened {
  readonly time: ReturnType<typeof clockAt>
  readonly store: ReturnType<typeof memory>
  readonly driver: ReturnType<typeof embedded>
}
