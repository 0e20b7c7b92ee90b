import { slipsBetween } from "../values/plain/text.ts"

/** The known name that somebody meant who wrote another one: the one with the fewest slips of the keyboard, if they are few for its length. */
export const nearest = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const most = Math.floor((name.length + 1) / 3)
  let best: { readonly name: string; readonly slips: number } | undefined
  for (const candidate of known) {
    const slips = slipsBetween(name.toLowerCase(), candidate.toLowerCase(), most)
    if (slips <= most && (best === undefined || slips < best.slips)) best = { name: candidate, slips }
  }
  return best?.name
}
