import type { Channel } from "@omni/core"

const here = { currency: "EUR", locale: "en-DE", timeZone: "Europe/Berlin" } as const
const selling = { ...here, stockPool: "berlin" } as const

/** Where Omnishop sells, and how it talks to people. */
export const channels: ReadonlyArray<Channel> = [
  { ...selling, id: "web", name: "Web shop", kind: "web" },
  { ...selling, id: "app", name: "App", kind: "app" },
  { ...selling, id: "store", name: "Shops", kind: "store" },
  { ...here, id: "mail", name: "Mail", kind: "email" },
  { ...here, id: "push", name: "Push", kind: "push" },
  { ...here, id: "sms", name: "SMS", kind: "sms" }
]

/** Where its goods lie. All of it can be sold on every channel. */
export const locations = [
  { location: "mitte", name: "Berlin Mitte" },
  { location: "charlottenburg", name: "Berlin Charlottenburg" }
].map((place) => ({ ...place, pools: ["berlin"] }))

/** What a place is called. */
export const nameOfPlace = (location: string): string => locations.find((place) => place.location === location)?.name ?? location
