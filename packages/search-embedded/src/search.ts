import {
  begunCode,
  codesAmong,
  isShown,
  type SearchAnswer,
  type SearchFilters,
  type SearchRequest,
  type SearchSettings,
  writeSearchCursor
} from "@omni/catalog/search"

import { Filters } from "./filters.ts"
import type { NameOrder } from "./names.ts"
import { type Place, placeAfter, Top } from "./order.ts"
import type { Segment } from "./segment.ts"
import { type Matches, matchesOf } from "./words.ts"

/** What a product gets for being named by its code: more than any words. */
const BY_CODE = 1e6

interface Asked {
  readonly settings: SearchSettings
  /** Where names are the order. */
  readonly order: NameOrder | undefined
}

/** Answers a question from a segment, in one go. */
export const searchIn = (segment: Segment, request: SearchRequest, { settings, order }: Asked): SearchAnswer => {
  const browse = request.text === ""
  const isOpen = openKinds(segment, { ...request, browse })
  const isOfView = segment.viewKinds.kinds.map((views) => views.includes(request.view))
  const [owners, shown, views] = [segment.owners.values, segment.shown.values, segment.views.values]
  const without = new Set((request.without ?? []).map((id) => segment.byId.get(id)))
  const isSeen = (text: number): boolean => {
    const product = owners[text]!
    return segment.alive[product]! && !without.has(product) && isOfView[views[text]!]! && isOpen(shown[product]!)
  }
  const found = browse ? undefined : wordsIn(segment, request, settings, isSeen)
  const filters = new Filters(segment, request)
  const after = heldTo(
    placeAfter(request, (name) => order?.rankOf(name) ?? 0),
    segment,
    request,
    found
  )
  const top = new Top(request.limit, after)
  const keyOf = keysBy(segment, request, order)
  let total = 0
  const take = (text: number, score: number): void => {
    const product = owners[text]!
    const cost = filters.take(product)
    if (cost === undefined) return
    total++
    const worth = browse ? segment.boosts.values[product]! : score * (1 + segment.boosts.values[product]!)
    top.offer(keyOf.first(text, product, worth, cost), keyOf.second(product), product, segment.ids[product]!)
  }
  if (found === undefined) {
    for (let text = 0; text < segment.names.length; text++) if (isSeen(text)) take(text, 0)
  } else {
    const { named, texts, scores } = found
    for (const text of named) take(text, BY_CODE + scores[text]!)
    for (let at = 0; at < texts.length; at++) {
      const text = texts[at]!
      if (named.size === 0 || !named.has(text)) take(text, scores[text]!)
    }
  }
  const last = top.ranked.at(-1)
  const name = order === undefined || last === undefined ? undefined : nameIn(segment, last.product, isOfView)
  return {
    hits: top.ranked.map(({ id, product }) => {
      const variants = filters.variants(product)
      return variants === undefined ? { id } : { id, variants }
    }),
    total,
    facets: filters.facets(),
    ranges: filters.ranges(),
    priceRanges: filters.priceRanges(),
    ...(filters.least < Infinity ? { price: { min: filters.least, max: filters.most } } : {}),
    ...(top.more && last !== undefined ? { cursor: writeSearchCursor(request, [name ?? last.keys[0], last.keys[1], last.id]) } : {}),
    corrected: found?.corrected ?? false
  }
}

/** Whether what is shown so is shown now. Each kind is looked at when it is first met: where every product has a date of its own, there are as many kinds. */
const openKinds = ({ shownKinds: { kinds } }: Segment, filters: SearchFilters): ((kind: number) => boolean) => {
  const known = new Uint8Array(kinds.length)
  return (kind) => {
    if (known[kind] === 0) known[kind] = isShown({ shown: kinds[kind]! }, filters) ? 1 : 2
    return known[kind] === 1
  }
}

interface Words extends Matches {
  /** Texts of what is named by its code. */
  readonly named: ReadonlySet<number>
  readonly corrected: boolean
}

/** The texts that have the words, with their scores; where there are none, those whose words differ by a letter or two. What the text names as a code is among them. */
const wordsIn = (segment: Segment, request: SearchRequest, settings: SearchSettings, isSeen: (text: number) => boolean): Words => {
  const { synonyms } = settings
  const named = new Set<number>()
  for (const product of segment.byCode.of(request.code)) {
    for (let text = segment.texts.values[product]!; text < segment.texts.values[product + 1]!; text++) if (isSeen(text)) named.add(text)
  }
  let matches = matchesOf(segment, request, { synonyms, typos: false, isSeen })
  if (matches.texts.length === 0 && named.size === 0) {
    const among = wordsWithCode(segment, request, settings, isSeen) ?? namedByBeginning(segment, request, isSeen)
    if (among !== undefined) return among
  }
  const corrected = matches.texts.length === 0 && named.size === 0
  if (corrected) matches = matchesOf(segment, request, { synonyms, typos: true, isSeen })
  return { ...matches, named, corrected: corrected && matches.texts.length > 0 }
}

/** The texts of what a part of the text names as a code, where they have the rest of it. */
const wordsWithCode = (
  segment: Segment,
  request: SearchRequest,
  { synonyms }: SearchSettings,
  isSeen: (text: number) => boolean
): Words | undefined => {
  for (const { code, begun, rest } of codesAmong(request)) {
    const products = begun ? segment.byCode.begunBy(code) : segment.byCode.of(code)
    if (products.size === 0) continue
    const isMeant = (text: number): boolean => products.has(segment.owners.values[text]!) && isSeen(text)
    const matches = matchesOf(segment, { ...request, text: rest }, { synonyms, typos: false, isSeen: isMeant })
    if (matches.texts.length > 0) return { ...matches, named: new Set(matches.texts), corrected: false }
  }
  return undefined
}

/** The texts of what has a code that begins with the text. */
const namedByBeginning = (segment: Segment, request: SearchRequest, isSeen: (text: number) => boolean): Words | undefined => {
  const begun = begunCode(request)
  if (begun === undefined) return undefined
  const named = new Set([...segment.byCode.begunBy(begun)].flatMap((product) => textsOf(segment, product).filter(isSeen)))
  return named.size === 0
    ? undefined
    : { ...matchesOf(segment, { ...request, text: "" }, NOTHING), texts: NO_TEXTS, named, corrected: false }
}

const NO_TEXTS = new Uint32Array(0)
const NOTHING = { synonyms: {}, typos: false, isSeen: () => false }

const textsOf = ({ texts }: Segment, product: number): ReadonlyArray<number> => {
  const [first, end] = [texts.values[product]!, texts.values[product + 1]!]
  return Array.from({ length: end - first }, (_, at) => first + at)
}

/**
 * A place by relevance, where its product stands now: what words say changes with every product that comes or goes, and the places of all with it. Where that product
 * is found no more, the place is as it was.
 */
const heldTo = (place: Place | undefined, segment: Segment, { sort }: SearchRequest, found: Words | undefined): Place | undefined => {
  if (place === undefined || found === undefined || sort !== "relevance") return place
  const product = segment.byId.get(place.id)
  if (product === undefined) return place
  const isIts = (text: number): boolean => segment.owners.values[text] === product
  const named = [...found.named].find(isIts)
  const text = named ?? found.texts.find(isIts)
  if (text === undefined) return place
  const worth = ((named === undefined ? 0 : BY_CODE) + found.scores[text]!) * (1 + segment.boosts.values[product]!)
  return { ...place, keys: [-worth, -segment.since.values[product]!] }
}

/** What decides the order, the least first. */
const keysBy = (segment: Segment, { sort }: SearchRequest, order: NameOrder | undefined) => {
  const since = (product: number): number => -segment.since.values[product]!
  const none = (): number => 0
  switch (sort) {
    case "price":
      return {
        first: (_text: number, _product: number, _worth: number, cost: number) => (Number.isNaN(cost) ? Infinity : cost),
        second: none
      }
    case "-price":
      return {
        first: (_text: number, _product: number, _worth: number, cost: number) => (Number.isNaN(cost) ? Infinity : -cost),
        second: none
      }
    case "newest":
      return { first: (_text: number, product: number) => since(product), second: none }
    case "name":
      return { first: (text: number) => order!.ranks[text]!, second: none }
    case "relevance":
      return { first: (_text: number, _product: number, worth: number) => -worth, second: since }
  }
}

const nameIn = (segment: Segment, product: number, isOfView: ReadonlyArray<boolean>): string | undefined => {
  for (let text = segment.texts.values[product]!; text < segment.texts.values[product + 1]!; text++) {
    if (isOfView[segment.views.values[text]!] === true) return segment.names[text]
  }
  return undefined
}
