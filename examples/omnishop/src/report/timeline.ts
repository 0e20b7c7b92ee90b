import { chapters } from "../story/chapters.ts"
import { wrap } from "./layout.ts"
import { type Line, linesOf } from "./line.ts"
import type { Paint } from "./paint.ts"
import type { StoryRecord } from "./record.ts"
import { tellings } from "./tellings.ts"
import { clock, day } from "./words.ts"

const WIDTH = 118
const INDENT = 18

/** The story chapter by chapter: each line with its time of day, the channel on which it happened, and what happened. */
export const timeline = (story: StoryRecord, paint: Paint): ReadonlyArray<string> => {
  const lines = linesOf(story, tellings)
  return chapters.flatMap(({ from, title }, at) => {
    const until = chapters[at + 1]?.from ?? Infinity
    const own = lines.filter((line) => line.at >= from && line.at < until)
    return ["", paint.title(`${at + 1}  ${title}`), ...byDay(own, paint)]
  })
}

const byDay = (lines: ReadonlyArray<Line>, paint: Paint): ReadonlyArray<string> =>
  [...Map.groupBy(lines, ({ at }) => day(at))].flatMap(([date, own]) => [
    paint.faint(`   ${date}`),
    ...own.flatMap((line) => printed(line, paint))
  ])

const printed = ({ at, channel, text }: Line, paint: Paint): ReadonlyArray<string> => {
  const [first = "", ...rest] = wrap(text, WIDTH - INDENT)
  const head = `   ${paint.faint(clock(at))}  ${paint.channel(channel.padEnd(6))}  ${first}`
  const hanging = text.startsWith("┌") || text.startsWith("│") ? "│ " : ""
  return [head, ...rest.map((line) => " ".repeat(INDENT) + hanging + line)]
}
