/** The known name that somebody meant who wrote another one: the one with the fewest slips of the keyboard, if they are few for its length. */
export const nearest = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const most = Math.floor((name.length + 1) / 3)
  let best: { readonly name: string; readonly slips: number } | undefined
  for (const candidate of known) {
    const slips = slipsBetween(name.toLowerCase(), candidate.toLowerCase())
    if (slips <= most && (best === undefined || slips < best.slips)) best = { name: candidate, slips }
  }
  return best?.name
}

/**
 * How many letters have to be put in, left out, changed or swapped with the next one to make one word of the other: optimal string
 * alignment, the restricted form of Damerau (1964).
 */
const slipsBetween = (a: string, b: string): number => {
  let before: ReadonlyArray<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const changed = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1))
      row.push(isSwapped ? Math.min(changed, before[j - 2]! + 1) : changed)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
