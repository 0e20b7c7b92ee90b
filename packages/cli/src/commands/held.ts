import type { Verdict } from "@omni/core"

import { countOf, oneOf, only, tenantsOf } from "../arguments.ts"
import type { Command } from "../command.ts"
import { UsageError } from "../errors.ts"
import { instant, plain } from "../output.ts"
import { tenantWith } from "./found.ts"

export const heldList: Command = {
  name: "held list",
  summary: "lists messages of which nobody knows whether they went out, the newest first",
  options: {
    limit: { type: "string", value: "<count>", help: "of each tenant; 50 unless told" },
    after: { type: "string", value: "<cursor>", help: "with --tenant: what comes after a page" }
  },
  run: async (context) => {
    const { opening, output, text } = context
    const omni = await opening.omni()
    const [limit, after] = [countOf("limit", text("limit")), text("after")]
    if (after !== undefined && text("tenant") === undefined)
      throw new UsageError({ message: "--after belongs to one tenant: say --tenant too." })
    const pages: Array<{ readonly tenant: string; readonly items: ReadonlyArray<object>; readonly cursor?: string }> = []
    for (const tenant of await tenantsOf(context, await opening.driver())) {
      const { items, cursor } = await omni
        .tenant(tenant)
        .heldMessages({ ...(limit === undefined ? {} : { limit }), ...(after === undefined ? {} : { after }) })
      const shown = items.map(({ id, row }) => ({
        id,
        topic: row.topic,
        heldSince: instant(row.held!),
        tries: row.tries,
        ...(row.owner === undefined ? {} : { owner: row.owner })
      }))
      pages.push({ tenant, items: shown, ...(cursor === undefined ? {} : { cursor }) })
      if (output.json) continue
      for (const { id, topic, heldSince, tries } of shown)
        output.line(`${id}  ${plain(tenant)}  ${plain(topic)}  since ${heldSince}  ${tries} tries`)
      if (cursor !== undefined) output.line(`More: --tenant ${tenant} --after '${cursor}'`)
    }
    if (output.json) output.value(pages)
    else if (pages.every(({ items }) => items.length === 0)) output.line("No message is held.")
    return 0
  }
}

const verdicts: ReadonlyArray<Verdict> = ["delivered", "retry", "failed"]

export const heldSettle: Command = {
  name: "held settle",
  args: "<id>",
  summary: "says what became of a held message: delivered, to be sent again, or given up",
  details: "As delivered or failed, what the app does at a message's end is run, for which it needs --app.",
  options: { as: { type: "string", value: "<verdict>", help: "delivered, retry or failed" } },
  run: async (context) => {
    const { opening, output, args, text } = context
    const id = only(args, "the id of one held message")
    const verdict = oneOf("as", text("as"), verdicts)
    if (verdict === undefined) throw new UsageError({ message: "What became of it? Say --as delivered, --as retry or --as failed." })
    const omni =
      verdict === "retry"
        ? await opening.omni()
        : await opening.app(`A message that was ${verdict} may have an operation of the app run at its end.`)
    const tenant = await tenantWith(context, await opening.driver(), "omni.messages", id)
    await omni.tenant(tenant).settleMessage(id, verdict)
    if (output.json) output.value({ tenant, id, verdict })
    else output.line(verdict === "retry" ? `${id} is sent again.` : `${id} is settled as ${verdict}.`)
    return 0
  }
}
