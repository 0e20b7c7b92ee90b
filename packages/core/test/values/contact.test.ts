import { EmailAddress, PhoneNumber } from "@omni/core"
import { describe, expect, it } from "vitest"

describe("EmailAddress", () => {
  it.each([
    ["jane@example.com", "jane@example.com"],
    [" Jane.Doe+shop@EXAMPLE.Co.UK\n", "Jane.Doe+shop@example.co.uk"],
    ["a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"],
    ["o'brien@example.com", "o'brien@example.com"],
    ["иван@ПРИМЕР.рф", "иван@пример.рф"],
    ["x@xn--mnchen-3ya.de", "x@xn--mnchen-3ya.de"],
    [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`]
  ])("reads %j as %j", (text, address) => {
    expect(EmailAddress.parse(text)).toBe(address)
    expect(EmailAddress.parse(address)).toBe(address)
  })

  it.each([
    "",
    "jane",
    "jane@",
    "@example.com",
    "jane@localhost",
    "a@b@example.com",
    "a b@example.com",
    "a@-x.com",
    "a@x-.com",
    "a@x..com",
    "a@x.com.",
    "a@127.0.0.1",
    "a@[127.0.0.1]",
    '"a b"@example.com',
    "a@exa_mple.com",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(64)}.com`,
    `a@${"bcd.".repeat(70)}com`,
    "a@example.com\0",
    "a@exam\nple.com",
    7
  ])("refuses %j", (text) => {
    expect(EmailAddress.safeParse(text).success).toBe(false)
  })

  it("answers at once to a text made to be slow", () => {
    const text = `a@${"a-".repeat(100_000)}`
    expect(EmailAddress.safeParse(text).success).toBe(false)
  })
})

describe("PhoneNumber", () => {
  it.each(["+4930123456", "+16502530000", "+6834000", "+123456789012345"])("accepts %s", (number) => {
    expect(PhoneNumber.parse(number)).toBe(number)
  })

  it.each(["4930123456", "+0301234567", "+49 30 123456", "+123456", "+1234567890123456", "", "+1650253000a"])("refuses %j", (number) => {
    expect(PhoneNumber.safeParse(number).success).toBe(false)
  })
})
