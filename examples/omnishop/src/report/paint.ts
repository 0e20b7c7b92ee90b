import { styleText } from "node:util"

/** How text is set off. Without a terminal, or when `NO_COLOR` says so, it is not. */
export interface Paint {
  readonly title: (text: string) => string
  readonly channel: (text: string) => string
  readonly faint: (text: string) => string
}

const plain = (text: string): string => text

/** Text as it is. */
export const noPaint: Paint = { title: plain, channel: plain, faint: plain }

/** Colours where a terminal shows them. */
export const paintFor = (stream: NodeJS.WriteStream): Paint => {
  if (!stream.isTTY) return noPaint
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text, { stream })
  return { title: style(["bold", "underline"]), channel: style("cyan"), faint: style("dim") }
}
