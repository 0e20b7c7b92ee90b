import { localeFallbacks } from "@omni/core"

import type { Reason, ReasonCode, ReasonFacts } from "./reasons.ts"

type FactsOf<C extends ReasonCode> = Extract<ReasonFacts, { readonly code: C }> & { readonly code: C }

/** A sentence for each reason. `name` is that of the item which a reason follows from; a shopper reads it beside what is recommended. */
export type Sentences = { readonly [C in ReasonCode]: (facts: FactsOf<C>, name: string) => string }

const en: Sentences = {
  "goes-with": (_, name) => `Goes with ${name}`,
  "accessory-of": (_, name) => `Made for ${name}`,
  "chosen-with": (_, name) => `Chosen by those who chose ${name}`,
  "goes-with-yours": (_, name) => `Chosen by those who bought ${name}, as you did`,
  "like-seen": (_, name) => `Chosen by those who chose ${name}, which you looked at`,
  "in-place-of": (_, name) => `In place of ${name}, which is out of stock`,
  "better-than": ({ text }, name) => (text === undefined ? `A step up from ${name}` : `A step up from ${name}: ${text}`),
  "bought-with": ({ of, together }, name) => `Bought with ${name} by ${together} of ${of}`,
  "buy-again": ({ every }) => `Replaces what you buy every ${Math.round(every) <= 1 ? "day" : `${Math.round(every)} days`}`,
  "bought-before": ({ times }) => (times === 1 ? "You have bought it before" : `You have bought it ${times} times`),
  viewed: () => "You looked at it lately",
  suggested: () => "Suggested for you",
  popular: ({ season, segment }) =>
    segment !== undefined ? "Popular with customers like you" : season !== undefined ? "Popular at this time of the year" : "Popular now"
}

const es: Sentences = {
  "goes-with": (_, name) => `Va bien con ${name}`,
  "accessory-of": (_, name) => `Hecho para ${name}`,
  "chosen-with": (_, name) => `Lo eligen quienes eligen ${name}`,
  "goes-with-yours": (_, name) => `Lo eligen quienes, como tú, compraron ${name}`,
  "like-seen": (_, name) => `Lo eligen quienes eligen ${name}, que has visto`,
  "in-place-of": (_, name) => `En lugar de ${name}, que está agotado`,
  "better-than": ({ text }, name) => (text === undefined ? `Un paso más que ${name}` : `Un paso más que ${name}: ${text}`),
  "bought-with": ({ of, together }, name) => `${together} de ${of} lo compraron con ${name}`,
  "buy-again": ({ every }) => `Repone lo que compras cada ${Math.round(every) <= 1 ? "día" : `${Math.round(every)} días`}`,
  "bought-before": ({ times }) => (times === 1 ? "Ya lo has comprado" : `Lo has comprado ${times} veces`),
  viewed: () => "Lo has visto hace poco",
  suggested: () => "Sugerido para ti",
  popular: ({ season, segment }) =>
    segment !== undefined ? "Popular entre clientes como tú" : season !== undefined ? "Popular en esta época del año" : "Popular ahora"
}

/** Puts reasons into words. `name` is that of the item which a reason follows from. */
export type Speaker = (reason: ReasonFacts, name: string) => Reason

/** Languages whose speakers are remembered. */
const REMEMBERED = 200

/** Speakers by language, each made once. */
export const speakersWith = (own: { readonly [locale: string]: Partial<Sentences> }): ((locale: string) => Speaker) => {
  const known = new Map<string, Speaker>()
  return (locale) => {
    const speaker = known.get(locale) ?? speakerFor(locale, own)
    if (known.size < REMEMBERED) known.set(locale, speaker)
    return speaker
  }
}

/** Who puts reasons into words for a reader of a language: sentence by sentence in the first of the reader's languages that has it, else in English. */
const speakerFor = (locale: string, own: { readonly [locale: string]: Partial<Sentences> }): Speaker => {
  const tables = [...localeFallbacks(locale), "en"].flatMap((tag) => [own[tag], tag === "en" ? en : tag === "es" ? es : undefined])
  return (reason, name) => {
    const { code, ...facts } = reason
    const say = tables.find((table) => table?.[code] !== undefined)?.[code] ?? en[code]
    // The sentence of a code takes the facts of that code.
    return { code, facts, sentence: (say as (facts: ReasonFacts, name: string) => string)(reason, name) }
  }
}
