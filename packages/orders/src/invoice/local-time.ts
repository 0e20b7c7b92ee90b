import { fromIso, type Instant, type TimeZone, toCivil } from "@omni/core"

/** What clocks of a zone show, to the second, with their offset. */
export const localTime = (now: Instant, zone: TimeZone): string => {
  const civil = `${toCivil(now, zone)}:00`.slice(0, 19)
  const offset = Math.round((fromIso(`${civil}Z`) - Math.floor(now / 1000) * 1000) / 60_000)
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const two = (n: number): string => String(n).padStart(2, "0")
  return `${civil}${offset < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`
}
