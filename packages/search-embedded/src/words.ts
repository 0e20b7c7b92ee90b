import type { SearchRequest, SearchSettings } from "@omni/catalog/search"

import { type AllOf, type Plan, planFor } from "./plan.ts"
import type { Segment } from "./segment.ts"
import type { Postings, Vocabulary } from "./vocabulary.ts"

/** Texts that have what was typed, and how well they fit. */
export interface Matches {
  readonly texts: Uint32Array
  /** By text. */
  readonly scores: Float32Array
}

/** Room for the work on one question; questions do not overlap, so one is enough. */
class Room {
  scores = new Float32Array(0)
  best = new Float32Array(0)
  met = new Uint8Array(0)
  /** The texts that have met all groups so far, and the same in order. */
  passed = new Uint32Array(0)
  inOrder = new Uint32Array(0)

  clear(size: number): void {
    if (this.scores.length < size) {
      this.scores = new Float32Array(size + (size >> 2))
      this.best = new Float32Array(this.scores.length)
      this.met = new Uint8Array(this.scores.length)
      this.passed = new Uint32Array(this.scores.length)
      this.inOrder = new Uint32Array(this.scores.length)
      return
    }
    this.scores.fill(0, 0, size)
    this.best.fill(0, 0, size)
    this.met.fill(0, 0, size)
  }
}
const room = new Room()

/** The texts that a question's view shows and that have its words. They, and their scores, are gone with the next question. */
export const matchesOf = (
  segment: Segment,
  { text, languages, prefix }: Pick<SearchRequest, "text" | "languages" | "prefix">,
  {
    synonyms,
    typos,
    isSeen
  }: { readonly synonyms: SearchSettings["synonyms"]; readonly typos: boolean; readonly isSeen: (text: number) => boolean }
): Matches => {
  room.clear(segment.names.length)
  const parts = languages.flatMap((language) => {
    const vocabulary = segment.vocabularies.get(language)
    const told = synonyms[language] ?? NO_SYNONYMS
    const plan = vocabulary === undefined ? undefined : planFor(vocabulary, { text, language, prefix, typos, synonyms: told })
    if (plan === undefined) return []
    const texts = meeting(vocabulary!, plan, segment.names.length, isSeen)
    // The next language uses the same room.
    return [languages.length === 1 ? texts : texts.slice()]
  })
  return { texts: parts.length === 1 ? parts[0]! : joined(parts), scores: room.scores }
}

const joined = (parts: ReadonlyArray<Uint32Array>): Uint32Array => {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const NO_SYNONYMS: ReadonlyArray<never> = []

/** The texts that meet all groups of a plan; the rarest group goes first, so that the others have little to look at. */
const meeting = (vocabulary: Vocabulary, plan: Plan, count: number, isSeen: (text: number) => boolean): Uint32Array => {
  const size = (group: Plan[number]): number =>
    group.reduce(
      (sum, all) =>
        sum + Math.min(...all.map((any) => [...any.keys()].reduce((of, term) => of + vocabulary.postings[term]!.texts.length, 0))),
      0
    )
  const groups = [...plan].map((group) => ({ group, size: size(group) })).sort((a, b) => a.size - b.size)
  let met: Uint32Array = NO_TEXTS
  for (const [at, { group }] of groups.entries()) {
    met = meet(vocabulary, group, { at, count, isSeen })
    if (met.length === 0) return met
  }
  return settled(met, groups.length, count)
}

/** Many texts are gone through in the order in which they lie in memory. Those of one language are no further concern of the next. */
const settled = (texts: Uint32Array, groups: number, count: number): Uint32Array => {
  const { met, inOrder } = room
  if (texts.length <= count >> 5) {
    for (let at = 0; at < texts.length; at++) met[texts[at]!] = 255
    return texts
  }
  let length = 0
  for (let text = 0; text < count; text++) {
    if (met[text] !== groups) continue
    inOrder[length++] = text
    met[text] = 255
  }
  return inOrder.subarray(0, length)
}

const NO_TEXTS = new Uint32Array(0)

interface Step {
  /** How many groups a text has met so far to be still in. */
  readonly at: number
  readonly count: number
  readonly isSeen: (text: number) => boolean
}

/** Lets texts through that meet a group, by the best of its alternatives. */
const meet = (vocabulary: Vocabulary, group: Plan[number], step: Step): Uint32Array => {
  const { at, isSeen } = step
  const { scores, best, met, passed } = room
  let length = 0
  const score = (text: number, value: number): void => {
    if (met[text] === at) {
      if (at === 0 && !isSeen(text)) {
        // Looked at once and for all.
        met[text] = 255
        return
      }
      met[text] = at + 1
      best[text] = value
      passed[length++] = text
    } else if (met[text] === at + 1 && value > best[text]!) best[text] = value
  }
  for (const all of group) {
    if (all.length === 1) each(vocabulary, all[0]!, step.count, score)
    else for (const [text, value] of together(vocabulary, all, step.count)) score(text, value)
  }
  for (let at = 0; at < length; at++) {
    const text = passed[at]!
    scores[text] = scores[text]! + best[text]!
  }
  return passed.subarray(0, length)
}

const each = (vocabulary: Vocabulary, any: AllOf[number], count: number, score: (text: number, value: number) => void): void => {
  for (const [term, weight] of any) {
    const { texts, weights } = vocabulary.postings[term]!
    const worth = weight * rarity({ texts, weights }, count)
    const [numbers, values, length] = [texts.values, weights.values, texts.length]
    for (let i = 0; i < length; i++) score(numbers[i]!, values[i]! * worth)
  }
}

/** The texts that meet all of several rows of terms. */
const together = (vocabulary: Vocabulary, all: AllOf, count: number): ReadonlyMap<number, number> => {
  let found: Map<number, number> | undefined
  for (const any of all) {
    const best = new Map<number, number>()
    each(vocabulary, any, count, (text, value) => {
      if (found === undefined || found.has(text)) best.set(text, Math.max(value, best.get(text) ?? 0))
    })
    for (const [text, value] of best) best.set(text, value + (found?.get(text) ?? 0))
    found = best
  }
  return found ?? new Map()
}

/** A term that few texts have says more: the inverse document frequency of BM25. */
const rarity = ({ texts: { length } }: Postings, count: number): number =>
  Math.log(1 + (count - Math.min(count, length) + 0.5) / (length + 0.5))
