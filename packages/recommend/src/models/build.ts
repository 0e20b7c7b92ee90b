import type { InputOf, ValueOf } from "@omni/core"

import type { Basket } from "../learn/basket.ts"
import { learn, type LearnOptions } from "../learn/learn.ts"
import type { Model } from "../learn/model.ts"
import type { Settings as LearnSettings } from "../learn/settings.ts"
import type { histories, LearntFrom } from "./histories.ts"
import { popularBySeason } from "./seasons.ts"
import { CHUNK, type storing } from "./store.ts"
import type { turns } from "./turn.ts"

type Parts = ReturnType<typeof turns>["operations"] &
  ReturnType<typeof turns>["queries"] &
  (typeof storing)["operations"] &
  (typeof storing)["queries"] & { readonly histories: ReturnType<typeof histories> }

type Used =
  | "learning"
  | "claimLearning"
  | "endLearning"
  | "histories"
  | "beginModel"
  | "putModelRows"
  | "activateModel"
  | "models"
  | "modelRows"
  | "removeModelRows"

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
   * Learns in place of `learn` in this turn of the event loop: in a worker, say, to which what it is given can be posted, as can the model back. It has to
   * give what `learn` gives.
   */
  readonly learn?: (baskets: ReadonlyArray<Basket>, options: LearnOptions) => Model | Promise<Model>
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
 * half done is removed by the next. One process at a time does it: rejects with `LearningInProgress` while another does.
 */
export const buildModels = async (client: ModelBuilder, options: BuildOptions = {}): Promise<Built> => {
  const { atLeast, isDue, models } = await client.learning({})
  if (!isDue && options.always !== true) return NOTHING
  const builder = await client.claimLearning({})
  let learnt = false
  try {
    const { old, recent } = await read(client, options, atLeast)
    const versions: Record<string, string> = {}
    for (const [name, settings] of Object.entries(models)) {
      const version = await build(client, builder, name, settings, recent, options)
      if (version !== undefined) versions[name] = version
      await tidy(client, builder, name)
    }
    await removeOld(client, builder, old)
    learnt = true
    return { versions, learnt }
  } finally {
    await client.endLearning({ builder, learnt })
  }
}

interface Read {
  readonly recent: ReadonlyArray<LearntFrom>
  readonly old: ReadonlyArray<string>
}

/** What a basket takes of the memory beside its items, in items. */
const BASKET = 5

/** The histories without the segments of which there are too few people: what is popular with them would be what single ones bought. */
const inCompany = (all: ReadonlyArray<LearntFrom>, atLeast: number): ReadonlyArray<LearntFrom> => {
  const people = new Map<string, Set<string>>()
  for (const { history, segment } of all) {
    const person = history[0]?.person
    if (segment === undefined || person === undefined) continue
    const members = people.get(segment) ?? new Set()
    people.set(segment, members.add(person))
  }
  return all.map((one) =>
    one.segment === undefined || (people.get(one.segment)?.size ?? 0) >= atLeast ? one : { ...one, segment: undefined }
  )
}

const read = async (client: ModelBuilder, { keep = 3 * YEAR, most = 3_000_000 }: BuildOptions, atLeast: number): Promise<Read> => {
  const recent: Array<LearntFrom> = []
  const old: Array<string> = []
  let room = most
  let newest: number | undefined
  for (let after: string | undefined; ;) {
    const page = await client.histories({ limit: CHUNK, ...(after === undefined ? {} : { after }) })
    for (const one of page.items) {
      newest ??= one.at
      if (one.at < newest - keep) old.push(one.id)
      else if (room > 0) {
        room -= one.history.reduce((sum, { items }) => sum + BASKET + items.length, BASKET)
        recent.push(one)
      }
    }
    after = page.cursor
    if (after === undefined) return { recent: inCompany(recent, atLeast), old }
  }
}

const build = async (
  client: ModelBuilder,
  builder: string,
  name: string,
  settings: LearnSettings,
  recent: ReadonlyArray<LearntFrom>,
  options: BuildOptions
): Promise<string | undefined> => {
  const baskets = recent.flatMap(({ history }) => history)
  const segments = new Map(
    recent.flatMap(({ history, segment }) => {
      const person = history[0]?.person
      return person === undefined || segment === undefined ? [] : [[person, segment] as const]
    })
  )
  const model = await (options.learn ?? learn)(baskets, { settings, segments })
  const version = await client.beginModel({ builder, name, at: model.at, settings: { ...model.settings } })
  for (const items of chunks(model.items)) await client.putModelRows({ builder, version, popular: [], items: items.map(withoutAbsent) })
  const popular = [...model.popular.map((row) => ({ ...row, season: "" })), ...popularBySeason(recent, settings)].map(withoutAbsent)
  for (const rows of chunks(popular, 20)) await client.putModelRows({ builder, version, items: [], popular: rows })
  const counts = { histories: recent.length, baskets: baskets.length, items: model.items.length }
  return (await client.activateModel({ builder, version, ...counts })) ? version : undefined
}

type WithoutAbsent<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** A row as it is stored: what is `undefined` is left out. */
const withoutAbsent = <T extends object>(row: T) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as WithoutAbsent<T>

const chunks = <T>(all: ReadonlyArray<T>, size: number = CHUNK): ReadonlyArray<ReadonlyArray<T>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))

/** Removes the rows of versions that nobody can go back to, and of those that were left half done. */
const tidy = async (client: ModelBuilder, builder: string, name: string): Promise<void> => {
  for (const { kept, serves, version } of await client.models({ name })) {
    if (serves || kept) continue
    for (let last = false; !last;) {
      const rows = await client.modelRows({ version })
      last = rows.last
      await client.removeModelRows({ builder, version, ...rows, histories: [] })
    }
  }
}

const removeOld = async (client: ModelBuilder, builder: string, old: ReadonlyArray<string>): Promise<void> => {
  for (const histories of chunks(old))
    await client.removeModelRows({ builder, version: "none", items: [], popular: [], histories, last: false })
}
