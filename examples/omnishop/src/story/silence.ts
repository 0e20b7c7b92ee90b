import { moment } from "./moments.ts"
import type { Teller } from "./teller.ts"

/** Chapter 3: nothing happens for an hour, so the journey speaks; and then nothing but the night. */
export const silence = async ({ at }: Teller): Promise<void> => {
  await at(moment("2026-03-06", "18:35:59"))
  await at(moment("2026-03-06", "18:36:00"))
}
