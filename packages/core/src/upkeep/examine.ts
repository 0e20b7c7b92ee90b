import type { Finding } from "../ports/store.ts"
import { type Backlog, lag, type Lag, type ReaderLag } from "./lag.ts"
import { partsOf, type Target } from "./target.ts"

/** What is later than this (ms) says that nobody works it off, or not fast enough. */
const LATE = 60_000

/**
 * Looks a store over: what its driver says of it, and what waits in it. With an app it knows of its collections, reactors and feeds
 * too. It changes nothing, and a store that can not be reached is a finding as well.
 */
export const examine = async (target: Target): Promise<ReadonlyArray<Finding>> => {
  const { store, engine } = partsOf(target)
  try {
    const examined = await store.examine?.(engine?.collections)
    const findings = examined?.findings ?? []
    // What waits in a store of another layout is not for this release to say.
    if (examined !== undefined && examined.layout !== examined.supported) return findings
    return [...findings, ...waiting(await lag(target), engine !== undefined)]
  } catch (error) {
    return [
      {
        level: "problem",
        code: "unreachable",
        message: `The store could not be read: ${error instanceof Error ? error.message : String(error)}`,
        advice: "Nothing can be read or written from here. See that the server or file is there, and that address and role are right."
      }
    ]
  }
}

/** A backlog in words: `3, the oldest for 2 h`. */
const told = ({ count, more, oldest }: Backlog, now: number): string =>
  `${count}${more ? " and more" : ""}${oldest === undefined ? "" : `, the oldest for ${duration(now - oldest)}`}`

/** A time in its largest unit. */
export const duration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const units: ReadonlyArray<readonly [number, string]> = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"]
  ]
  const [size, unit] = units.find(([length]) => seconds >= length) ?? [1, "s"]
  return `${Math.floor(seconds / size)} ${unit}`
}

const waiting = ({ at, total, tenants }: Lag, hasApp: boolean): ReadonlyArray<Finding> => {
  const isLate = ({ oldest }: Backlog): boolean => oldest !== undefined && at - oldest > LATE
  const check = (wrong: boolean, code: string, what: string, backlog: Backlog, advice: string): Finding =>
    wrong
      ? { level: "warning", code, message: `${what}: ${told(backlog, at)}.`, advice }
      : { level: "ok", code, message: `${what}: ${told(backlog, at)}.` }
  const { timers, outbox, held, deadLetters, receipts } = total
  return [
    check(
      isLate(timers),
      "timers",
      "Overdue timers",
      timers,
      "Nobody fires them, or not fast enough: see that a process calls run(), and what its onError says."
    ),
    check(
      isLate(outbox),
      "outbox",
      "Messages not yet delivered",
      outbox,
      `The most tried was tried ${outbox.tries} times. See that a process calls run(), and that the providers answer.`
    ),
    check(
      held.count > 0,
      "held",
      "Held messages",
      held,
      "Nobody knows whether they went out. Ask the provider, then settle each: omni held."
    ),
    check(
      deadLetters.count > 0,
      "dead-letters",
      "Dead letters",
      deadLetters,
      "They were given up after their tries. Find the cause, then redrive them: omni dead-letters."
    ),
    check(
      receipts.count > 1_000 && isLate(receipts),
      "receipts",
      "Receipts past their time",
      receipts,
      "Nobody removes them: see that a process calls run(), or purge them: omni receipts purge."
    ),
    ...readersIn(tenants, at, hasApp)
  ]
}

const readersIn = (tenants: Lag["tenants"], at: number, hasApp: boolean): ReadonlyArray<Finding> => {
  const all = tenants.flatMap(({ tenant, readers }) => readers.map((reader) => ({ tenant, reader })))
  const wrong = all.flatMap(({ tenant, reader }) => {
    const finding = readerFinding(reader, at, hasApp)
    return finding === undefined ? [] : [{ ...finding, message: `Tenant "${tenant}": ${finding.message}` }]
  })
  if (wrong.length > 0) return wrong
  const sure = all.every(({ reader }) => reader.events !== undefined)
  const message = sure ? "are up with the log" : "stand within the log; how far they are behind, only the app can tell (--app)"
  return [{ level: "ok", code: "readers", message: `${all.length} reactors and feeds ${message}.` }]
}

const readerFinding = ({ kind, name, position, events, expired }: ReaderLag, at: number, hasApp: boolean): Finding | undefined => {
  const who = `the ${kind} "${name}"`
  if (expired)
    return {
      level: "problem",
      code: "reader-expired",
      message: `${who} stands at "${position}", which the log was trimmed past.`,
      advice:
        "It can not go on: what it would have taken is gone. Rebuild what it makes from the rows or the archive, then move its cursor."
    }
  if (events?.oldest !== undefined && at - events.oldest > LATE)
    return {
      level: "warning",
      code: "reader-late",
      message: `${who} is behind: ${told(events, at)}.`,
      advice:
        "See that a process calls run(), and what its onError says of it. An event that fails holds up its partition until it is a dead letter."
    }
  if (hasApp && events === undefined)
    return {
      level: "warning",
      code: "reader-unknown",
      message: `${who} is not in the app.`,
      advice: "Its cursor keeps the log from being trimmed. When it is gone for good, trim with --force."
    }
  return undefined
}
