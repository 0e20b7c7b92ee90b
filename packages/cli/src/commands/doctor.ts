import type { Finding } from "@omni/core"
import { examine } from "@omni/core/upkeep"

import type { Command } from "../command.ts"
import type { Output } from "../output.ts"
import { plain } from "../output.ts"

export const doctor: Command = {
  name: "doctor",
  summary: "looks the store over, and says what is wrong and what to do",
  details:
    "It changes nothing. It ends with 1 when there is a warning or a problem. With --app it knows how far reactors and feeds are behind.",
  run: async ({ opening, output }) => {
    const findings = await examine(await opening.unchecked())
    const wrong = findings.filter(({ level }) => level !== "ok")
    if (output.json) output.value({ well: wrong.length === 0, findings })
    else {
      for (const finding of findings) print(output, finding)
      output.line()
      output.line(wrong.length === 0 ? "Nothing is wrong." : `${count(wrong, "problem")}, ${count(wrong, "warning")}.`)
    }
    return wrong.length === 0 ? 0 : 1
  }
}

const colors = { ok: "green", warning: "yellow", problem: "red" } as const

const print = (output: Output, { level, code, message, advice }: Finding): void => {
  output.line(`${output.style(colors[level], level.padEnd(8))} ${code}: ${plain(message)}`)
  if (advice !== undefined) output.line(`         ${output.style("dim", plain(advice))}`)
}

const count = (findings: ReadonlyArray<Finding>, level: Finding["level"]): string => {
  const found = findings.filter((finding) => finding.level === level).length
  return `${found} ${level}${found === 1 ? "" : "s"}`
}
