import { type InputOf, type Platform, systemPlatform, type ValueOf } from "@omni/core"

import { withoutAbsent } from "../absent.ts"
import type { Basket } from "../learn/basket.ts"
import { learning, type LearnOptions } from "../learn/learn.ts"
import type { Model } from "../learn/model.ts"
import type { Settings as LearnSettings } from "../learn/settings.ts"
import { inTurns, type Steps } from "../learn/steps.ts"
import type { LearntFrom, remembering } from "./histories.ts"
import type { leaving } from "./left.ts"
import { popularBySeason } from "./seasons.ts"
import { CHUNK, type storing } from "./store.ts"
import type { turns } from "./turn.ts"

type Parts = ReturnType<typeof turns>["operations"] &
  ReturnType<typeof turns>["queries"] &
  (typeof storing)["operations"] &
  (typeof storing)["queries"] &
  ReturnType<typeof leaving>["operations"] &
  ReturnType<typeof leaving>["queries"] &
  ReturnType<typeof remembering>["operations"] &
  ReturnType<typeof remembering>["queries"]

type Used =
  | "learning"
  | "claimLearning"
  | "endLearning"
  | "histories"
  | "removeHistories"
  | "beginModel"
  | "putModelRows"
  | "activateModel"
  | "models"
  | "modelRows"
  | "removeModelRows"
  | "leftOver"
  | "removeLeftOver"

/** What of a client builds models: `omni.recommend`. */
export type ModelBuilder = { readonly [K in Used]: (input: InputOf<Parts[K]>) => Promise<ValueOf<Parts[K]>> }

/** How models are built. */
export interface BuildOptions {
  /** Builds also when nothing is due. */
  readonly always?: boolean
  /** The most items of baskets that are learnt from, the latest first, with five more for each basket and each history: what bounds the memory. Three million unless told. */
  readonly most?: number
  /** Histories that nothing was added to for so long (ms) are removed; three years unless told. */
  readonly keep?: number
  /**
   * Learns in place of this process, which does it in slices of some milliseconds: in a worker, say, to which what it is given can be posted, as can the model
   * back. It has to give what `learn` gives; `signal` is that of the build.
   */
  readonly learn?: (baskets: ReadonlyArray<Basket>, options: LearnOptions, signal: AbortSignal | undefined) => Model | Promise<Model>
  /** Stops the build, which rejects with its reason. What serves stays, and the next build begins anew. */
  readonly signal?: AbortSignal | undefined
}

/** What came of it: the versions that serve now, by the name of their model; none when nothing was due, and not of a model that is pinned. */
export interface Built {
  readonly versions: { readonly [name: string]: string }
  readonly learnt: boolean
}

const NOTHING: Built = { versions: {}, learnt: false }
const YEAR = 365 * 86_400_000

/**
 * Learns the models anew if that is due, and lets them serve. Each is a new set of rows, which nobody reads until it is complete; one that was left
 * half done is removed by the next. One process at a time does it: rejects with `LearningInProgress` while another does, and with `TypeError` where
 * `client` is none of the module.
 */
export const buildModels = async (client: ModelBuilder, options: BuildOptions = {}): Promise<Built> => {
  const given: { readonly [name: string]: unknown } | undefined = client
  if (typeof given?.["claimLearning"] !== "function")
    throw new TypeError("buildModels takes the client of the module, such as `omni.recommend`, under whatever name it has in `modules`.")
  const { atLeast, isDue, models, pinned } = await client.learning({})
  if (!isDue && options.always !== true) return NOTHING
  options.signal?.throwIfAborted()
  const builder = await client.claimLearning({})
  const turns = turnsOf(client, builder, options.signal)
  let learnt = false
  try {
    const { old, recent } = await read(client, options, atLeast, turns)
    const versions: Record<string, string> = {}
    for (const [name, settings] of Object.entries(models)) {
      // What is learnt of one that is pinned could not serve.
      const version = pinned.includes(name) ? undefined : await build(client, builder, name, settings, recent, options, turns)
      if (version !== undefined) versions[name] = version
      await tidy(client, builder, name)
    }
    await removeOld(client, builder, old)
    await removeLeft(client, builder)
    learnt = true
    return { versions, learnt }
  } finally {
    await client.endLearning({ builder, learnt })
  }
}

/** How often a builder that writes nothing says that it lives (ms). */
const SIGN_OF_LIFE = 60_000

type Turns = Pick<Platform, "clock" | "yield">

/** Turns of the event loop for all else, after each of which the build goes on if it may: it was not stopped, and is still the builder's to make. */
const turnsOf = (client: ModelBuilder, builder: string, signal: AbortSignal | undefined): Turns => {
  const { clock, yield: turn } = systemPlatform()
  let told = clock.now()
  const next = async (): Promise<void> => {
    await turn()
    signal?.throwIfAborted()
    if (clock.now() - told < SIGN_OF_LIFE) return
    told = clock.now()
    await client.claimLearning({ builder })
  }
  return { clock, yield: next }
}

interface Read {
  readonly recent: ReadonlyArray<LearntFrom>
  readonly old: ReadonlyArray<string>
}

/** What a basket takes of the memory beside its items, in items. */
const BASKET = 5

/** The histories without the segments of which there are too few people: what is popular with them would be what single ones bought. */
function* inCompany(all: ReadonlyArray<LearntFrom>, atLeast: number): Steps<ReadonlyArray<LearntFrom>> {
  const people = new Map<string, Set<string>>()
  for (const { history, segment } of all) {
    yield
    const person = history[0]?.person
    if (segment === undefined || person === undefined) continue
    const members = people.get(segment) ?? new Set()
    people.set(segment, members.add(person))
  }
  const told: Array<LearntFrom> = []
  for (const one of all) {
    const isTold = one.segment === undefined || (people.get(one.segment)?.size ?? 0) >= atLeast
    told.push(isTold ? one : { ...one, segment: undefined })
    yield
  }
  return told
}

/** Items of histories that are read at once, about: a page is made in one go, in 10 ms or so, and those who buy much have thousands each. */
const AT_ONCE = 20_000

/** How many histories are read next, by how much the last ones held. */
const pageAfter = (histories: number, items: number): number =>
  Math.max(1, Math.min(CHUNK, 2 * histories, Math.floor((AT_ONCE * histories) / items)))

const sizeOf = ({ history }: LearntFrom): number => history.reduce((sum, { items }) => sum + BASKET + items.length, BASKET)

const read = async (
  client: ModelBuilder,
  { keep = 3 * YEAR, most = 3_000_000 }: BuildOptions,
  atLeast: number,
  turns: Turns
): Promise<Read> => {
  const recent: Array<LearntFrom> = []
  const old: Array<string> = []
  let room = most
  let newest: number | undefined
  let limit = 10
  for (let after: string | undefined; ;) {
    const page = await client.histories({ limit, ...(after === undefined ? {} : { after }) })
    let size = 1
    for (const one of page.items) {
      const own = sizeOf(one)
      size += own
      newest ??= one.at
      if (one.at < newest - keep) old.push(one.id)
      // There is nothing to learn from what was erased, nor from orders that were cancelled.
      else if (room > 0 && one.history.length > 0) {
        room -= own
        recent.push(one)
      }
    }
    limit = pageAfter(Math.max(1, page.items.length), size)
    after = page.cursor
    if (after === undefined) return { recent: await inTurns(inCompany(recent, atLeast), turns), old }
    await turns.yield()
  }
}

const build = async (
  client: ModelBuilder,
  builder: string,
  name: string,
  settings: LearnSettings,
  recent: ReadonlyArray<LearntFrom>,
  { learn, signal }: BuildOptions,
  turns: Turns
): Promise<string | undefined> => {
  const { baskets, segments } = await inTurns(basketsIn(recent), turns)
  const told = { settings, segments }
  const model = learn === undefined ? await inTurns(learning(baskets, told), turns) : await learn(baskets, told, signal)
  const seasons = await inTurns(popularBySeason(recent, settings), turns)
  const version = await client.beginModel({ builder, name, at: model.at, settings: { ...model.settings } })
  for (const items of chunks(model.items)) {
    await turns.yield()
    await client.putModelRows({ builder, version, popular: [], items: items.map(withoutAbsent) })
  }
  const popular = [...model.popular.map((row) => ({ ...row, season: "" })), ...seasons].map(withoutAbsent)
  for (const rows of chunks(popular, 20)) {
    await turns.yield()
    await client.putModelRows({ builder, version, items: [], popular: rows })
  }
  const counts = { histories: recent.length, baskets: baskets.length, items: model.items.length }
  return (await client.activateModel({ builder, version, ...counts })) ? version : undefined
}

interface ToLearnFrom {
  readonly baskets: ReadonlyArray<Basket>
  readonly segments: ReadonlyMap<string, string>
}

function* basketsIn(recent: ReadonlyArray<LearntFrom>): Steps<ToLearnFrom> {
  const baskets: Array<Basket> = []
  const segments = new Map<string, string>()
  for (const { history, segment } of recent) {
    baskets.push(...history)
    const person = history[0]?.person
    if (person !== undefined && segment !== undefined) segments.set(person, segment)
    yield
  }
  return { baskets, segments }
}

const chunks = <T>(all: ReadonlyArray<T>, size: number = CHUNK): ReadonlyArray<ReadonlyArray<T>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))

/** Removes the rows of versions that nobody can go back to, and of those that were left half done. */
const tidy = async (client: ModelBuilder, builder: string, name: string): Promise<void> => {
  for (const { kept, serves, version } of await client.models({ name })) {
    if (serves || kept) continue
    for (let last = false; !last;) {
      const rows = await client.modelRows({ version })
      last = rows.last
      await client.removeModelRows({ builder, version, ...rows })
    }
  }
}

const removeOld = async (client: ModelBuilder, builder: string, old: ReadonlyArray<string>): Promise<void> => {
  for (const histories of chunks(old)) await client.removeHistories({ builder, histories })
}

/** Removes what the options name no longer, and no process has used for long. */
const removeLeft = async (client: ModelBuilder, builder: string): Promise<void> => {
  const left = await client.leftOver({})
  if (left.models.length === 0 && left.tallies.length === 0) return
  await client.removeLeftOver({ builder, ...left })
  for (const name of left.models) await tidy(client, builder, name)
}
