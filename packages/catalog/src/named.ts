import { operation, type Operation } from "@omni/core"

import type { Issue } from "./attributes/check.ts"
import { defineProductType } from "./attributes/define.ts"
import type { ProductType } from "./attributes/model.ts"
import { putCategory } from "./categories/operations.ts"
import type { ChannelContent, Media } from "./content/model.ts"
import { putPriceList } from "./prices/lists.ts"
import type { PriceList } from "./prices/model.ts"
import type { Product, Variant } from "./products/model.ts"
import { putProduct, putVariant } from "./products/put.ts"
import type { Relation } from "./relations/model.ts"
import { relate } from "./relations/relate.ts"
import { nothingCalled, type Settings } from "./settings.ts"

/** A name that an input says, and where. */
interface Named {
  readonly kind: "channel" | "customer group"
  readonly name: string
  readonly path: ReadonlyArray<string | number>
}

type Path = Named["path"]

const channels = (path: Path, names: ReadonlyArray<string> = []): ReadonlyArray<Named> =>
  names.map((name, at) => ({ kind: "channel", name, path: [...path, at] }))

const ofContent = ({ channels: own, media = [] }: Shown): ReadonlyArray<Named> => [
  ...Object.keys(own ?? {}).map((name): Named => ({ kind: "channel", name, path: ["channels", name] })),
  ...media.flatMap((one, at) => channels(["media", at, "channels"], one.channels))
]

interface Shown {
  readonly channels?: Readonly<Record<string, ChannelContent>>
  readonly media?: ReadonlyArray<Media>
}

const ofProduct = (product: Product): ReadonlyArray<Named> => [...channels(["assortment"], product.assortment), ...ofContent(product)]

const ofVariant = ({ prices }: Variant): ReadonlyArray<Named> =>
  prices.flatMap(({ channel }, at): ReadonlyArray<Named> =>
    channel === undefined ? [] : [{ kind: "channel", name: channel, path: ["prices", at, "channel"] }]
  )

const ofType = ({ attributes }: ProductType): ReadonlyArray<Named> =>
  attributes.flatMap(({ required }, at) => (Array.isArray(required) ? channels(["attributes", at, "required"], required) : []))

const ofRelation = ({ to }: Relation): ReadonlyArray<Named> => to.flatMap((one, at) => channels(["to", at, "channels"], one.channels))

const ofList = (list: PriceList): ReadonlyArray<Named> => [
  ...channels(["channels"], list.channels),
  ...(list.groups ?? []).map((name, at): Named => ({ kind: "customer group", name, path: ["groups", at] }))
]

/** What of it the app does not know. Where it has declared none, it may know any. */
const unknownOf = (named: ReadonlyArray<Named>, settings: Settings): ReadonlyArray<{ readonly path: Path; readonly message: string }> => {
  const known = { channel: [...settings.channels.keys()], "customer group": settings.groups ?? [] }
  return named.flatMap(({ kind, name, path }) =>
    known[kind].length === 0 || known[kind].includes(name) ? [] : [{ path, message: nothingCalled(kind, name, known[kind]) }]
  )
}

/** An operation that refuses names which the app does not know, with their path. */
const knowing = <I, In, A, E>(
  known: Operation<I, In, A, E>,
  settings: Settings,
  namesOf: (input: I) => ReadonlyArray<Named>
): Operation<I, In, A, E> => {
  const input = known.input.superRefine((value, context) => {
    for (const { path, message } of unknownOf(namesOf(value), settings)) context.addIssue({ code: "custom", path: [...path], message })
  })
  return operation(known.name, input, known.body)
}

/** What names channels and groups, by the names that the app has declared. */
export const namingOperations = (settings: Settings) => ({
  putProduct: knowing(putProduct, settings, ofProduct),
  putVariant: knowing(putVariant, settings, ofVariant),
  defineProductType: knowing(defineProductType, settings, ofType),
  putCategory: knowing(putCategory, settings, ofContent),
  relate: knowing(relate, settings, ofRelation),
  putPriceList: knowing(putPriceList, settings, ofList)
})

/** What a row of an import names that the app does not know. */
export const unknownInRow = (
  { product, variants }: { readonly product?: Product; readonly variants: ReadonlyArray<Variant> },
  settings: Settings
): ReadonlyArray<Issue> => {
  const under = (path: Path, named: ReadonlyArray<Named>) => named.map((one) => ({ ...one, path: [...path, ...one.path] }))
  const named = [
    ...(product === undefined ? [] : under(["product"], ofProduct(product))),
    ...variants.flatMap((variant, at) => under(["variants", at], ofVariant(variant)))
  ]
  return unknownOf(named, settings).map(({ path, message }) => ({ path: path.join("."), message }))
}
