import { fail, Id, Instant, operation, query, type RowOf, type Tx } from "@omni/core"
import * as z from "zod"

import { ModelNotFound } from "../errors.ts"
import {
  idColumn,
  numberColumn,
  ModelActivated,
  ModelItems,
  ModelPopular,
  Models,
  type ModelVersion,
  popularId,
  rowId,
  Serving
} from "../model.ts"
import { whoseTurn } from "./turn.ts"

/** Earlier versions whose rows are kept, to go back to. */
const KEPT = 2

/** Rows that are written or removed in one commit at most. */
export const CHUNK = 250

const Named = z.string().min(1).max(100)
/** Entries of a row, or ids of one call, at most. */
const MOST_ENTRIES = 10_000

const Texts = z.array(Id).max(MOST_ENTRIES).readonly()
const Numbers = z.array(z.number()).max(MOST_ENTRIES).readonly()

const ItemChunk = z.object({
  item: Id,
  of: z.number(),
  items: Texts,
  weights: Numbers,
  together: Numbers,
  recent: z.number(),
  again: z.number(),
  rhythm: z.object({ interval: z.number(), seen: z.number() }).exactOptional()
})
const PopularChunk = z.object({
  segment: z.string().max(200),
  season: z.string().max(200),
  items: Texts,
  weights: Numbers,
  bases: Numbers.exactOptional(),
  recent: Numbers.exactOptional(),
  again: Numbers.exactOptional()
})

const columnsOf = ({ again, bases, items, recent, weights }: Omit<z.output<typeof PopularChunk>, "segment" | "season">) => ({
  items: idColumn(items),
  weights: numberColumn(weights),
  ...(bases === undefined ? {} : { bases: numberColumn(bases) }),
  ...(recent === undefined ? {} : { recent: numberColumn(recent) }),
  ...(again === undefined ? {} : { again: numberColumn(again) })
})

/** A version begins: until it serves, nobody reads it. */
const begin = operation(
  "recommend.beginModel",
  z.object({ builder: Id, name: Named, at: Instant, settings: z.record(z.string(), z.unknown()) }),
  function* (tx, { builder, ...model }) {
    yield* whoseTurn(tx, builder)
    const version = tx.newId("mdl")
    tx.put(Models, version, { ...model, builtAt: tx.now, status: "building", histories: 0, baskets: 0, items: 0 })
    return version
  }
)

/** Rows of a version that is being built. */
const put = operation(
  "recommend.putModelRows",
  z.object({
    builder: Id,
    version: Id,
    items: z.array(ItemChunk).max(CHUNK).readonly(),
    popular: z.array(PopularChunk).max(CHUNK).readonly()
  }),
  function* (tx, { builder, items, popular, version }) {
    yield* whoseTurn(tx, builder)
    for (const { item, ...row } of items) {
      const columns = { items: idColumn(row.items), weights: numberColumn(row.weights), together: numberColumn(row.together) }
      tx.put(ModelItems, rowId(version, item), { ...row, ...columns })
    }
    for (const { season, segment, ...row } of popular) tx.put(ModelPopular, popularId(version, segment, season), columnsOf(row))
  }
)

const Activate = z.object({ builder: Id, version: Id, histories: z.int(), baskets: z.int(), items: z.int() })

/** A version that is complete serves from now on, unless another is pinned. Refuses with `ModelNotFound`. */
const activate = operation("recommend.activateModel", Activate, function* (tx, { builder, version, ...counts }) {
  yield* whoseTurn(tx, builder)
  const model = tx.get(Models, version)
  if (model === undefined)
    return yield* fail(new ModelNotFound({ model: "", version, message: `There is no version "${version}" that was begun.` }))
  tx.put(Models, version, { ...model, ...counts, status: "ready" })
  const serving = tx.get(Serving, model.name)
  if (serving?.pinned === true || serving?.version === version) return serving.version === version
  const previous = serving === undefined ? [] : [serving.version, ...serving.previous].slice(0, KEPT)
  serve(tx, model, { version, previous, pinned: false })
  return true
})

const serve = (tx: Tx, { name, settings }: ModelVersion, serving: Omit<RowOf<typeof Serving>, "settings">): void => {
  const before = tx.get(Serving, name)?.version
  const { pinned: rolledBack, version } = serving
  tx.put(Serving, name, { ...serving, settings })
  tx.emit(ModelActivated, name, { name, version, rolledBack, ...(before === undefined ? {} : { previous: before }) })
}

/** The versions of a model whose rows are there, the latest first. */
const keptOf = ({ later = [], previous, version }: RowOf<typeof Serving>): ReadonlyArray<string> => [...later, version, ...previous]

const RollBack = z.object({ name: Named.exactOptional(), to: Id.exactOptional() })

/**
 * Goes back to the version before, or to one that is named, be it a later one that was gone back from: every process serves it from this commit on. It stays
 * until `releaseModel`, or the next one that is learnt would be as bad; so does the one that serves, when it is named. Refuses with `ModelNotFound`.
 */
const rollBack = operation("recommend.rollBackModel", RollBack, function* (tx, { name = "main", to }) {
  const serving = tx.get(Serving, name)
  const version = to ?? serving?.previous[0]
  // Said twice it is done once: the one that serves stays.
  if (serving !== undefined && to !== undefined && serving.version === to) {
    if (!serving.pinned) tx.put(Serving, name, { ...serving, pinned: true })
    return { name, version: to }
  }
  const kept = serving === undefined ? [] : keptOf(serving)
  const at = kept.indexOf(version ?? "")
  const model = version === undefined ? undefined : tx.get(Models, version)
  if (serving === undefined || version === undefined || model === undefined || at === -1)
    return yield* fail(notFound(name, serving, version))
  serve(tx, model, { version, previous: kept.slice(at + 1), later: kept.slice(0, at), pinned: true })
  return { name, version }
})

/** What is learnt next serves again. Refuses with `ModelNotFound`. */
const release = operation("recommend.releaseModel", z.object({ name: Named.exactOptional() }), function* (tx, { name = "main" }) {
  const serving = tx.get(Serving, name)
  if (serving === undefined) return yield* fail(notFound(name, serving))
  tx.put(Serving, name, { ...serving, pinned: false })
})

const notFound = (model: string, serving: unknown, version?: string): ModelNotFound =>
  new ModelNotFound({
    model,
    ...(version === undefined ? {} : { version }),
    message:
      serving === undefined
        ? `There is no model "${model}", or nothing has been learnt for it yet.`
        : version === undefined
          ? `The model "${model}" has no earlier version to go back to.`
          : `"${version}" is no version of the model "${model}" that is kept. Ask for \`models\`, which lists them.`
  })

const Removal = z.object({ builder: Id, version: Id, items: Texts, popular: Texts, last: z.boolean() })

/** Removes rows of a version that nobody reads any more, and with the last of them the version. */
const remove = operation("recommend.removeModelRows", Removal, function* (tx, { builder, items, last, popular, version }) {
  yield* whoseTurn(tx, builder)
  const name = tx.get(Models, version)?.name
  const serving = name === undefined ? undefined : tx.get(Serving, name)
  if (serving !== undefined && keptOf(serving).includes(version)) return
  for (const id of items) tx.remove(ModelItems, id)
  for (const id of popular) tx.remove(ModelPopular, id)
  if (last) tx.remove(Models, version)
})

/** A version with its id, and whether it serves. */
export interface ListedModel extends ModelVersion {
  readonly version: string
  readonly serves: boolean
  readonly kept: boolean
}

/** The versions of a model, the latest first: the one that serves, those to go back or forward to, and what is being built or removed. */
const models = query("recommend.models", z.object({ name: Named.exactOptional() }), function* (view, { name = "main" }) {
  const serving = view.get(Serving, name)
  const { items } = view.find(Models, "name", { equals: [name], order: "desc", limit: 100 })
  return items.map(({ id, row }): ListedModel => ({
    ...row,
    version: id,
    serves: serving?.version === id,
    kept: serving !== undefined && serving.version !== id && keptOf(serving).includes(id)
  }))
})

/** Keys of a version's rows, some of them: for whoever removes them. */
const modelRows = query("recommend.modelRows", z.object({ version: Id }), function* (view, { version }) {
  const part = { from: `${version}/`, to: `${version}0`, limit: CHUNK }
  const [items, popular] = [view.find(ModelItems, "id", part), view.find(ModelPopular, "id", part)]
  const idsOf = (page: typeof items | typeof popular) => page.items.map(({ id }) => id)
  return { items: idsOf(items), popular: idsOf(popular), last: items.cursor === undefined && popular.cursor === undefined }
})

/** The rows of models, and which of them serve. */
export const storing = {
  operations: {
    beginModel: begin,
    putModelRows: put,
    activateModel: activate,
    removeModelRows: remove,
    rollBackModel: rollBack,
    releaseModel: release
  },
  queries: { models, modelRows }
}
