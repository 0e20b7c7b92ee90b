import type { Position } from "@omni/core"
import { beginOf, type LogReader, storeOf, type Target, trimLog } from "@omni/core/upkeep"

import { archiveLog } from "../archive/archive.ts"
import { endBefore } from "../archive/plan.ts"
import { checkArchive, readArchive } from "../archive/read.ts"
import { instantOf, only, tenantsOf } from "../arguments.ts"
import type { Command } from "../command.ts"
import { UsageError } from "../errors.ts"
import { type Output, plain } from "../output.ts"

const before = { type: "string", value: "<when>", help: "recorded before a date (2026-03-01, UTC) or so many days ago (90)" } as const
const force = {
  type: "boolean",
  help: "trims what a reactor, a feed or the dead letter of an event still needs; they can not go on then"
} as const

const heldLines = (output: Output, tenant: string, heldBy: ReadonlyArray<LogReader>, hasApp: boolean): void => {
  if (heldBy.length === 0) return
  const names = heldBy.slice(0, 5).map(({ kind, name }) => `${kind} ${plain(name)}`)
  const rest = heldBy.length > 5 ? ` and ${heldBy.length - 5} more` : ""
  const hint = hasApp ? "" : " With --app those that have nothing to take are moved on first."
  output.line(`${plain(tenant)}: kept in the log for ${names.join(", ")}${rest}.${hint}`)
}

/** What trimming has left empty goes, where the role may. */
const compact = async (
  target: Target,
  output: Output
): Promise<{ readonly done: ReadonlyArray<string>; readonly left: ReadonlyArray<string> }> => {
  const compacted = (await storeOf(target).compact?.()) ?? { done: [], left: [] }
  if (!output.json) {
    if (compacted.done.length > 0) output.line(`Dropped: ${compacted.done.join(", ")}.`)
    if (compacted.left.length > 0) output.line(`Empty, and left for the schema's owner or for later: ${compacted.left.join(", ")}.`)
  }
  return compacted
}

export const logArchive: Command = {
  name: "log archive",
  summary: "moves the older part of the log into files, and trims it",
  details: `A file for each tenant and month: events as they are stored, a line of JSON each, packed with gzip, with a manifest beside it. What is
personal stays sealed. A file is on the disk and read back before the log is trimmed. A run that is ended is taken up by the next.`,
  options: {
    before,
    to: { type: "string", value: "<folder>", help: "where the files go: a folder of its own for each store" },
    keep: { type: "boolean", help: "writes the files and trims nothing" },
    force
  },
  run: async ({ opening, output, text, flag }) => {
    const time = instantOf("before", text("before"))
    const [to, tenant] = [text("to"), text("tenant")]
    if (to === undefined) throw new UsageError({ message: "Where to? Say --to <folder>." })
    const target = await opening.target()
    const archived = await archiveLog(target, {
      to,
      before: time,
      trim: !flag("keep"),
      force: flag("force"),
      ...(tenant === undefined ? {} : { tenant })
    })
    if (!output.json)
      for (const { tenant: name, parts, heldBy } of archived) {
        for (const { file, count } of parts) output.line(`${plain(name)}: ${count} events in ${file}`)
        heldLines(output, name, heldBy, opening.hasApp)
      }
    const partitions = flag("keep") ? { done: [], left: [] } : await compact(target, output)
    if (output.json) output.value({ tenants: archived, partitions })
    else if (archived.every(({ parts }) => parts.length === 0)) output.line("There was nothing to archive.")
    return 0
  }
}

export const logTrim: Command = {
  name: "log trim",
  summary: "forgets the older part of the log, without an archive",
  details: "On PostgreSQL, months of the log that are empty afterwards are dropped, if the role owns them.",
  options: { before, force },
  run: async (context) => {
    const { opening, output, text, flag } = context
    const time = instantOf("before", text("before"))
    const target = await opening.target()
    const driver = storeOf(target)
    const trimmed: Array<{ readonly tenant: string; readonly from: Position; readonly heldBy: ReadonlyArray<LogReader> }> = []
    for (const tenant of await tenantsOf(context, driver)) {
      const store = await driver.open(tenant)
      const begin = await beginOf(store)
      const upto = await endBefore(store, begin, time)
      const done = await trimLog(target, { tenant, upto, force: flag("force") })
      trimmed.push({ tenant, from: done.from, heldBy: flag("force") ? [] : done.heldBy })
      if (output.json) continue
      output.line(`${plain(tenant)}: the log begins ${done.from === "" ? "where it began" : `after ${done.from}`}.`)
      heldLines(output, tenant, trimmed.at(-1)!.heldBy, opening.hasApp)
    }
    const partitions = await compact(target, output)
    if (output.json) output.value({ tenants: trimmed, partitions })
    return 0
  }
}

export const logRead: Command = {
  name: "log read",
  args: "<file>",
  summary: "prints the events of a file of the archive, a line of JSON each",
  details: "The file is compared with its manifest first. What is personal stays sealed.",
  options: { check: { type: "boolean", help: "compares it and prints nothing else" } },
  run: async ({ output, args, flag }) => {
    const file = only(args, "one file of an archive")
    if (flag("check")) {
      const part = await checkArchive(file)
      if (output.json) output.value(part)
      else output.line(`${file} is sound: ${part.count} events of "${plain(part.tenant)}" from ${part.first} to ${part.last}.`)
      return 0
    }
    await output.lines(readArchive(file))
    return 0
  }
}
