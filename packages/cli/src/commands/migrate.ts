import { countOf } from "../arguments.ts"
import type { Command } from "../command.ts"
import { UsageError } from "../errors.ts"

/** Makes or brings forward a store, as its owner; or prints the SQL for somebody else to run. */
export const migrate: Command = {
  name: "migrate",
  summary: "makes the store, or brings it to this release's layout",
  details: `It runs as the owner of the schema, once or often, from any number of processes. With --app each collection of the app gets
its table. --print only prints the SQL of PostgreSQL, for a DBA: of what the store at --store lacks, or from nothing.`,
  options: {
    print: { type: "boolean", help: "prints SQL and runs nothing" },
    role: { type: "string", value: "<name>", help: "with --print: the role that the app runs as, which may change rows and no table" },
    from: { type: "string", value: "<layout>", help: "with --print: the layout that the store has, where it is not asked" }
  },
  run: async (context) => {
    const { opening, output, text, flag } = context
    if (flag("print")) {
      output.line((await printed(context)).trimEnd())
      return 0
    }
    for (const option of ["role", "from"])
      if (text(option) !== undefined) throw new UsageError({ message: `--${option} goes with --print.` })
    const driver = await opening.driver()
    const collections = await opening.collections()
    const before = await driver.examine?.(collections)
    await driver.migrate(collections)
    const after = await driver.examine?.(collections)
    const made = before?.findings.find(({ code, level }) => code === "collections" && level !== "ok")
    if (output.json) output.value({ from: before?.layout, to: after?.layout, collections })
    else if (before?.layout === after?.layout && made === undefined)
      output.line(`The store is ready: layout ${after?.layout ?? "as it is"}.`)
    else
      output.line(
        `The store is ready: layout ${before?.layout ?? 0} before, ${after?.layout ?? "this release's"} now.${made === undefined ? "" : ` ${made.message} They were made.`}`
      )
    return 0
  }
}

const printed = async ({ opening, text }: Parameters<Command["run"]>[0]): Promise<string> => {
  const { address } = opening
  if (address !== undefined && !/^postgres(ql)?:/.test(address))
    throw new UsageError({ message: "--print is for PostgreSQL: a file of SQLite is made by whoever opens it." })
  const told = text("from")
  const asked = told === undefined && address !== undefined
  const examined = asked ? await (await opening.driver()).examine?.() : undefined
  // What can not be looked at is not to be taken for empty.
  const blind = examined?.findings.find(({ code, level }) => level === "problem" && (code === "standby" || code === "rights"))
  if (blind !== undefined)
    throw new UsageError({ message: `${blind.message} Name the store's layout with --from, or use an address that shows it.` })
  const layout = asked ? examined?.layout : told === "0" ? 0 : countOf("from", told)
  const { migrations } = await import("@omni/storage-postgres")
  const [schema, keys, role] = [text("schema"), text("keys"), text("role")]
  return migrations({
    collections: await opening.collections(),
    from: layout ?? 0,
    ...(schema === undefined ? {} : { schema }),
    ...(keys === undefined ? {} : { keys }),
    ...(role === undefined ? {} : { role })
  })
}
