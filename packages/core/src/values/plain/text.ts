/**
 * Compares by code point, which is the order of the UTF-8 bytes. `<` compares UTF-16 units, and puts U+1F600 before U+FF5E.
 * Negative, zero or positive, as `sort` wants it.
 */
export const compareText = (a: string, b: string): number => {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

// In well-formed text a surrogate is half of a code point over U+FFFF, and two halves compare as their wholes do.
const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

/** The number of bytes of a well-formed text in UTF-8. */
export const utf8Length = (text: string): number => {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7ff) bytes += isSurrogate(unit) ? 1 : 2
    else if (unit > 0x7f) bytes++
  }
  return bytes
}

/**
 * How many letters have to be put in, left out, changed or swapped with the next one to make one word of the other; more than `most` is `most + 1`. Source: optimal
 * string alignment, the restricted form of Damerau (1964), in which no part is changed twice.
 */
export const slipsBetween = (a: string, b: string, most = Infinity): number => {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let [before, last] = [new Array<number>(b.length + 1).fill(0), Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, before[j - 2]! + 1)
      row.push(slips)
      if (slips < least) least = slips
    }
    if (least > most) return most + 1
    ;[before, last] = [last, row]
  }
  return Math.min(last[b.length]!, most + 1)
}
