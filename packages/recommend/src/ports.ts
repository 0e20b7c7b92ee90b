import type { Query, Tx, View } from "@omni/core"

/** What operations and queries both read with. */
export type Reader = Pick<Tx & View, "get" | "getMany" | "now">

/** What is asked for, as ports are told. `items` are what is looked at, `cart` what is in the cart. */
export interface Asked {
  /** Absent where it is asked for none: whether what runs out is bought again. */
  readonly slot?: string
  readonly customer?: string
  readonly session?: string
  readonly items: ReadonlyArray<string>
  readonly cart: ReadonlyArray<string>
  readonly channel?: string
  readonly location?: string
  readonly locale: string
  readonly segment?: string
}

/** What the shop's rules and the sentences know of an item. `name` is in the reader's language. */
export interface ItemFacts {
  readonly name?: string
  /** Its categories and those above them, the closest first: diversity goes by the first. */
  readonly categories: ReadonlyArray<string>
  readonly tags?: ReadonlyArray<string>
  /**
   * `true`: it is used up, and who has bought it may be shown it again, wherever it was found. `false`: who has it needs no other, and is not told that it runs
   * out. Unless told, what somebody bought on two days is taken to be bought regularly.
   */
  readonly repeatable?: boolean
}

/** What the catalogue says that an item leads to; `kind` as its relations have it. */
export interface Curated {
  readonly from: string
  readonly to: string
  readonly kind: "cross-sell" | "up-sell" | "accessory" | "substitute"
}

/** A better item than one that is looked at; `text` says in what, in the reader's language. */
export interface Better {
  readonly item: string
  readonly text?: string
}

/** Whether somebody agreed to be recommended to personally. Without that nothing personal is read, and no history written. */
export type ConsentPort = (reader: Reader, person: string) => boolean

/** All ids of a customer, the one that holds first: `subjectsOf` of `@omni/profile` fits. */
export type IdentitiesPort = (reader: Reader, customer: string) => ReadonlyArray<string>

/** The segment that a customer belongs to, for what is popular in it. */
export type SegmentPort = (reader: Reader, customer: string) => string | undefined

/** What items are, aligned; `undefined` for one that is not there, or that may not be shown to who asks. By key alone: operations ask, too. */
export type ItemsPort = (reader: Reader, items: ReadonlyArray<string>, asked: Asked) => ReadonlyArray<ItemFacts | undefined>

/** Whether items can be had by who asks, aligned. */
export type StockPort = (view: View, items: ReadonlyArray<string>, asked: Asked) => ReadonlyArray<boolean>

/** Where items lead to by the catalogue, the best first. */
export type RelatedPort = (view: View, items: ReadonlyArray<string>, asked: Asked) => ReadonlyArray<Curated>

/** What is better than an item by what is declared of both, within the shop's band of prices; the best first. */
export type UpSellPort = (view: View, item: string, asked: Asked) => ReadonlyArray<Better>

/** What was said of consent. A promise would count as agreed. Throws `TypeError`. */
export const yesOrNo = (agrees: boolean): boolean => {
  if (typeof agrees === "boolean") return agrees
  const what = (agrees as unknown) instanceof Promise ? "a promise" : `a value of type ${typeof agrees}`
  throw new TypeError(
    `The option \`consent\` gave ${what}. Give true or false: keep what people agreed to in the store, and read it there.`
  )
}

/** Builds the models of a tenant, or stops when the signal says that it took too long: it is asked again then. */
export type BuildPort = (due: { readonly tenant: string; readonly signal: AbortSignal }) => Promise<unknown>

/**
 * What a query of another package answers in this view; `undefined` where it refuses. For ports: `answered(view, shop.queries.upSell, { … })`. Throws
 * `ZodError` for an input that does not fit.
 */
export const answered = <I, In, A, E>(view: View, query: Query<I, In, A, E>, input: In): A | undefined => {
  const body = query.body(view, query.input.parse(input))
  const step = body.next()
  if (step.done === true) return step.value
  body.return(undefined as A)
  return undefined
}
