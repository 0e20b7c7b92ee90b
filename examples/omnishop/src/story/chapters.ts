import { moment } from "./moments.ts"

/** A part of the story, and from when on it is told. */
export interface Chapter {
  readonly title: string
  readonly from: number
}

/** The story's parts in order. */
export const chapters: ReadonlyArray<Chapter> = [
  { title: "A visitor nobody knows leaves an address for 20 %", from: moment("2026-03-06", "00:00:00") },
  { title: "The same person in the app: two histories become one, a cart is filled", from: moment("2026-03-06", "17:00:00") },
  { title: "An hour of silence", from: moment("2026-03-06", "18:00:00") },
  { title: "The same cart at the till: bought in one commit", from: moment("2026-03-07", "00:00:00") },
  { title: "Collected, asked, answered, heard", from: moment("2026-03-07", "12:00:00") }
]
