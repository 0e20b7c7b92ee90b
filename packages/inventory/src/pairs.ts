/**
 * Pairs of an instant and a quantity as a text of a row, `lqj5k3z0:3 lqj5k412:1`, in base 36: it is copied, frozen and written with
 * every hold, and a text costs a fraction of what an array does.
 */
export const readPairs = (text: string | undefined): Array<number> => {
  if (text === undefined) return []
  const pairs: Array<number> = []
  for (const pair of text.split(" ")) pairs.push(parseInt(pair, 36), parseInt(pair.slice(pair.indexOf(":") + 1), 36))
  return pairs
}

/** A pair as it is written. */
export const pairText = (at: number, quantity: number): string => `${at.toString(36)}:${quantity.toString(36)}`

/** Pairs, flat, as they are written; nothing when there are none. */
export const writePairs = (pairs: ReadonlyArray<number>): string | undefined => {
  if (pairs.length === 0) return undefined
  let text = pairText(pairs[0]!, pairs[1]!)
  for (let i = 2; i < pairs.length; i += 2) text += ` ${pairText(pairs[i]!, pairs[i + 1]!)}`
  return text
}
