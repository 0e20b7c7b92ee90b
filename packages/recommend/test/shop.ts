import { createOmni, days } from "@omni/core"
import { memory } from "@omni/core/memory"
import { buildModels, type Curated, type ItemFacts, recommend, type RecommendOptions } from "@omni/recommend"

/** A noon in spring. */
export const NOON = Date.UTC(2026, 3, 15, 12)

/** Sleep on a clock that stands: nobody wakes up by himself, so nothing takes too long. */
export const untilAborted = (_milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener("abort", () => resolve()))

/** What the shop of these tests knows of its items; each test changes what it needs. */
export const shelf = () => {
  const facts = new Map<string, ItemFacts>()
  const soldOut = new Set<string>()
  const hidden = new Set<string>()
  const refused = new Set<string>()
  const relations: Array<Curated> = []
  const ports = {
    // So few buy here that one has to be enough.
    atLeast: 1,
    consent: (_reader: unknown, person: string) => !refused.has(person),
    items: (_view: unknown, items: ReadonlyArray<string>) =>
      items.map((item) => (hidden.has(item) ? undefined : (facts.get(item) ?? { categories: [] }))),
    stock: (_view: unknown, items: ReadonlyArray<string>) => items.map((item) => !soldOut.has(item)),
    related: (_view: unknown, items: ReadonlyArray<string>) => relations.filter(({ from }) => items.includes(from))
  }
  return { facts, soldOut, hidden, refused, relations, ports }
}

/** A shop over a store in memory, on a clock that stands until it is told to move. */
export const open = <const S extends string>(options: RecommendOptions<S>) => {
  let now = NOON
  const clock = { now: () => now, sleep: untilAborted }
  const omni = createOmni({ store: memory(), clock, modules: { recommend: recommend(options) } })
  return {
    omni,
    shop: omni.recommend,
    at: (instant: number) => void (now = instant),
    pass: (milliseconds: number) => void (now += milliseconds),
    learn: async () => {
      await omni.drain()
      return buildModels(omni.recommend, { always: true })
    }
  }
}

interface Buying {
  readonly recordPurchase: (sale: { order: string; items: ReadonlyArray<string>; customer: string }) => Promise<unknown>
}

/** Lets some people buy some baskets, a day apart for each person. */
export const sell = async (
  { pass, shop }: { readonly pass: (milliseconds: number) => void; readonly shop: Buying },
  sales: { readonly [person: string]: ReadonlyArray<ReadonlyArray<string>> }
): Promise<void> => {
  let order = 0
  const most = Math.max(...Object.values(sales).map((baskets) => baskets.length))
  for (let day = 0; day < most; day++) {
    for (const [customer, baskets] of Object.entries(sales)) {
      const items = baskets[day]
      if (items !== undefined) await shop.recordPurchase({ order: `${customer}-${order++}`, items, customer })
    }
    pass(days(1))
  }
}
