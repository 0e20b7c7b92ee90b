import { type Country, formatAddress, PostalAddress } from "@omni/core"
import { describe, expect, it } from "vitest"

const format = (country: Country, address: Partial<PostalAddress>) => formatAddress({ country, lines: [], ...address })

describe("formatAddress", () => {
  it.each<[Country, Partial<PostalAddress>, ReadonlyArray<string>]>([
    [
      "DE",
      { recipient: "Erika Mustermann", organisation: "Muster GmbH", lines: ["Heidestraße 17"], postalCode: "10557", locality: "Berlin" },
      ["Muster GmbH", "Erika Mustermann", "Heidestraße 17", "10557 Berlin"]
    ],
    [
      "US",
      { recipient: "Jane Doe", lines: ["1600 Amphitheatre Pkwy", "Suite 2"], locality: "Mountain View", region: "CA", postalCode: "94043" },
      ["Jane Doe", "1600 Amphitheatre Pkwy", "Suite 2", "Mountain View, CA 94043"]
    ],
    [
      "CA",
      { lines: ["111 Wellington St"], locality: "Ottawa", region: "ON", postalCode: "K1A 0A9" },
      ["111 Wellington St", "Ottawa ON K1A 0A9"]
    ],
    ["GB", { lines: ["10 Downing St"], locality: "London", postalCode: "SW1A 2AA" }, ["10 Downing St", "London", "SW1A 2AA"]],
    [
      "BR",
      { lines: ["Av. Paulista, 1578"], locality: "São Paulo", region: "SP", postalCode: "01310-200" },
      ["Av. Paulista, 1578", "São Paulo-SP", "01310-200"]
    ],
    ["IT", { lines: ["Via Roma 1"], locality: "Torino", region: "TO", postalCode: "10121" }, ["Via Roma 1", "10121 Torino TO"]],
    [
      "HU",
      { recipient: "Kovács", lines: ["Fő utca 1."], locality: "Budapest", postalCode: "1011" },
      ["Kovács", "Budapest", "Fő utca 1.", "1011"]
    ],
    ["HK", { lines: ["8 Finance St"], locality: "Central", region: "Hong Kong Island" }, ["8 Finance St", "Central", "Hong Kong Island"]],
    [
      "JP",
      { recipient: "山田太郎 様", lines: ["丸の内1-1-1"], locality: "千代田区", region: "東京都", postalCode: "100-0005" },
      ["〒100-0005", "東京都千代田区", "丸の内1-1-1", "山田太郎 様"]
    ],
    [
      "JP",
      { recipient: "Taro Yamada", lines: ["1-1-1 Marunouchi"], locality: "Chiyoda-ku", region: "Tokyo", postalCode: "100-0005" },
      ["Taro Yamada", "1-1-1 Marunouchi", "Chiyoda-ku, Tokyo", "100-0005"]
    ],
    [
      "KR",
      { lines: ["세종대로 209"], locality: "종로구", region: "서울특별시", postalCode: "03171", recipient: "홍길동" },
      ["서울특별시 종로구", "세종대로 209", "홍길동", "03171"]
    ],
    ["KE", { lines: ["PO Box 1"], locality: "Nairobi", postalCode: "00100" }, ["PO Box 1", "Nairobi", "00100"]],
    ["NP", { lines: ["Durbar Marg"], locality: "Kathmandu", postalCode: "44600" }, ["Durbar Marg", "Kathmandu 44600"]]
  ])("orders an address of %s", (country, address, lines) => {
    expect(format(country, address)).toEqual(lines)
  })

  it("leaves no separators where parts are absent", () => {
    expect(format("US", { region: "CA", postalCode: "94043" })).toEqual(["CA 94043"])
    expect(format("US", { locality: "LA" })).toEqual(["LA"])
    expect(format("BR", { region: "SP" })).toEqual(["SP"])
    expect(format("JP", { lines: ["丸の内"] })).toEqual(["丸の内"])
    expect(format("DE", {})).toEqual([])
  })

  it("names the country in capitals when mail crosses a border", () => {
    const address: PostalAddress = { country: "TR", lines: ["Cadde 1"], locality: "Kadıköy", region: "İstanbul", postalCode: "34710" }
    expect(formatAddress(address, { countryIn: "fr" })).toEqual(["Cadde 1", "34710 Kadıköy/İstanbul", "TURQUIE"])
    expect(formatAddress({ country: "XK", lines: [] }, { countryIn: "en" })).toEqual(["KOSOVO"])
  })

  it("shows no part twice and leaves out at most region and postal code, in every country", () => {
    const parts = { recipient: "q1", organisation: "q2", lines: ["q3", "q4"], locality: "q5", region: "q6", postalCode: "q7" }
    const wrong = countries.filter((country) => {
      const shown: ReadonlyArray<string> = format(country, parts).join("\n").match(/q\d/g) ?? []
      return new Set(shown).size !== shown.length || ["q1", "q2", "q3", "q4", "q5"].some((part) => !shown.includes(part))
    })
    expect(countries).toHaveLength(250)
    expect(wrong).toEqual([])
  })
})

describe("PostalAddress", () => {
  it("keeps what it is given", () => {
    const address = { country: "DE", lines: ["Heidestraße 17"], locality: "Berlin" }
    expect(PostalAddress.parse(address)).toEqual(address)
    expect(Object.isFrozen(PostalAddress.parse(address).lines)).toBe(true)
  })

  it.each([
    { country: "ZZ", lines: [] },
    { country: "de", lines: [] },
    { country: "DE" },
    { country: "DE", lines: ["a\nb"] },
    { country: "DE", lines: [""] },
    { country: "DE", lines: Array.from({ length: 11 }, () => "x") }
  ])("refuses %j", (address) => {
    expect(PostalAddress.safeParse(address).success).toBe(false)
  })
})

const countries = Array.from({ length: 26 * 26 }, (_, index) =>
  String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))
).flatMap((code) => {
  const known = PostalAddress.safeParse({ country: code, lines: [] })
  return known.success ? [known.data.country] : []
})
