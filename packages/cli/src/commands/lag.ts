import { setTimeout } from "node:timers/promises"

import { type Backlog, duration, lag, type Lag, type ReaderLag } from "@omni/core/upkeep"

import { countOf } from "../arguments.ts"
import type { Command } from "../command.ts"
import { instant, type Output, plain } from "../output.ts"

export const lagCommand: Command = {
  name: "lag",
  summary: "says how much waits: timers, outbox, dead letters, events for reactors and feeds",
  details: "It changes nothing. What a reactor or feed has still to take, only the app can tell: --app.",
  options: {
    watch: { type: "boolean", help: "says it again and again" },
    every: { type: "string", value: "<seconds>", help: "with --watch: how often; every 5 seconds unless told" }
  },
  run: async ({ opening, output, text, flag }) => {
    const every = countOf("every", text("every")) ?? 5
    const target = await opening.target()
    const tenant = text("tenant")
    for (;;) {
      const found = await lag(target, tenant === undefined ? {} : { tenant })
      if (output.json) output.value(found)
      else print(output, found)
      if (!flag("watch")) return 0
      await setTimeout(every * 1000)
      if (!output.json) output.line()
    }
  }
}

const print = (output: Output, { at, total, tenants }: Lag): void => {
  const told = (backlog: Backlog) => waits(backlog, at)
  const row = (name: string, { timers, outbox, held, deadLetters, receipts }: Lag["total"]) => [
    name,
    told(timers),
    told(outbox) + (outbox.tries > 0 ? `, ${outbox.tries} tries` : ""),
    told(held),
    told(deadLetters),
    told(receipts)
  ]
  output.line(instant(at))
  output.table([
    ["TENANT", "TIMERS OVERDUE", "OUTBOX", "HELD", "DEAD LETTERS", "RECEIPTS OVER TIME"],
    ...tenants.map((tenant) => row(plain(tenant.tenant), tenant)),
    ...(tenants.length === 1 ? [] : [row("(all)", total)])
  ])
  const readers = tenants.flatMap(({ tenant, readers: all }) => all.map((reader) => [plain(tenant), ...reading(reader, at)]))
  if (readers.length === 0) return
  output.line()
  output.table([["TENANT", "READER", "STANDS AT", "EVENTS BEHIND"], ...readers])
}

const reading = ({ kind, name, position, events, expired }: ReaderLag, at: number): ReadonlyArray<string> => [
  `${kind} ${plain(name)}`,
  position === "" ? "the start" : position,
  expired ? "its events were trimmed" : events === undefined ? "? (--app)" : waits(events, at)
]

/** A backlog in a cell: `3+, oldest 2 h`. */
export const waits = ({ count, more, oldest }: Backlog, at: number): string =>
  `${count}${more ? "+" : ""}${oldest === undefined ? "" : `, oldest ${duration(at - oldest)}`}`
