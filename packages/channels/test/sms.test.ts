import { smsSegments } from "@omni/channels"
import fc from "fast-check"
import { assert, it } from "vitest"

it("counts as networks bill", () => {
  const costs = (text: string) => {
    const { encoding, segments, units } = smsSegments(text)
    return [encoding, units, segments]
  }
  assert.deepEqual(costs("a".repeat(160)), ["GSM-7", 160, 1])
  assert.deepEqual(costs("a".repeat(161)), ["GSM-7", 161, 2])
  assert.deepEqual(costs("a".repeat(306)), ["GSM-7", 306, 2])
  assert.deepEqual(costs("a".repeat(307)), ["GSM-7", 307, 3])
  assert.deepEqual(costs("€".repeat(80)), ["GSM-7", 160, 1])
  // 152 and an escape pair, which does not fit into the 153 of the first part.
  assert.deepEqual(costs(`${"a".repeat(152)}€${"a".repeat(152)}`), ["GSM-7", 306, 3])
  assert.deepEqual(costs("ж".repeat(70)), ["UCS-2", 70, 1])
  assert.deepEqual(costs("ж".repeat(71)), ["UCS-2", 71, 2])
  assert.deepEqual(costs(`${"ж".repeat(66)}😀${"ж".repeat(66)}`), ["UCS-2", 134, 3])
  assert.deepEqual(costs("Grüße"), ["GSM-7", 5, 1])
  assert.deepEqual(costs("ça va"), ["UCS-2", 5, 1])
})

it("costs never less for more text, and never more than text cut by units would allow", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "€", "ж", "😀", " "), maxLength: 400 }),
      fc.constantFrom("a", "€", "ж"),
      (text, more) => {
        const { encoding, segments, units } = smsSegments(text)
        const [alone, joined, widest] = encoding === "GSM-7" ? [160, 153, 2] : [70, 67, 2]
        assert.isAtLeast(smsSegments(text + more).segments, segments)
        assert.isAtLeast(segments * (segments === 1 ? alone : joined), units)
        if (segments > 1) assert.isAtMost((segments - 1) * (joined - widest + 1), units)
      }
    )
  )
})
