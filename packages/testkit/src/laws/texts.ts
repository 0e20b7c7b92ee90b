import fc from "fast-check"

/** Texts that stores get wrong: case, accents composed and not, spaces, wildcards, quotes, and code points on both sides of U+FFFF. */
export const oddTexts: ReadonlyArray<string> = [
  "a",
  "A",
  "aa",
  "a\u0001",
  "a\u0002b",
  "a ",
  " a",
  "a\t",
  "ab",
  "a%",
  "a_",
  "a'b",
  'a"b',
  "a\\b",
  "a\nb",
  "a/b",
  "a:b",
  "a|b",
  "a{b}",
  "ä",
  "a\u0308",
  "ß",
  "ss",
  "ﬁ",
  "İ",
  "ı",
  "10",
  "9",
  "-1",
  "١",
  "null",
  "undefined",
  "true",
  "__proto__",
  "constructor",
  "\u007f",
  "\u00a0",
  "\u200d",
  "\u202e",
  "\ud7ff",
  "\ue000",
  "\ufeff",
  "\uff5e",
  "\uffee",
  "\ufffd",
  "\uffff",
  "\u{10000}",
  "😀",
  "👨‍👩‍👧",
  "\u{10ffff}"
]

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 2, arbitrary: fc.constantFrom("a", "b", "\u0001") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).filter((text) => text !== "\0") }
)

/** Well-formed texts without U+0000, many of them neighbours in order or prefixes of one another, some long. At most 512 UTF-8 bytes. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constant("") },
  { weight: 8, arbitrary: fc.array(unit, { maxLength: 3 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom("a", "ä", "😀"), unit).map(([fill, end]) => fill.repeat(110) + end) }
)

/** The order of the port, by its definition: as the UTF-8 bytes are. */
export const byBytes = (a: string, b: string): number => {
  const [x, y] = [encoder.encode(a), encoder.encode(b)]
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i]! - y[i]!
  return x.length - y.length
}

const encoder = new TextEncoder()
