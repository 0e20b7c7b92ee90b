import { once } from "node:events"
import { parseArgs } from "node:util"

import { type Command, common, type ExitCode, type Given, type OptionSpec } from "./command.ts"
import { commands } from "./commands/index.ts"
import { UsageError } from "./errors.ts"
import { Opening } from "./open.ts"
import { Output, plain, type Streams, usage } from "./output.ts"

export type { Streams } from "./output.ts"

/** Something is to be looked at; the command line did not fit; it could not be done. */
const [USAGE, FAILED] = [2, 3]

/** Until whoever reads has caught up. */
const drained = async (): Promise<void> => void (await once(process.stdout, "drain"))

const streamsOfProcess = (): Streams => ({
  out: (text) => (process.stdout.write(text) ? undefined : drained()),
  error: (text) => void process.stderr.write(text),
  color: process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb",
  env: process.env
})

/**
 * The command line `omni`, as a function of its arguments; the exit code is its answer. 0: done, and well. 1: done, and something is to be
 * looked at. 2: the command line does not fit. 3: it could not be done. What went wrong is one line on the stream for errors.
 */
export const main = async (args: ReadonlyArray<string>, streams: Streams = streamsOfProcess()): Promise<number> => {
  try {
    return await run(args, streams)
  } catch (error) {
    streams.error(`omni: ${saidBy(error)}\n`)
    return error instanceof UsageError ? USAGE : FAILED
  }
}

const saidBy = (error: unknown): string => {
  const { _tag: tag, message } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly _tag?: string
    readonly message?: string
  }
  const said = plain(message ?? String(error))
  return tag === undefined || tag === "UsageError" ? said : `${tag}: ${said}`
}

const run = async (args: ReadonlyArray<string>, streams: Streams): Promise<ExitCode> => {
  const [command, rest] = find(args)
  if (command === undefined) {
    const asked = args.length === 0 || args.includes("--help") || args[0] === "help"
    const known = args.filter((arg) => !arg.startsWith("-"))
    if (!asked) throw new UsageError({ message: `There is no command "${plain(known.join(" ") || args.join(" "))}". See omni --help.` })
    await streams.out(overview(known[0] === "help" ? known.slice(1) : known))
    return 0
  }
  const given = parse(command, rest)
  if (given.flag("help")) {
    await streams.out(help(command))
    return 0
  }
  const opening = new Opening(given, streams.env)
  try {
    return await command.run({ ...given, output: new Output(streams, given.flag("json")), opening })
  } finally {
    await opening.close()
  }
}

/** The command with the longest name that the arguments begin with. */
const find = (args: ReadonlyArray<string>): readonly [Command | undefined, ReadonlyArray<string>] => {
  for (const length of [2, 1]) {
    const said = args.slice(0, length).join(" ")
    const command = commands.find(({ name }) => name === said) ?? commands.find(({ name }) => name === `${said} list`)
    if (command !== undefined && args.length >= length) return [command, args.slice(length)]
  }
  return [undefined, args]
}

const parse = (command: Command, args: ReadonlyArray<string>): Given => {
  const options = { ...common, ...command.options }
  const config = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]))
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true })
    if (command.args === undefined && positionals.length > 0 && values["help"] !== true)
      throw new Error(`"${command.name}" takes no "${positionals[0]}".`)
    const text = (option: string) => (typeof values[option] === "string" ? values[option] : undefined)
    return { args: positionals, text, flag: (option) => values[option] === true }
  } catch (error) {
    const said = error instanceof Error ? error.message.split(". ")[0]! : String(error)
    throw new UsageError({ message: `${plain(said).replace(/\.?$/, ".")} See omni ${command.name} --help.` })
  }
}

const listed = (options: { readonly [name: string]: OptionSpec }): string => {
  const rows = Object.entries(options).map(
    ([name, { value, help: said }]) => [`--${name}${value === undefined ? "" : ` ${value}`}`, said] as const
  )
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, said]) => `  ${name.padEnd(width)}  ${said}\n`).join("")
}

const help = (command: Command): string => {
  const own = command.options === undefined ? "" : `\nOptions\n${listed(command.options)}`
  const details = command.details === undefined ? "" : `\n${command.details}\n`
  return `${usage(command)}\n\n${command.summary}\n${details}${own}\nEvery command\n${listed(common)}`
}

/** All commands, or those that begin so. */
const overview = (group: ReadonlyArray<string>): string => {
  const shown = commands.filter(({ name }) => group.length === 0 || name.startsWith(group[0]!))
  const rows = (shown.length === 0 ? commands : shown).map((command) => [usage(command), command.summary] as const)
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}\n`).join("")
  return `Looks after an app of Omni, and its store.

${lines}
Every command
${listed(common)}
Exit codes: 0 done; 1 done, and something is to be looked at; 2 the command line does not fit; 3 it could not be done.
`
}
