import type { StoreDriver } from "@omni/core"

import { tenantsOf } from "../arguments.ts"
import type { Context } from "../command.ts"
import { UsageError } from "../errors.ts"

const names: { readonly [collection: string]: string } = { "omni.messages": "held message", "omni.dead-letters": "dead letter" }

/** The tenant that has a row of this id: ids are never used twice. */
export const tenantWith = async (context: Pick<Context, "text">, driver: StoreDriver, collection: string, id: string): Promise<string> => {
  for (const tenant of await tenantsOf(context, driver)) {
    const { rows } = await (await driver.open(tenant)).read([{ collection, id }])
    if (rows[0] !== undefined) return tenant
  }
  throw new UsageError({ message: `There is no ${names[collection]} "${id}".` })
}
