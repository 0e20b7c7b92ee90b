import { Actor, Channel } from "@omni/core"
import { describe, expect, it } from "vitest"

const shop = {
  id: "web-de",
  name: "Web shop",
  kind: "web",
  currency: "EUR",
  locale: "de-DE",
  stockPool: "berlin",
  timeZone: "Europe/Berlin"
}

describe("Channel", () => {
  it("is brought to canonical form", () => {
    expect(Channel.parse({ ...shop, locale: "DE-de", timeZone: "europe/berlin" })).toEqual(shop)
  })

  it("need not sell anything", () => {
    const { stockPool: _, ...newsletter } = { ...shop, kind: "email" }
    expect(Channel.parse(newsletter)).toEqual(newsletter)
    expect("stockPool" in Channel.parse(newsletter)).toBe(false)
  })

  it.each([{ kind: "fax" }, { currency: "EURO" }, { locale: "de_DE" }, { timeZone: "Berlin" }, { id: "" }, { name: "" }])(
    "refuses %j",
    (wrong) => {
      expect(Channel.safeParse({ ...shop, ...wrong }).success).toBe(false)
    }
  )
})

describe("Actor", () => {
  it.each([{ kind: "customer", id: "c1", channel: "web-de" }, { kind: "staff", id: "s1" }, { kind: "system" }])("may be %j", (actor) => {
    expect(Actor.parse(actor)).toEqual(actor)
  })

  it.each([{}, { kind: "robot" }, { kind: "staff", id: "" }])("may not be %j", (actor) => {
    expect(Actor.safeParse(actor).success).toBe(false)
  })
})
