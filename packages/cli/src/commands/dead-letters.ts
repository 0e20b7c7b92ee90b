import type { DeadLetter } from "@omni/core"

import { countOf, oneOf, only, tenantsOf } from "../arguments.ts"
import type { Command, Context } from "../command.ts"
import { AppNeeded, UsageError } from "../errors.ts"
import type { App } from "../open.ts"
import { instant, plain } from "../output.ts"
import { tenantWith } from "./found.ts"

const COLLECTION = "omni.dead-letters"
const kinds: ReadonlyArray<DeadLetter["kind"]> = ["event", "timer", "message"]

const filters = {
  kind: { type: "string", value: "<kind>", help: "event, timer or message" },
  name: { type: "string", value: "<name>", help: "of the reactor, the operation or the topic" },
  error: { type: "string", value: "<tag>", help: "what they were given up with" }
} as const

/** What may be shown of a letter: nothing that is personal. */
const shown = (tenant: string, id: string, { kind, name, at, tries, tag, owner }: DeadLetter) => ({
  tenant,
  id,
  kind,
  name,
  error: tag,
  at: instant(at),
  tries,
  ...(owner === undefined ? {} : { owner })
})

/** A page of a tenant's letters, with what the filters leave of it. */
const pageOf = async (
  { text }: Pick<Context, "text">,
  omni: App,
  tenant: string,
  part: { readonly limit?: number; readonly after?: string }
) => {
  const kind = oneOf("kind", text("kind"), kinds)
  const page = await omni.tenant(tenant).deadLetters({ ...part, ...(kind === undefined ? {} : { kind }) })
  const [name, tag] = [text("name"), text("error")]
  const items = page.items.filter(({ row }) => (name === undefined || row.name === name) && (tag === undefined || row.tag === tag))
  return { ...page, items }
}

export const lettersList: Command = {
  name: "dead-letters list",
  summary: "lists what was given up after its tries, the newest first",
  options: {
    ...filters,
    limit: { type: "string", value: "<count>", help: "looked through of each tenant; 50 unless told" },
    after: { type: "string", value: "<cursor>", help: "with --tenant: what comes after a page" }
  },
  run: async (context) => {
    const { opening, output, text } = context
    const omni = await opening.omni()
    const [limit, after] = [countOf("limit", text("limit")), text("after")]
    if (after !== undefined && text("tenant") === undefined)
      throw new UsageError({ message: "--after belongs to one tenant: say --tenant too." })
    const found: Array<ReturnType<typeof shown>> = []
    const more: Array<{ readonly tenant: string; readonly cursor: string }> = []
    for (const tenant of await tenantsOf(context, await opening.driver())) {
      const page = await pageOf(context, omni, tenant, {
        ...(limit === undefined ? {} : { limit }),
        ...(after === undefined ? {} : { after })
      })
      found.push(...page.items.map(({ id, row }) => shown(tenant, id, row)))
      if (page.cursor !== undefined) more.push({ tenant, cursor: page.cursor })
    }
    if (output.json) output.value({ items: found, more })
    else if (found.length === 0 && more.length === 0) output.line("There is no dead letter.")
    else {
      const rows = found.map(({ tenant, id, kind, name, error, at, tries }) => [
        id,
        plain(tenant),
        kind,
        plain(name),
        plain(error),
        String(tries),
        at
      ])
      output.table([["ID", "TENANT", "KIND", "NAME", "ERROR", "TRIES", "GIVEN UP"], ...rows])
      for (const { tenant, cursor } of more) output.line(`More: --tenant ${plain(tenant)} --after '${cursor}'`)
    }
    return 0
  }
}

const letterOf = async (
  context: Context,
  id: string
): Promise<{ readonly omni: App; readonly tenant: string; readonly letter: DeadLetter }> => {
  const { opening } = context
  const omni = await opening.omni()
  const driver = await opening.driver()
  const tenant = await tenantWith(context, driver, COLLECTION, id)
  const { rows } = await (await driver.open(tenant)).read([{ collection: COLLECTION, id }])
  // As it is stored: what is personal is sealed, and stays so.
  return { omni, tenant, letter: JSON.parse(rows[0]?.value ?? "{}") as DeadLetter }
}

export const lettersShow: Command = {
  name: "dead-letters show",
  args: "<id>",
  summary: "shows one dead letter",
  details: `What it says of a person stays sealed. --values shows what the timer, message or event of another app held, where it was not declared
to be personal.`,
  options: { values: { type: "boolean", help: "shows its input or payload too, unless it is personal" } },
  run: async (context) => {
    const { output, args, flag } = context
    const id = only(args, "the id of one dead letter")
    const { tenant, letter } = await letterOf(context, id)
    const open = letter.owner === undefined
    const { position, after } = letter
    const told = {
      ...shown(tenant, id, letter),
      ...(open && letter.error !== undefined ? { message: letter.error } : {}),
      ...(position === undefined ? {} : { event: { position, after } }),
      ...(flag("values") && open && letter.row !== undefined ? { values: letter.row } : {}),
      ...(open ? {} : { sealed: true })
    }
    if (output.json) output.value(told)
    else
      for (const [field, value] of Object.entries(told))
        output.line(`${output.style("bold", field.padEnd(8))} ${plain(typeof value === "object" ? JSON.stringify(value) : String(value))}`)
    return 0
  }
}

/** What became of a letter. What a refusal says may be of the person whose letter it is. */
interface Redriven {
  readonly tenant: string
  readonly id: string
  readonly redriven: boolean
  readonly error?: string
  readonly message?: string
}

/** Whether the app's own code is run at once. A timer or message only goes back to where it came from. */
const runsApp = ({ kind, row }: DeadLetter): boolean => kind === "event" || (typeof row === "object" && row !== null && "end" in row)

const redrive = async (omni: App, hasApp: boolean, tenant: string, id: string, letter: DeadLetter): Promise<Redriven> => {
  // What follows the delivery of somebody's message is sealed: its name tells.
  if (!hasApp && (runsApp(letter) || letter.name.endsWith(" (after delivery)")))
    throw new AppNeeded({ message: `To redrive ${id} is to run the app's own "${letter.name}". Name the app's module: --app <file>.` })
  try {
    await omni.tenant(tenant).redrive(id)
    return { tenant, id, redriven: true }
  } catch (error) {
    const { _tag: tag, message } = error as { readonly _tag?: string; readonly message?: string }
    if (tag === "StoreUnavailable") throw error
    return {
      tenant,
      id,
      redriven: false,
      error: tag ?? "Error",
      ...(letter.owner === undefined && message !== undefined ? { message } : {})
    }
  }
}

export const lettersRedrive: Command = {
  name: "dead-letters redrive",
  args: "[<id>…]",
  summary: "tries dead letters again: those that are named, or with --all those that fit",
  details: `An event is taken by its reactor at once, out of order, which needs --app. A timer or a message goes back to where it came from, and
is taken up by the app. What is refused once more stays, and makes the command end with 1.`,
  options: { ...filters, all: { type: "boolean", help: "all letters, or those of --kind, --name, --error" } },
  run: async (context) => {
    const { opening, output, args, flag, text } = context
    const filtered = Object.keys(filters).some((filter) => text(filter) !== undefined)
    if (flag("all") === args.length > 0) throw new UsageError({ message: "Name the ids of dead letters, or say --all." })
    if (filtered && !flag("all")) throw new UsageError({ message: "--kind, --name and --error go with --all." })
    const done: Array<Redriven> = []
    const take = async (omni: App, tenant: string, id: string, letter: DeadLetter): Promise<void> => {
      const redriven = await redrive(omni, opening.hasApp, tenant, id, letter)
      done.push(redriven)
      if (output.json) return
      const said = redriven.message === undefined ? "" : `: ${plain(redriven.message)}`
      output.line(redriven.redriven ? `${id} redriven` : `${id} ${output.style("red", "refused")} with ${redriven.error}${said}`)
    }
    if (flag("all")) await eachLetter(context, take)
    else
      for (const id of args) {
        const { omni, tenant, letter } = await letterOf(context, id)
        await take(omni, tenant, id, letter)
      }
    const refused = done.filter(({ redriven }) => !redriven).length
    if (output.json) output.value(done)
    else output.line(`${done.length - refused} redriven, ${refused} refused.`)
    return refused === 0 ? 0 : 1
  }
}

/** From the newest back, so that what is given up again meanwhile is not met again. */
const eachLetter = async (
  context: Context,
  work: (omni: App, tenant: string, id: string, letter: DeadLetter) => Promise<void>
): Promise<void> => {
  const omni = await context.opening.omni()
  for (const tenant of await tenantsOf(context, await context.opening.driver()))
    for (let after: string | undefined; ;) {
      const page = await pageOf(context, omni, tenant, after === undefined ? { limit: 200 } : { limit: 200, after })
      for (const { id, row } of page.items) await work(omni, tenant, id, row)
      if (page.cursor === undefined) break
      after = page.cursor
    }
}
