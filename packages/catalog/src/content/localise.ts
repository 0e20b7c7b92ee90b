import { type Locale, localeFallbacks, type Localised } from "@omni/core"

import type { SalesChannel } from "./model.ts"

/** A value, and the language that it was found in. */
export interface Found<T> {
  readonly value: T
  readonly locale: Locale
}

/**
 * The languages to try for a reader on a channel, best first: the one asked for, then what the channel declares for it; where it declares
 * nothing, its parents (`de-AT` → `de`) and then the channel's own language with its parents.
 */
export const fallbackChain = (channel: Pick<SalesChannel, "locale" | "fallbacks">, locale: Locale): ReadonlyArray<Locale> => {
  const { fallbacks } = channel
  const declared = fallbacks !== undefined && Object.hasOwn(fallbacks, locale) ? fallbacks[locale] : undefined
  return [...new Set([locale, ...(declared ?? [...localeFallbacks(locale), ...localeFallbacks(channel.locale)])])]
}

/** The value in the first language of the chain that has one. Several sources are asked language by language: a special text before the general one. */
export const localisedBy = <T>(chain: ReadonlyArray<Locale>, ...sources: ReadonlyArray<Localised<T> | undefined>): Found<T> | undefined => {
  for (const locale of chain) {
    for (const source of sources) {
      if (source !== undefined && Object.hasOwn(source, locale)) return { value: source[locale]!, locale }
    }
  }
  return undefined
}
