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
