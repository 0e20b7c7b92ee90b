/** So many zeros. A plain array: of few rows it is made in a fraction of the time that a typed one takes. */
export const zeros = (count: number): Array<number> => new Array<number>(count).fill(0)

/** Makes the second what the first is. */
export const copyColumn = (from: ReadonlyArray<number>, to: Array<number>): void => {
  for (let at = 0; at < from.length; at++) to[at] = from[at]!
}
