import { allocateMoney, createOmni, moneyToDecimal, parseMoney } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory, source, type SourcingLevel, type SourcingPlan, type SourcingRules } from "@omni/inventory"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Location {
  readonly id: string
  readonly onHand: number
  readonly allocated: number
  readonly sku?: string
  readonly reserved?: number
  readonly sortOrder?: number
  readonly active?: boolean
  readonly backorderable?: boolean
}

interface Line {
  readonly sku?: string
  readonly quantity: number
}

interface Step {
  readonly location: string
  readonly quantity: number
}

interface Input {
  readonly operation: string
  readonly locations?: ReadonlyArray<Location>
  readonly strategy?: string
  readonly collectionPoint?: string
  readonly only?: string
  readonly threshold?: number
  readonly request?: unknown
  readonly amount?: string
  readonly lines?: ReadonlyArray<{ readonly price: string; readonly quantity: number }>
  readonly eligible?: ReadonlyArray<number>
  readonly anyOrder?: boolean
  readonly expected: { readonly canSupply?: ReadonlyArray<number>; readonly cannotSupply?: ReadonlyArray<number> }
}

interface Content {
  readonly cases: ReadonlyArray<Input & { readonly name: string }>
}

/** The article of cases that name none. */
const ONE = "sku"

const REFUSED = { error: "insufficient-stock" }

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { name, ...input } of contentOf(file).cases) {
    yield { name: `${input.operation}: ${name}`, input, want: input.anyOrder ? { ...input.expected, anyOrder: true } : input.expected }
  }
}

const linesOf = (request: unknown): ReadonlyArray<Line> =>
  typeof request === "number" ? [{ quantity: request }] : (request as ReadonlyArray<Line>)

const levelOf = ({ id, onHand, allocated, sku = ONE, reserved = 0, backorderable = false }: Location): SourcingLevel => ({
  sku,
  location: id,
  available: onHand - allocated - reserved,
  fullness: onHand - allocated,
  backorder: backorderable
})

/** The strategies of the sources as ranks of rules. */
const rulesOf = ({ strategy, collectionPoint, locations = [] }: Input): SourcingRules => {
  const sorted = strategy === "sort-order" ? locations.toSorted((a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0)) : locations
  return {
    rank: [
      ...(collectionPoint === undefined ? [] : (["pickup-first"] as const)),
      strategy === "highest-available-first" ? "fullest" : "preferred"
    ],
    preferred: [...new Set(sorted.map(({ id }) => id))],
    complete: strategy !== "on-hand-first"
  }
}

const plan = (
  input: Input,
  lines: ReadonlyArray<Line>,
  levels = (input.locations ?? []).map(levelOf),
  rules = rulesOf(input)
): SourcingPlan =>
  source(
    {
      lines: lines.map(({ sku = ONE, quantity }, i) => ({ id: String(i), sku, quantity, backorder: true })),
      ...(input.collectionPoint === undefined ? {} : { pickup: input.collectionPoint })
    },
    { levels },
    rules
  )

const allocate = (input: Input, as: "allocations" | "reservations"): unknown => {
  const { lines } = plan(input, linesOf(input.request))
  const left = lines.filter(({ short }) => short > 0)
  const places = (of: "served" | "backordered") =>
    lines.flatMap((line) => line[of].map(({ location, quantity }) => ({ sku: line.sku, location, quantity })))
  return {
    [as]: places("served"),
    backordered: places("backordered"),
    left: Object.fromEntries(left.map(({ sku, short }) => [sku, short])),
    ...(left.length > 0 && rulesOf(input).complete ? { ...REFUSED, short: left.map(({ sku }) => sku) } : {})
  }
}

/** One package for each location that gives anything; all that is asked for, or an error. */
const pack = (input: Input): unknown => {
  const { parcels, lines } = plan(input, linesOf(input.request), undefined, { ...rulesOf(input), complete: true })
  const units = lines.reduce((sum, { served }) => sum + served.reduce((own, { quantity }) => own + quantity, 0), 0)
  if (lines.some(({ short }) => short > 0)) return { fulfillable: false, ...REFUSED }
  return { fulfillable: true, units, packages: parcels.length }
}

const available = ({ locations = [], only, expected, ...input }: Input): unknown => {
  const asked = locations.filter(({ id, active = true }) => (only === undefined ? active : id === only)).map(levelOf)
  const left = (quantity: number) => plan({ ...input, expected }, [{ quantity }], asked, { rank: [] }).lines[0]!
  const can = (quantity: number): boolean => left(quantity).short === 0
  return {
    total: left(1_000_000_000).served.reduce((sum, { quantity }) => sum + quantity, 0),
    canSupply: expected.canSupply?.filter(can),
    cannotSupply: expected.cannotSupply?.filter((quantity) => !can(quantity))
  }
}

const preorder = (input: Input): unknown => {
  const level = { sku: ONE, location: "preorder", available: 0, backorder: input.threshold ?? 0 }
  const [line] = plan(input, linesOf(input.request), [level], { rank: [], complete: true }).lines
  return line!.short > 0 ? REFUSED : { allocated: line!.requested }
}

/** A shop that stands as the case has it: what is on hand is received, what is allocated is held. */
const shopOf = async (locations: ReadonlyArray<Location>) => {
  const omni = createOmni({ store: memory(), modules: { inventory: inventory() } })
  const stock = omni.inventory
  const line = ({ location, quantity }: Step) => ({ sku: ONE, location, quantity })
  const holds: Array<{ readonly id: string; readonly location: string }> = []
  const hold = async (step: Step) =>
    holds.push({ id: (await stock.hold({ lines: [line(step)], ttl: "none" })).id, location: step.location })
  for (const { id, onHand, allocated } of locations) {
    if (onHand > 0) await stock.receive({ lines: [line({ location: id, quantity: onHand })] })
    if (allocated > 0) await hold({ location: id, quantity: allocated })
  }
  return {
    hold,
    receive: (step: Step) => stock.receive({ lines: [line(step)] }),
    sell: (step: Step) => stock.sell({ lines: [line(step)] }),
    /** More for the same order, from wherever it is. */
    extend: (quantity: number) =>
      stock.sourceAndHold({ order: { lines: [{ id: "more", sku: ONE, quantity }] }, rules: { rank: [] }, ttl: "none" }),
    /** The first location first; of these locations alone when they are named. */
    release: async (quantity: number, at?: ReadonlyArray<string>) => {
      let left = quantity
      for (const { id, location } of holds) {
        const held = (await stock.holdById({ hold: id })).lines[0]!.held
        const some = Math.min(left, held)
        if (some === 0 || at?.includes(location) === false) continue
        await stock.releaseHold({ hold: id, lines: [line({ location, quantity: some })] })
        left -= some
      }
    },
    levels: async () => {
      const rows = await Promise.all(locations.map(({ id }) => stock.levels({ location: id })))
      return rows.map(({ items }, i) => ({
        id: locations[i]!.id,
        onHand: items[0]?.row.onHand ?? 0,
        allocated: items[0]?.row.reserved ?? 0
      }))
    },
    close: () => omni.close()
  }
}

type Shop = Awaited<ReturnType<typeof shopOf>>

/** What the operations of the sources are here; those of one article. */
const moves: Readonly<Record<string, (shop: Shop, request: never) => Promise<unknown>>> = {
  release: async (shop, { quantity, lines }: { readonly quantity?: number | "all"; readonly lines?: ReadonlyArray<Line> }) => {
    for (const line of lines ?? [{ quantity: quantity === "all" ? Number.POSITIVE_INFINITY : quantity! }]) await shop.release(line.quantity)
  },
  reduce: (shop, { quantity }: Line) => shop.release(quantity),
  extend: (shop, { quantity }: Line) => shop.extend(quantity),
  receive: async (shop, { location, quantity, allocate: also }: Step & { readonly allocate?: boolean }) => {
    await shop.receive({ location, quantity })
    if (also) await shop.hold({ location, quantity })
  },
  ship: async (shop, { steps, ...step }: Step & { readonly steps?: ReadonlyArray<Step> }) => {
    // Steps are of lines with one location each; a single one is of a line that may be split.
    for (const one of steps ?? [step]) {
      await shop.release(one.quantity, steps === undefined ? undefined : [one.location])
      await shop.sell(one)
    }
  }
}

const moved = async ({ operation, locations = [], request }: Input): Promise<unknown> => {
  const move = moves[operation]
  if (move === undefined) throw new Error(`an operation that stock has not: ${operation}`)
  const shop = await shopOf(locations)
  const refused = await move(shop, request as never).then(
    () => false,
    (error: unknown) => {
      if (["InsufficientStock", "OrderNotCovered"].includes((error as { readonly _tag?: string })._tag ?? "")) return true
      throw error
    }
  )
  const after = await shop.levels()
  await shop.close()
  return { locations: after, ...(refused ? REFUSED : {}) }
}

const split = ({ amount = "0", lines = [], eligible }: Input): unknown => {
  const weights = lines.map(({ price, quantity }, i) => (eligible?.includes(i) === false ? 0 : parseMoney(price, "EUR").amount * quantity))
  return { shares: allocateMoney(parseMoney(amount, "EUR"), weights).map(moneyToDecimal) }
}

const run = (input: Input): unknown => {
  switch (input.operation) {
    case "allocate":
      return allocate(input, "allocations")
    case "reserve":
      return allocate(input, "reservations")
    case "package":
      return pack(input)
    case "availability":
      return available(input)
    case "preorder":
      return preorder(input)
    case "split-amount":
      return split(input)
    default:
      return moved(input)
  }
}

type Quantities =
  | ReadonlyArray<{ readonly sku?: string; readonly location: string; readonly quantity: number }>
  | Readonly<Record<string, number>>

/** Quantities by article and location, however they are written; nothing is the same as not named. */
const quantities = (some: Quantities = []): string =>
  (Array.isArray(some)
    ? some.map(({ sku = ONE, location, quantity }) => [`${sku} ${location}`, quantity])
    : Object.entries(some).map(([id, quantity]) => [`${ONE} ${id}`, quantity])
  )
    .filter(([, quantity]) => quantity !== 0)
    .map(([id, quantity]) => `${id} ${quantity}`)
    .sort()
    .join()

const sameShares = (want: ReadonlyArray<string>, got: ReadonlyArray<string>, anyOrder: boolean): boolean =>
  anyOrder ? want.toSorted().join() === got.toSorted().join() : want.join() === got.join()

/** All that a case states has to be so. */
const agrees = (want: unknown, got: unknown): boolean => {
  const had = got as Readonly<Record<string, never>>
  return (
    Object.entries(want as Readonly<Record<string, never>>).every(([key, value]) => {
      if (key === "anyOrder") return true
      if (key === "shares") return sameShares(value, had[key]!, "anyOrder" in (want as object))
      if (["allocations", "reservations", "backordered", "left"].includes(key)) return quantities(value) === quantities(had[key])
      return JSON.stringify(value) === JSON.stringify(had[key])
    }) && "error" in (want as object) === "error" in had
  )
}

/** Allocation of stock: files of `{ cases: [{ name, operation, locations, request, strategy, expected }] }`. */
export const suite = defineSuite<Input>({
  name: "stock-allocation",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.some?.(({ locations }) => locations?.[0]?.onHand !== undefined),
  cases,
  run,
  agrees
})
